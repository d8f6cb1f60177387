import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { commonSettings, id, possibleTermination } from '../hr.ts';
import { identify } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...commonSettings,
  /** The events that may be a termination. None of them says so, and some are sent because access to the data ended: HR is asked. */
  ask: z._default(z.array(z.string()), ['employment.updated', 'employment.deleted', 'directory.deleted']),
});

const envelope = z.object({ event_type: z.string() });

const details = z.object({ data: z.object({ individual_id: id }) });

/** Finch: docs/sources/finch.md. Standard Webhooks with other header names (`src/resources/webhooks.ts` of its Node.js library). */
export const finch = defineSystem({
  scheme: {
    kind: 'standard-webhooks',
    idHeader: 'finch-event-id',
    timestampHeader: 'finch-timestamp',
    signatureHeader: 'finch-signature',
  },
  settings,
  answers: PLAIN_200,
  understand(body, { settings, ...origin }) {
    const { event_type: type } = parse(envelope, body, 'event');
    if (!settings.ask.includes(type) && !soundsLikeLeaving(type)) return { events: [], ignored: 1 };

    const { individual_id: sourceId } = parse(details, body, 'event').data;
    return { events: identify([possibleTermination({ sourceId }, {})], origin), ignored: 0 };
  },
});
