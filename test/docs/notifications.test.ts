import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { outcomeEventOf } from '../../lambda/domain/event/outcome-event.ts';
import { testOutcome } from '../../lambda/domain/event/test-outcome.ts';
import { aTermination } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';

const text = readFileSync('docs/notifications.md', 'utf8');
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block = '']) => block);

const pattern = z.object({ detail: z.record(z.string(), z.array(z.unknown())) });
const TEST = testOutcome({ kind: 'test-outcome', source: 'ops-test', eventId: 'ops-test-1', at: '2026-11-24T12:00:00.000Z', by: 'ana' });

/** Whether an EventBridge pattern of values and `exists` matches the detail of an event. */
function matches(block: string, detail: object): boolean {
  return Object.entries(pattern.parse(JSON.parse(block)).detail).every(([field, allowed]) => {
    const value = Object(detail)[field];
    return allowed.some((one) => (typeof one === 'object' ? Object(one).exists === (value !== undefined) : one === value));
  });
}

describe('docs/notifications.md', () => {
  it('has a pattern that matches the test outcome, and no event without a manager', () => {
    const [block = ''] = blocks('json');

    expect(matches(block, outcomeEventOf(TEST, 'test') ?? {})).toBe(true);
    expect(matches(block, outcomeEventOf({ ...TEST, placement: {} }, 'test') ?? {})).toBe(false);
    expect(matches(block, outcomeEventOf(anEntry(aTermination(), { status: 'held' }), 'test') ?? {})).toBe(false);
  });

  it('reads only fields that an outcome event has', () => {
    const held = outcomeEventOf(anEntry(aTermination(), { status: 'held', reason: 'brake' }), 'test') ?? {};
    const read = [...text.matchAll(/"\$\.detail\.(\w+)"/g)].map(([, field = '']) => field);

    expect(read.length).toBeGreaterThan(3);
    expect(read.filter((field) => !(field in held))).toEqual([]);
  });

  it('uses every resource and parameter that its templates declare, and declares all that they use', () => {
    for (const block of blocks('yaml')) {
      const declared = [...block.matchAll(/^ {2}(\w+):/gm)].map(([, name = '']) => name);
      const used = [...block.matchAll(/!(?:Ref|GetAtt) (\w+)/g)].map(([, name = '']) => name);

      expect(declared.length).toBeGreaterThan(3);
      expect(used.filter((name) => !declared.includes(name))).toEqual([]);
    }
  });
});
