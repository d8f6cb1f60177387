import { describe, expect, it } from '@jest/globals';
import { admit, afterFailure, type CircuitRecord, CLOSED_CIRCUIT } from '../../../lambda/domain/stage/circuit.ts';
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

  it('opens at once for a refused credential, for five minutes', () => {
    const record = afterFailure(CLOSED_CIRCUIT, { cause: 'credentials', saw: 'refused' }, NOW);

    expect(admit(record, NOW)).toEqual({ kind: 'wait', untilMillis: NOW + 5 * MINUTE, cause: 'credentials', saw: 'refused' });
  });

  it.each([
    { failures: 5, seconds: 15 },
    { failures: 6, seconds: 30 },
    { failures: 7, seconds: 60 },
    { failures: 8, seconds: 120 },
    { failures: 9, seconds: 240 },
    { failures: 10, seconds: 300 },
    { failures: 5000, seconds: 300 },
  ])('waits $seconds s for the next probe after $failures failures', ({ failures, seconds }) => {
    expect(probeAfter(failing(failures))).toBe(seconds);
  });

  it('does not wait longer for a credential, however often it is refused', () => {
    const often = Array(50)
      .fill('refused')
      .reduce<CircuitRecord>((last, saw) => afterFailure(last, { cause: 'credentials', saw: saw }, NOW), CLOSED_CIRCUIT);

    expect(probeAfter(often)).toBe(300);
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
