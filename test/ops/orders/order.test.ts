import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { toInstant, toMillis } from '../../../lambda/domain/time/time.ts';
import { judge, type Order } from '../../../ops/orders/order.ts';
import { aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';

const NOW = toMillis('2026-11-24T13:00:00Z');
const ago = (minutes: number) => toInstant(NOW - minutes * 60_000);

const aWait = (until: string) => ({ since: ago(60), attempts: 3, until, code: 'unreachable', saw: 'no answer' });
const held = (guard: string, saw = 'something'): Partial<LedgerEntry> => ({
  status: 'held',
  reason: guard,
  hold: { guard, saw, releasing: 'does what it does' },
});
const ambiguous = held('ambiguous', `2 users match by emailAddr: ${guid(1)}, ${guid(2)}`);

const verdictOf = (entry: Partial<LedgerEntry>, order: Partial<Order> & Pick<Order, 'kind'>) =>
  judge(anEntry(aTermination(), { updatedAt: ago(1), ...entry }), { reason: 'because', ...order }, NOW);

describe('a release', () => {
  it.each([
    { what: 'a guard that can be released', entry: held('protected'), order: {}, verdict: 'act' },
    { what: 'a rescission that was too late', entry: held('rescinded-after-deactivation'), order: {}, verdict: 'act' },
    { what: 'brake, asked again', entry: held('brake'), order: { recheck: true }, verdict: 'act' },
    { what: 'own-goal', entry: held('own-goal'), order: {}, verdict: 'refused' },
    { what: 'wrong-tenant', entry: held('wrong-tenant'), order: {}, verdict: 'refused' },
    { what: 'wrong-tenant that was fixed', entry: held('wrong-tenant'), order: { recheck: true }, verdict: 'act' },
    { what: 'ambiguous without a user', entry: ambiguous, order: {}, verdict: 'refused' },
    { what: 'ambiguous without a user, rechecked', entry: ambiguous, order: { recheck: true }, verdict: 'refused' },
    { what: 'ambiguous with one of the users', entry: ambiguous, order: { userId: guid(2) }, verdict: 'act' },
    { what: 'ambiguous with another user', entry: ambiguous, order: { userId: guid(3) }, verdict: 'refused' },
    { what: 'another guard with a user', entry: held('brake'), order: { userId: guid(1) }, verdict: 'refused' },
    { what: 'what failed', entry: { status: 'failed' as const }, order: {}, verdict: 'refused' },
    { what: 'what is in work', entry: { status: 'processing' as const }, order: {}, verdict: 'nothing' },
    { what: 'what is finished', entry: { status: 'deactivated' as const }, order: {}, verdict: 'nothing' },
  ])('of $what: $verdict', ({ entry, order, verdict }) => {
    expect(verdictOf(entry, { kind: 'release', ...order }).kind).toBe(verdict);
  });

  it('that is refused says what to do instead', () => {
    expect(verdictOf(held('own-goal', 'user 1 owns the Workfront credential'), { kind: 'release' })).toEqual({
      kind: 'refused',
      why: 'own-goal cannot be released. user 1 owns the Workfront credential. Releasing does what it does with --recheck',
    });
  });
});

describe('on an event whose user came back', () => {
  const returned: Partial<LedgerEntry> = { status: 'returned', workfrontUserId: guid(1), updatedAt: ago(600) };

  it.each([
    { kind: 'deactivate-again' as const, verdict: 'act' },
    { kind: 'accept' as const, verdict: 'act' },
    { kind: 'replay' as const, verdict: 'refused' },
    { kind: 'cancel' as const, verdict: 'refused' },
    { kind: 'reject' as const, verdict: 'refused' },
    { kind: 'reopen' as const, verdict: 'refused' },
    { kind: 'release' as const, verdict: 'nothing' },
  ])('$kind: $verdict', ({ kind, verdict }) => {
    expect(verdictOf(returned, { kind }).kind).toBe(verdict);
  });

  it.each(['held', 'failed', 'scheduled', 'processing'] as const)('and not on one that is %s', (status) => {
    expect(verdictOf({ ...held('brake'), status }, { kind: 'deactivate-again' }).kind).toBe('refused');
    expect(verdictOf({ ...held('brake'), status }, { kind: 'accept' }).kind).toBe('refused');
  });
});

describe('a rejection', () => {
  it.each([
    { status: 'held' as const, verdict: 'act' },
    { status: 'rejected' as const, verdict: 'nothing' },
    { status: 'deactivated' as const, verdict: 'nothing' },
    { status: 'failed' as const, verdict: 'refused' },
    { status: 'scheduled' as const, verdict: 'refused' },
  ])('of what is $status: $verdict', ({ status, verdict }) => {
    expect(verdictOf({ ...held('brake'), status }, { kind: 'reject' }).kind).toBe(verdict);
  });
});

describe('a cancellation', () => {
  it.each([
    { what: 'scheduled', entry: { status: 'scheduled' as const }, verdict: 'act' },
    { what: 'held', entry: held('brake'), verdict: 'act' },
    { what: 'failed', entry: { status: 'failed' as const }, verdict: 'act' },
    { what: 'waiting out trouble', entry: { status: 'processing' as const, waiting: aWait(ago(-5)) }, verdict: 'act' },
    { what: 'being worked on', entry: { status: 'processing' as const, lease: { owner: 'w', until: ago(-1) } }, verdict: 'refused' },
    {
      what: 'waiting in the middle of a write',
      entry: { status: 'processing' as const, waiting: aWait(ago(-5)), intent: { userId: guid(1), at: ago(5) } },
      verdict: 'refused',
    },
    { what: 'deactivated', entry: { status: 'deactivated' as const }, verdict: 'nothing' },
  ])('of what is $what: $verdict', ({ entry, verdict }) => {
    expect(verdictOf(entry, { kind: 'cancel' }).kind).toBe(verdict);
  });
});

describe('a replay', () => {
  it.each([
    { what: 'failed', entry: { status: 'failed' as const }, verdict: 'act' },
    { what: 'held', entry: held('brake'), verdict: 'refused' },
    { what: 'finished', entry: { status: 'already-inactive' as const }, verdict: 'nothing' },
    { what: 'being worked on', entry: { status: 'processing' as const }, verdict: 'nothing' },
    {
      what: 'waiting for its next try',
      entry: { status: 'processing' as const, updatedAt: ago(99), waiting: aWait(ago(-5)) },
      verdict: 'nothing',
    },
    {
      what: 'long past its next try',
      entry: { status: 'processing' as const, updatedAt: ago(99), waiting: aWait(ago(16)) },
      verdict: 'act',
    },
    { what: 'untouched for long', entry: { status: 'received' as const, updatedAt: ago(16) }, verdict: 'act' },
    {
      what: 'scheduled for later',
      entry: { status: 'scheduled' as const, updatedAt: ago(999), effectiveAt: ago(-999) },
      verdict: 'nothing',
    },
    { what: 'scheduled and overdue', entry: { status: 'scheduled' as const, effectiveAt: ago(16) }, verdict: 'act' },
  ])('of what is $what: $verdict', ({ entry, verdict }) => {
    expect(verdictOf(entry, { kind: 'replay' }).kind).toBe(verdict);
  });
});
