import type { Status } from './stage-status.ts';

/** Whether everybody is out who should be, in one sentence. */
export interface Verdict {
  isWell: boolean;
  says: string;
}

/**
 * Says that all is well only if nothing that could hide a leaver speaks against it.
 *
 * @param late how many leavers are late
 */
export function verdictOn(
  {
    dryRun,
    last7Days,
    deadLetters,
    quarantine,
    findings,
  }: Pick<Status, 'dryRun' | 'last7Days' | 'deadLetters' | 'quarantine' | 'findings'>,
  late: number,
): Verdict {
  const bad = (says: string) => ({ isWell: false, says });
  if (late > 0) return bad(late === 1 ? '1 leaver still has access.' : `${late} leavers still have access.`);
  if (dryRun || (last7Days['would-deactivate'] ?? 0) > 0) return bad('Nobody waits, and not everybody is out: some were only tried.');
  if (findings.length > 0) return bad('Nobody waits. The nightly sweep found what HR and Workfront do not agree on.');
  if (deadLetters + quarantine > 0) return bad('Nobody in the ledger is late. Messages that are not in it may be about leavers.');
  return { isWell: true, says: 'Everybody is out who should be.' };
}
