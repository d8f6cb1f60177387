import * as z from 'zod/mini';
import { sourceEventId } from '../../domain/event/hr-event.ts';
import { InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { NOW, onDate } from '../dates.ts';
import { readExactJson } from '../exact-json.ts';
import { path, personAt, personPaths, textAt } from '../field-mapping.ts';
import { doubtSettings, id, possibleTermination, termination, timingSettings } from '../hr.ts';
import type { UnidentifiedEvent } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import { readItems } from '../read-items.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z
  .strictObject({
    ...timingSettings,
    ...doubtSettings,
    /** The fields of a body that you wrote yourself in the Workflow Studio. The workflow runs if somebody leaves: every body is a leaving. */
    workflow: z.optional(z.strictObject({ ...personPaths, id: z.optional(path), effectiveDate: z.optional(path) })),
  })
  .check(
    z.refine(
      ({ comes, workflow }) => workflow === undefined || workflow.effectiveDate !== undefined || comes === 'when-due',
      'workflow.effectiveDate, or comes: "when-due" if the workflow runs on the last day',
    ),
  );

type Settings = z.infer<typeof settings>;

const envelope = z.object({ event_name: z.string() });

const details = z.object({ event_name: z.string(), id });

/**
 * Rippling: docs/sources/rippling.md. `employee.deleted` is not a termination: Rippling sends it whenever a rule ends our access to an
 * employee's data. One user may have several workers ("List workers", Rippling REST API), and an event names one.
 */
export const rippling = defineSystem({
  scheme: { kind: 'bearer' },
  settings,
  sendsNumbers: ({ workflow }) => workflow?.employeeNumber !== undefined,
  answers: PLAIN_200,
  read: (text) => (/^\s*[{[]/.test(text) ? readExactJson(text, 'delivery') : Object.fromEntries(new URLSearchParams(text))),
  understand(body, { settings, ...origin }) {
    // A workflow may post a list.
    const whereOf = (index: number) => (Array.isArray(body) ? `event ${index}` : 'event');
    return readItems([body].flat(), (one, index) => eventsOf(one, whereOf(index), settings), origin);
  },
});

function eventsOf(one: unknown, where: string, settings: Settings): UnidentifiedEvent[] {
  const isOwn = typeof one === 'object' && one !== null && !('event_name' in one);
  return isOwn ? [workflowEvent(one, where, settings)] : webhookEvents(one, where, settings);
}

function webhookEvents(body: unknown, where: string, settings: Settings): UnidentifiedEvent[] {
  const { event_name: name } = parse(envelope, body, where);
  const isTermination = name === 'employee.terminated';
  if (!isTermination && !soundsLikeLeaving(name)) return [];

  const who = { sourceId: parse(details, body, where).id };
  const isDue = isTermination && settings.comes === 'when-due';
  return [isDue ? termination(who, { settings, where, effective: NOW, doubt: 'one-employment' }) : possibleTermination(who, { where })];
}

/** @throws InvalidInput if the stage does not describe such bodies */
function workflowEvent(body: object, where: string, settings: Settings): UnidentifiedEvent {
  const { workflow } = settings;
  if (workflow === undefined || Array.isArray(body))
    throw new InvalidInput(
      `${where}: expected event_name, got none; if the Workflow Studio wrote this, say in settings.workflow what its fields mean`,
    );
  const own = textAt(body, workflow.id, `${where}: id`);
  const ownId = own === undefined ? undefined : parse(sourceEventId, own, `${where}: id`);
  const rest = { id: ownId, where, settings, doubt: 'one-employment' as const };
  const who = personAt(body, workflow, where);
  if (workflow.effectiveDate === undefined) return termination(who, { ...rest, effective: NOW });
  const date = textAt(body, workflow.effectiveDate, `${where}: effectiveDate`);
  if (date === undefined) throw new InvalidInput(`${where}: expected a date at ${workflow.effectiveDate}, got none`);
  return termination(who, { ...rest, effective: onDate(date, settings, where) });
}
