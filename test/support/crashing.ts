import type { Desk } from '../../lambda/domain/ports.ts';

/** The worker's process ended. */
export class Crash extends Error {}

/** The call of a port at which the worker ends: before it has an effect, or after it had one. The first call is 1. */
export interface CrashPoint {
  call: number;
  when: 'before' | 'after';
}

/** A desk whose worker crashes at one call of its ports, and does nothing more after that; and the calls it has made. */
export function crashingDesk(desk: Desk, { call, when }: CrashPoint): { desk: Desk; calls: () => number } {
  let calls = 0;
  const port = <Port extends object>(target: Port): Port =>
    new Proxy(target, {
      get(_, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          calls += 1;
          if (calls > call || (calls === call && when === 'before')) throw new Crash();
          const answer = await member.apply(target, args);
          if (calls === call) throw new Crash();
          return answer;
        };
      },
    });
  const { ledger, directory, hr, schedules, clock, random, policy } = desk;
  const asked = { canBeAsked: (source: string) => hr.canBeAsked(source), ask: port(hr).ask };
  return {
    desk: { ledger: port(ledger), directory: port(directory), hr: asked, schedules: port(schedules), clock, random, policy },
    calls: () => calls,
  };
}
