import { describe, expect, it } from '@jest/globals';
import {
  admit,
  afterAnswer,
  afterFailure,
  afterIdleProbe,
  afterRefusals,
  afterSearch,
  afterWrite,
  type CircuitRecord,
  CLOSED_CIRCUIT,
} from '../../../lambda/domain/stage/circuit.ts';
import { MINUTE, SECOND, toInstant, toMillis } from '../../../lambda/domain/time/time.ts';

const NOW = toMillis('2026-11-24T12:00:00Z');
const failing = (times: number, record: CircuitRecord = CLOSED_CIRCUIT) =>
  Array(times)
    .fill('timeout')
    .reduce<CircuitRecord>((last, saw) => afterFailure(last, { cause: 'trouble', saw }, NOW), record);
const probeAfter = ({ open }: CircuitRecord) => (open === undefined ? undefined : (toMillis(open.probeAt) - NOW) / SECOND);

describe('the circuit', () => {
  it('lets go while Workfront is well', () => {
    expect(admit(CLOSED_CIRCUIT, NOW)).toEqual({ kind: 'go' });
  });

  it.each([1, 2, 3, 4])('lets go after %d failures', (times) => {
    expect(admit(failing(times), NOW)).toEqual({ kind: 'go' });
  });

  it('opens at the fifth failure', () => {
    expect(failing(5).open).toEqual({ cause: 'trouble', since: toInstant(NOW), probeAt: toInstant(NOW + 15 * SECOND), saw: 'timeout' });
    expect(admit(failing(5), NOW)).toEqual({ kind: 'wait', untilMillis: NOW + 15 * SECOND, cause: 'trouble', saw: 'timeout' });
  });

  it.each(['credentials', 'stage'] as const)('opens at once for a minute and a half: %s', (cause) => {
    const record = afterFailure(CLOSED_CIRCUIT, { cause, saw: 'refused' }, NOW);

    expect(admit(record, NOW)).toEqual({ kind: 'wait', untilMillis: NOW + 90 * SECOND, cause, saw: 'refused' });
  });

  it.each([
    { failures: 5, seconds: 15 },
    { failures: 6, seconds: 30 },
    { failures: 7, seconds: 60 },
    { failures: 8, seconds: 90 },
    { failures: 5000, seconds: 90 },
  ])('waits $seconds s for the next probe after $failures failures', ({ failures, seconds }) => {
    expect(probeAfter(failing(failures))).toBe(seconds);
  });

  it('does not wait longer for a credential, however often it is refused', () => {
    const often = Array(50)
      .fill('refused')
      .reduce<CircuitRecord>((last, saw) => afterFailure(last, { cause: 'credentials', saw: saw }, NOW), CLOSED_CIRCUIT);

    expect(probeAfter(often)).toBe(90);
  });

  it('lets one probe through when it is time, and nobody else until the next', () => {
    const open = failing(5);
    const time = NOW + 15 * SECOND;

    const early = admit(open, time - 1);
    const first = admit(open, time);
    const second = first.kind === 'probe' ? admit(first.record, time) : undefined;

    expect(early.kind).toBe('wait');
    expect(first.kind).toBe('probe');
    expect(second).toEqual({ kind: 'wait', untilMillis: time + 15 * SECOND, cause: 'trouble', saw: 'timeout' });
  });

  it('remembers since when, as long as the cause is the same', () => {
    const later = afterFailure(failing(5), { cause: 'trouble', saw: 'reset' }, NOW + MINUTE);

    expect(later.open).toMatchObject({ since: toInstant(NOW), saw: 'reset' });
  });

  it('begins again when the cause changes', () => {
    const later = afterFailure(failing(5), { cause: 'credentials', saw: 'refused' }, NOW + MINUTE);

    expect(later.open).toMatchObject({ cause: 'credentials', since: toInstant(NOW + MINUTE) });
  });

  it('stays open for the credential while there is a little trouble too', () => {
    const refused = afterFailure(CLOSED_CIRCUIT, { cause: 'credentials', saw: 'refused' }, NOW);

    expect(afterFailure(refused, { cause: 'trouble', saw: 'timeout' }, NOW).open).toEqual(refused.open);
  });
});

