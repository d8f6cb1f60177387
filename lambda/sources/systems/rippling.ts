import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { readExactJson } from '../exact-json.ts';
import { id, NOW, possibleTermination, termination, timingSettings } from '../hr.ts';
import { identify } from '../identify.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const envelope = z.object({ event_name: z.string() });

const details = z.object({ event_name: z.string(), id });

/**
 * Rippling: docs/sources/rippling.md. `employee.deleted` is not a termination: Rippling sends it whenever a rule ends our access to an
 * employee's data.
 */
export const rippling = defineSystem({
  scheme: { kind: 'bearer' },
  settings: z.strictObject(timingSettings),
  answers: PLAIN_200,
  read: (text) => (text.trimStart().startsWith('{') ? readExactJson(text, 'delivery') : Object.fromEntries(new URLSearchParams(text))),
  understand(body, { settings, ...origin }) {
    if (parse(envelope, body, 'event').event_name !== 'employee.terminated') return { events: [], ignored: 1 };

    const who = { sourceId: parse(details, body, 'event').id };
    const event = settings.comes === 'when-due' ? termination(who, { settings, effective: NOW }) : possibleTermination(who, {});
    return { events: identify([event], origin), ignored: 0 };
  },
});
