import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { TroubleCause } from '../../lambda/domain/stage/circuit.ts';
import { quoted } from '../terminal/quoted.ts';
import type { NextStep } from './next-step.ts';

const RETRY: NextStep = {
  command: 'retry',
  does: 'after you have fixed the cause: asks Workfront, and if it answers, tries at once',
};

const RESUME: NextStep = {
  command: 'resume --reason "why"',
  does: 'ends the pause, after you have asked whoever paused the stage; waiting leavers lose access at once',
};

const STORE_KEY: NextStep = {
  command: 'secret set workfront',
  does: 'stores another credential, if Workfront accepts it, and tries at once',
};

/** What a person can do about trouble of the Workfront credential. @param code of the trouble */
function credentialSteps(code: string): NextStep[] {
  if (code === 'blind')
    return [{ ...RETRY, does: "after you have raised the access level of the credential's user: tries at once" }, STORE_KEY];
  return code === 'secret-unreadable' ? [RETRY] : [STORE_KEY, RETRY];
}

/** What stops the whole stage, as the way on needs it. */
export interface Stopped {
  /** The circuit to Workfront. */
  cause: TroubleCause;
  saw: string;
}

/** The commands that lead on while the circuit to Workfront is open. */
export const circuitSteps = ({ cause, saw }: Stopped): NextStep[] => (cause === 'credentials' ? credentialSteps(saw) : [RETRY]);

/** The commands that end a pause. */
export const pauseSteps = (): NextStep[] => [RESUME];

const OF_CREDENTIAL: readonly string[] = ['rejected', 'token-refused', 'blind', 'secret-missing', 'secret-unreadable', 'secret-unusable'];
const OF_TENANT: readonly string[] = ['wrong-customer', 'customer-unknown'];
const OF_HR_CREDENTIAL: readonly string[] = ['hr-credential-refused', 'hr-blind'];

/** The commands that lead on from what an event waits for. @param open why the circuit to Workfront is open, if it is */
export function waitingSteps({ waiting, source, eventId, event }: LedgerEntry, open: Stopped | undefined): NextStep[] {
  if (waiting === undefined) return [];
  const cancel = { command: `cancel ${quoted(eventId)} --reason "why"`, does: 'ends the event; the user keeps access' };
  const { code } = waiting;
  if (code === 'paused') return [...pauseSteps(), cancel];
  const lookUp = {
    command: `secret set look-up/${source}`,
    does: `stores another credential for the HR system of ${source}, and tries at once`,
  };
  // Both the Workfront credential and that of a look-up may be missing; only an event with HR's own id has HR asked.
  const mayBeHr = event.employee.sourceId !== undefined && code.startsWith('secret-') && open === undefined;
  if (OF_HR_CREDENTIAL.includes(code) || mayBeHr) return [lookUp, RETRY, cancel];
  if (OF_CREDENTIAL.includes(code)) return [...credentialSteps(code), cancel];
  if (code === 'circuit-open' && open !== undefined) return [...circuitSteps(open), cancel];
  if (OF_TENANT.includes(code)) return [{ command: 'doctor', does: 'shows which customer the credential belongs to' }, RETRY, cancel];
  return [RETRY, cancel];
}