describe('the circuit of a stage that refuses everybody', () => {
  const refusals = [{ at: toInstant(NOW), code: 'forbidden', userId: 'u1', source: 'hr', eventId: 'e1' }];
  const alone = refusals.map((one) => ({ ...one, alone: true as const }));
  const open = (record: CircuitRecord = { failures: 0, refusals }) => afterRefusals(record, 'forbidden', NOW);

  it('opens under the code, until a write takes effect', () => {
    expect(open()).toEqual({
      failures: 0,
      refusals,
      open: { cause: 'stage', since: toInstant(NOW), probeAt: toInstant(NOW + 90 * SECOND), saw: 'forbidden', endedBy: 'write' },
    });
  });

  it.each([
    { what: 'the same', before: open(), since: NOW },
    { what: 'of another code', before: afterRefusals({ failures: 0 }, 'refused', NOW), since: NOW + MINUTE },
    {
      what: 'of the credential',
      before: afterFailure(CLOSED_CIRCUIT, { cause: 'credentials', saw: 'forbidden' }, NOW),
      since: NOW + MINUTE,
    },
    { what: 'at a search', before: afterFailure(CLOSED_CIRCUIT, { cause: 'stage', saw: 'forbidden' }, NOW), since: NOW + MINUTE },
    { what: 'not there', before: CLOSED_CIRCUIT, since: NOW + MINUTE },
  ])('remembers since when, if the trouble was $what', ({ before, since }) => {
    expect(afterRefusals(before, 'forbidden', NOW + MINUTE).open).toMatchObject({
      since: toInstant(since),
      probeAt: toInstant(NOW + MINUTE + 90 * SECOND),
    });
  });

  it('keeps who was refused, whatever trouble comes beside it', () => {
    expect(afterFailure(open(), { cause: 'trouble', saw: 'timeout' }, NOW)).toEqual({ ...open(), failures: 1 });
    expect(afterFailure(open(), { cause: 'stage', saw: 'redirected' }, NOW)).toMatchObject({ refusals, open: { saw: 'redirected' } });
    expect(afterFailure(open(), { cause: 'stage', saw: 'redirected' }, NOW).open).not.toHaveProperty('endedBy');
  });

  it.each([
    { what: 'is no news to one that is well', before: CLOSED_CIRCUIT, after: undefined },
    { what: 'is no news to one that knows refusals', before: { failures: 0, refusals }, after: undefined },
    { what: 'is no news to one that only a write ends', before: open(), after: undefined },
    { what: 'ends failures, and keeps what only a write ends', before: { ...open(), failures: 3 }, after: open() },
    { what: 'ends failures that opened nothing', before: { failures: 3, refusals }, after: { failures: 0, refusals } },
    { what: 'ends trouble at a search', before: afterFailure(CLOSED_CIRCUIT, { cause: 'stage', saw: 'x' }, NOW), after: { failures: 0 } },
    {
      what: 'ends trouble without failures',
      before: { failures: 0, open: { ...open().open, endedBy: undefined } } as CircuitRecord,
      after: { failures: 0 },
    },
  ])('a turn without trouble $what', ({ before, after }) => {
    expect(afterAnswer(before)).toEqual(after);
  });

  it.each([
    { what: 'is no news to one that is well', before: CLOSED_CIRCUIT, after: undefined },
    { what: 'does not end failures, which may be of writes', before: failing(3), after: undefined },
    { what: 'does not end trouble, which may be with writes', before: failing(5), after: undefined },
    { what: 'is no news to one that only a write ends', before: open(), after: undefined },
    {
      what: 'closes one of a credential',
      before: afterFailure(CLOSED_CIRCUIT, { cause: 'credentials', saw: 'x' }, NOW),
      after: { failures: 0 },
    },
    {
      what: 'closes one of a refused search',
      before: afterFailure({ failures: 0, refusals }, { cause: 'stage', saw: 'x' }, NOW),
      after: { failures: 0, refusals },
    },
  ])('an answer to a search $what', ({ before, after }) => {
    expect(afterSearch(before)).toEqual(after);
  });

  it.each([
    { what: 'is no news to one that is well', before: CLOSED_CIRCUIT, after: undefined },
    { what: 'is no news where all were refused alone', before: { failures: 0, refusals: alone }, after: undefined },
    {
      what: 'says who was refused alone',
      before: { failures: 0, refusals: [...alone, ...refusals] },
      after: { failures: 0, refusals: [...alone, ...alone] },
    },
    { what: 'closes it', before: open(), after: { failures: 0, refusals: alone } },
    { what: 'closes one without failures and refusals', before: open({ failures: 0 }), after: { failures: 0 } },
    { what: 'closes it, whatever opened it', before: failing(5), after: { failures: 0 } },
    { what: 'ends failures', before: { failures: 2 }, after: { failures: 0 } },
  ])('a write that takes effect $what', ({ before, after }) => {
    expect(afterWrite(before)).toEqual(after);
  });

  it('gives a probe back that came to no write', () => {
    const back = afterIdleProbe(open(), NOW + SECOND);

    expect(back).toEqual({ ...open(), open: { ...open().open, probeAt: toInstant(NOW + SECOND) } });
    expect(afterIdleProbe(open(), NOW + 90 * SECOND)).toBeUndefined();
    expect(afterIdleProbe(failing(5), NOW)).toBeUndefined();
    expect(afterIdleProbe(CLOSED_CIRCUIT, NOW)).toBeUndefined();
  });
});
