import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GUARD_NAMES } from '../../lambda/domain/deactivate/guards/order.ts';
import { EVENT_STATUSES, mayMove } from '../../lambda/domain/event/event-status.ts';
import { outcomeEvent, outcomeEventOf } from '../../lambda/domain/event/outcome-event.ts';
import { REASONS } from '../../lambda/handlers/problem.ts';
import { aTermination } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';

const text = readFileSync('docs/events.md', 'utf8');
const named = new Set([...text.matchAll(/`([a-z-]+)`/g)].map(([, word]) => word));
const block = (language: string, holds: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))]
    .map(([, one = '']) => one)
    .find((one) => one.includes(holds)) ?? '';

/** Every code that a failure is thrown with, as the source has it. */
const codes = ['lambda/domain', 'lambda/workfront', 'lambda/sources'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/new (?:\w+Failure|Blocked)\(\s*'([a-z-]+)'/g)].map(([, code = '']) => code),
    ),
);

describe('docs/events.md', () => {
  it('draws every arrow between statuses, and no other', () => {
    const drawn = [...block('mermaid', 'flowchart').matchAll(/^\s*([a-z-]+) -->(?:\|\w+\|)? ([a-z-]+)$/gm)].map(
      ([, from, to]) => `${from} ${to}`,
    );
    const arrows = EVENT_STATUSES.flatMap((from) => EVENT_STATUSES.filter((to) => mayMove(from, to)).map((to) => `${from} ${to}`));

    expect(drawn.sort()).toEqual(arrows.sort());
  });

  it.each(EVENT_STATUSES)('says what a status means: %s', (status) => {
    expect(text).toMatch(new RegExp(`^\\| \`${status}\` \\|`, 'm'));
  });

  it('names every guard', () => {
    expect(GUARD_NAMES.filter((name) => !named.has(name))).toEqual([]);
  });

  it('names every reason to fail or wait', () => {
    expect(codes.length).toBeGreaterThan(20);
    expect([...new Set(codes)].filter((code) => !named.has(code))).toEqual([]);
  });

  it("names every one of the receiver's reasons", () => {
    expect(Object.keys(REASONS).filter((reason) => !named.has(reason))).toEqual([]);
  });

  it('has an outcome event that is one, with every field', () => {
    const example: unknown = JSON.parse(block('json', '"version": 1,'));

    expect(outcomeEvent.parse(example)).toEqual(example);
    const fields = Object.keys(outcomeEvent.shape).filter((field) => !text.includes(`\`${field}\``));
    expect(fields).toEqual([]);
  });

  it('has the outcome event of such an entry', () => {
    const example = outcomeEvent.parse(JSON.parse(block('json', '"version": 1,')));
    const { source, eventId, receivedAt, effectiveAt, workfrontUserId, at } = example;
    const history = [{ at, to: 'deactivated' as const, by: 'worker', why: 'done' }];
    const entry = anEntry(aTermination(), { source, eventId, receivedAt, version: 5, status: 'deactivated', history });

    expect(outcomeEventOf({ ...entry, effectiveAt, workfrontUserId }, 'production')).toEqual(example);
  });
});
