import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GUARD_NAMES } from '../../../lambda/domain/deactivate/guards/order.ts';
import {
  CANCEL_REASONS,
  FAILURE_REASONS,
  HOLD_REASONS,
  INACTIVE_REASONS,
  NO_ACCOUNT_REASONS,
  RESCISSION_REASONS,
  UNDO_REFUSALS,
  WAIT_REASONS,
} from '../../../lambda/domain/event/event-reason.ts';

const LISTS = 'event-reason.ts';
/** What follows a deactivation has reasons of its own, in its own record: docs/admin-console.md. */
const OF_CONSOLE = 'console-access/';

const codeIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith(LISTS) && !file.startsWith(OF_CONSOLE))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');

const worker = ['lambda/domain', 'lambda/workfront', 'lambda/sources'].map(codeIn).join('\n');
/** Also the readers of secrets, whose failures the worker passes on, and the orders of operators. */
const everything = [worker, codeIn('lambda/aws'), codeIn('ops/orders')].join('\n');

const found = (pattern: RegExp, code = worker): string[] => [...new Set([...code.matchAll(pattern)].map(([, one = '']) => one))];

const thrown = (classes: string): string[] => found(new RegExp(`new (?:${classes})\\(\\s*'([a-z-]+)'`, 'g'));

describe('the reasons of events', () => {
  it('have every guard, and every other hold', () => {
    const holds = found(/guard: '([a-z-]+)'/g);

    expect(holds.length).toBeGreaterThan(2);
    expect([...HOLD_REASONS].sort()).toEqual([...new Set([...GUARD_NAMES, ...holds])].sort());
  });

  it('have every failure', () => {
    const failures = thrown('PermanentFailure');

    expect(failures.length).toBeGreaterThan(5);
    expect(failures.filter((code) => ![...FAILURE_REASONS, ...UNDO_REFUSALS].some((reason) => reason === code))).toEqual([]);
  });

  it('have everything that an event can wait for', () => {
    const waits = thrown('TransientFailure|CredentialFailure|StageFailure|Blocked');

    expect(waits.length).toBeGreaterThan(15);
    expect(waits.filter((code) => !WAIT_REASONS.some((reason) => reason === code))).toEqual([]);
  });

  it('have every other reason that an ended event is given', () => {
    const byWorker = found(/\breason: '([a-z-]+)'/g, codeIn('lambda/domain/deactivate'));
    const byOperators = found(/'cancelled'[^;]*? reason: '([a-z-]+)'/g, codeIn('ops/orders'));

    expect([...CANCEL_REASONS, ...NO_ACCOUNT_REASONS, ...INACTIVE_REASONS, ...RESCISSION_REASONS].sort()).toEqual(
      [...byWorker, ...byOperators].sort(),
    );
  });

  it.each([
    ...HOLD_REASONS,
    ...CANCEL_REASONS,
    ...FAILURE_REASONS,
    ...WAIT_REASONS,
    ...NO_ACCOUNT_REASONS,
    ...INACTIVE_REASONS,
    ...RESCISSION_REASONS,
  ])('have no reason that the code does not have: %s', (code) => {
    expect(everything.includes(`'${code}'`)).toBe(true);
  });
});
