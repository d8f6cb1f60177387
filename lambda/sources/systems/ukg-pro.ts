import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { NOW } from '../dates.ts';
import { doubtSettings, id, possibleTermination, rescission, termination, timingSettings } from '../hr.ts';
import { identify, type UnidentifiedEvent } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...timingSettings,
  ...doubtSettings,
  /** Names of events, from the catalogue of your tenant. These defaults are assumed. */
  terminations: z._default(z.array(z.string()), ['EmployeeTerminationEvent', 'EmployeeTerminatedEvent']),
  rescissions: z._default(z.array(z.string()), ['EmployeeRehireEvent', 'EmployeeReinstatementEvent']),
  /** Events that may be a termination or a leave, a transfer, a new contract: HR is asked. */
  ask: z._default(z.array(z.string()), ['EmployeeEmploymentChangeEvent', 'EmployeeStatusChangeEvent']),
});

const envelope = z.object({ EventType: z.string() });

const details = z.object({
  EventId: id,
  EventTime: z.string(),
  EventType: z.string(),
  Operation: z.nullish(z.string()),
  Payload: z.object({ EeId: id }),
  Tenant: z.optional(z.string()),
});

/**
 * UKG Pro: docs/sources/ukg-pro.md. "UKG Webhooks Events Catalog", UKG developer documentation. A transfer to another component company ends
 * the record in the old one, and somebody may be active in several ("Transfer Employees (U.S.) Guide", UKG library).
 */
export const ukgPro = defineSystem({
  scheme: undefined,
  settings,
  answers: PLAIN_200,
  understand(body, { settings, ...origin }) {
    const { EventType: type } = parse(envelope, body, 'event');
    const isTermination = settings.terminations.includes(type);
    const isRescission = settings.rescissions.includes(type);
    if (!isTermination && !isRescission && !settings.ask.includes(type) && !soundsLikeLeaving(type)) return { events: [], ignored: 1 };

    const { EventId, EventTime, Operation, Payload } = parse(details, body, 'event');
    const who = { sourceId: Payload.EeId };
    const rest = { id: String(EventId), occurredAt: EventTime };
    const event = (): UnidentifiedEvent => {
      // To delete the row of a termination is to withdraw it.
      if (isRescission || (isTermination && Operation?.match(/^deleted?$/i))) return rescission(who, { ...rest, settings });
      if (!isTermination || settings.comes === 'when-recorded') return possibleTermination(who, rest);
      return termination(who, { ...rest, settings, effective: NOW, doubt: 'one-employment' });
    };
    return { events: identify([event()], origin), ignored: 0 };
  },
});
