import type { Employee } from '../event/hr-event.ts';
import type { Termination } from '../event/termination.ts';
import { Blocked, CredentialFailure, TransientFailure } from '../failures.ts';
import type { Desk, HrRecord } from '../ports.ts';
import { hrCircuitKey, passCircuit, reportFailure, reportSuccess, stopIfOpen } from '../stage/gate.ts';
import { type Confirmation, completed, confirmWithHr } from './confirm-with-hr.ts';

/** `not-asked`: the source has no look-up, or the event does not name HR's own id. */
export type Heard = Confirmation | { kind: 'not-asked'; employee: Employee };

/**
 * Asks HR whether a termination that is due is one, and who that is. Trouble with one source's HR system is that source's alone: it
 * has a circuit of its own, and neither Workfront's nor another source's is touched.
 *
 * @throws Blocked while HR cannot be asked; PermanentFailure where it will never answer about this employee
 */
export async function askHr(entry: Termination, desk: Desk): Promise<Heard> {
  const { employee } = entry.event;
  const { sourceId } = employee;
  if (sourceId === undefined || !desk.hr.canBeAsked(entry.source)) return { kind: 'not-asked', employee };

  const key = hrCircuitKey(entry.source);
  const health = await passCircuit(key, IN_TROUBLE, desk);
  const record = await ask(entry.source, sourceId, desk);
  if (health === 'doubtful') await reportSuccess(desk, key);
  return confirmWithHr(entry, record, { policy: desk.policy, now: desk.clock() });
}

/**
 * Keeps an event whose HR system is known to be in trouble from Workfront's gate, where it would take a probe that it cannot use.
 *
 * @throws Blocked
 */
export async function waitForHr({ source, event }: Termination, desk: Desk): Promise<void> {
  if (event.employee.sourceId !== undefined && desk.hr.canBeAsked(source)) await stopIfOpen(hrCircuitKey(source), IN_TROUBLE, desk);
}

const IN_TROUBLE = 'hr-in-trouble';

async function ask(source: string, sourceId: string, desk: Desk): Promise<HrRecord | undefined> {
  try {
    return await desk.hr.ask(source, sourceId);
  } catch (failure) {
    const key = hrCircuitKey(source);
    if (failure instanceof CredentialFailure) {
      await reportFailure({ cause: 'credentials', saw: failure.code }, desk, key);
      throw new Blocked(failure.code, failure.message, { untilRepaired: true });
    }
    if (!(failure instanceof TransientFailure)) throw failure;
    if (failure.code !== 'hr-throttled') await reportFailure({ cause: 'trouble', saw: failure.code }, desk, key);
    const { retryAfterSeconds = 0 } = failure;
    throw new Blocked(failure.code, failure.message, { retryAfterSeconds });
  }
}

/**
 * Who HR says the employee is, for a termination that is not due yet. It decides nothing else: HR's API may lag behind its own events.
 *
 * @throws what the look-up throws
 */
export async function askWho({ source, event: { employee } }: Termination, desk: Desk): Promise<Employee> {
  const { sourceId } = employee;
  if (sourceId === undefined || !desk.hr.canBeAsked(source)) return employee;
  await stopIfOpen(hrCircuitKey(source), IN_TROUBLE, desk);
  const record = await desk.hr.ask(source, sourceId);
  return record === undefined ? employee : completed(employee, record.employee);
}
