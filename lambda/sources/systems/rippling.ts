import * as z from 'zod/mini';
import { sourceEventId } from '../../domain/event/hr-event.ts';
import { InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { NOW, onDate } from '../dates.ts';
import { readExactJson } from '../exact-json.ts';
import { path, personAt, personPaths, textAt } from '../field-mapping.ts';
import { doubtSettings, id, possibleTermination, termination, timingSettings } from '../hr.ts';
import { identify, type UnidentifiedEvent } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
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
 * employee's data.
 */
export const rippling = defineSystem({
  scheme: { kind: 'bearer' },
  settings,
  sendsNumbers: ({ workflow }) => workflow?.employeeNumber !== undefined,
  answers: PLAIN_200,
  read: (text) => (text.trimStart().startsWith('{') ? readExactJson(text, 'delivery') : Object.fromEntries(new URLSearchParams(text))),
  understand(body, { settings, ...origin }) {
    const isOwn = typeof body === 'object' && body !== null && !('event_name' in body);
    const events = isOwn ? [workflowEvent(body, settings)] : webhookEvents(body, settings);
    return { events: identify(events, origin), ignored: events.length === 0 ? 1 : 0 };
  },
});

function webhookEvents(body: unknown, settings: Settings): UnidentifiedEvent[] {
  const { event_name: name } = parse(envelope, body, 'event');
  const isTermination = name === 'employee.terminated';
  if (!isTermination && !soundsLikeLeaving(name)) return [];

  const who = { sourceId: parse(details, body, 'event').id };
  return [isTermination && settings.comes === 'when-due' ? termination(who, { settings, effective: NOW }) : possibleTermination(who, {})];
}

/** @throws InvalidInput if the stage does not describe such bodies */
function workflowEvent(body: object, settings: Settings): UnidentifiedEvent {
  const { workflow } = settings;
  if (workflow === undefined || Array.isArray(body))
    throw new InvalidInput(
      'event: expected event_name, got none; if the Workflow Studio wrote this, say in settings.workflow what its fields mean',
    );
  const rest = { id: idAt(body, workflow.id), settings };
  const who = personAt(body, workflow, 'event');
  if (workflow.effectiveDate === undefined) return termination(who, { ...rest, effective: NOW });
  const date = textAt(body, workflow.effectiveDate, 'event: effectiveDate');
  if (date === undefined) throw new InvalidInput(`event: expected a date at ${workflow.effectiveDate}, got none`);
  return termination(who, { ...rest, effective: onDate(date, settings), doubt: 'withdrawable' });
}

function idAt(body: object, where: string | undefined): string | undefined {
  const own = textAt(body, where, 'event: id');
  return own === undefined ? undefined : parse(sourceEventId, own, 'event: id');
}
