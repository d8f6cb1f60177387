import type { Desk } from '../../lambda/domain/ports.ts';
import type { TestDesk } from './in-memory-desk.ts';

/** The process of the worker ended. */
export class Crash extends Error {}

/** The call of a port at which the worker ends: before or after its effect. The first call is 1. */
export interface CrashPoint {
  call: number;
  when: 'before' | 'after';
  /** Only this call fails, as in trouble of AWS, and the worker lives on. */
  alone?: true;
}

/** Makes a desk whose worker crashes at one call of its ports and does nothing after that, and lists the calls. */
export function crashingDesk(desk: Desk, { call, when, alone }: CrashPoint): { desk: Desk; calls: () => number } {
  let calls = 0;
  const port = <Port extends object>(target: Port): Port =>
    new Proxy(target, {
      get(_, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          calls += 1;
          if ((calls > call && !alone) || (calls === call && when === 'before')) throw new Crash();
          const answer = await member.apply(target, args);
          if (calls === call) throw new Crash();
          return answer;
        };
      },
    });
  const { ledger, directory, hr, schedules, ...rest } = desk;
  const asked = { canBeAsked: (source: string) => hr.canBeAsked(source), ask: port(hr).ask };
  return {
    desk: { ledger: port(ledger), directory: port(directory), hr: asked, schedules: port(schedules), ...rest },
    calls: () => calls,
  };
}

/** The desk of a worker in whose turn other things happen right after calls of ledger or directory. The first call is 1. */
export function interrupted(desk: TestDesk, happens: Record<number, () => Promise<unknown>>): { desk: Desk; calls: () => number } {
  let calls = 0;
  const watched = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          const answer = await member.apply(target, args);
          calls += 1;
          await happens[calls]?.();
          return answer;
        };
      },
    });
  return {
    desk: { ...desk, ledger: watched(desk.ledger), directory: watched(desk.directory), maySight: () => desk.maySight() },
    calls: () => calls,
  };
}
