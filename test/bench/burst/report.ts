import type { Section, Target } from '../page/section.ts';
import { type BurstResult, CALL_MS, CAP, PER_HOUR, type Phase } from './burst.ts';

const FULL_SIZE = 10_000;

const totalOf = (phases: readonly Phase[], what: 'neededCalls' | 'calls' | 'answered429' | 'seconds' | 'leastSeconds') =>
  phases.reduce((sum, phase) => sum + phase[what], 0);

export const burstSection = ({ terminations, phases, displaced }: BurstResult): Section => ({
  title: `${terminations.toLocaleString('en')} terminations at once`,
  columns: ['', 'events', 'calls', 's', 'at the cap, s', 'of the cap', 'answered 429'],
  rows: phases.map(({ name, events, calls, seconds, leastSeconds, answered429 }) => [
    name,
    String(events),
    String(calls),
    seconds.toFixed(1),
    leastSeconds.toFixed(1),
    percent(leastSeconds / seconds),
    String(answered429),
  ]),
  notes: [
    `The stand-in for Workfront takes ${CALL_MS} ms for each call, and answers 429 if more than ${CAP} are in flight; the stage has \`callsInFlight: ${CAP}\`, which is ${CAP} workers with one call each. The brake has its highest limit, ${PER_HOUR} an hour: the other leavers are looked up, held, and released by a person all at once.${scaledDown(terminations)}`,
    `Order: 95 of 100 leavers were deactivated within ${percent(displaced.p95)} of their place in the order of arrival, and all within ${percent(displaced.most)}; nobody waits for ever, because the queue is emptied.`,
  ],
});

const scaledDown = (terminations: number) =>
  terminations < FULL_SIZE
    ? ` Ten thousand deactivations would take at least ${((FULL_SIZE * 2 * CALL_MS) / 1000 / CAP / 60).toFixed(1)} minutes at the cap, so the run has fewer of them, at the same time for each call.`
    : '';

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

export function burstTargets({ phases, lost, double, terminations }: BurstResult): Target[] {
  const share = totalOf(phases, 'leastSeconds') / totalOf(phases, 'seconds');
  const refused = totalOf(phases, 'answered429');
  return [
    { what: 'burst, share of the rate that the cap allows', expected: 'at least 95 %', came: percent(share), met: share >= 0.95 },
    { what: 'burst, calls answered 429', expected: '0', came: `${refused}`, met: refused === 0 },
    { what: 'burst, leavers lost', expected: '0', came: `${lost} of ${terminations}`, met: lost === 0 },
    { what: 'burst, written twice', expected: '0', came: `${double}`, met: double === 0 },
  ];
}
