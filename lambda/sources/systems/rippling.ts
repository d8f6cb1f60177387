import * as z from 'zod/mini';
import { parse, readJson } from '../../domain/parse.ts';
import { id, NOW, perhapsTerminated, terminated, timingSettings } from '../hr.ts';
import { identify } from '../identify.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const envelope = z.object({ event_name: z.string() });

const happened = z.object({ event_name: z.string(), id });

/**
 * Rippling: docs/sources/rippling.md. `employee.deleted` is no termination: it comes whenever a rule takes access to an employee's
 * data away.
 */
export const rippling = defineSystem({
  scheme: { kind: 'bearer' },
  settings: z.strictObject(timingSettings),
  answers: PLAIN_200,
  read: (text) => (text.trimStart().startsWith('{') ? readJson(text, 'delivery') : Object.fromEntries(new URLSearchParams(text))),
  understand(body, { settings, ...about }) {
    if (parse(envelope, body, 'event').event_name !== 'employee.terminated') return { events: [], ignored: 1 };

    const who = { sourceId: parse(happened, body, 'event').id };
    const told = settings.comes === 'when-due' ? terminated(who, { settings, effective: NOW }) : perhapsTerminated(who, {});
    return { events: identify([told], about), ignored: 0 };
  },
});
