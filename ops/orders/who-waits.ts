import pLimit from 'p-limit';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { openSides } from '../events/both-sides.ts';
import { inShort } from '../events/side-lines.ts';

/** One leaver who waits, as both sides say it now. Personal: it is printed on demand, and kept nowhere. */
export interface Waiting {
  eventId: string;
  source: string;
  effectiveAt: string | undefined;
  hr: string;
  workfront: string;
  /** Whether both sides say something of the person, and not the same. */
  differs: boolean;
  /** What HR says, asked now; undefined if it cannot be asked. */
  hrNow: string | undefined;
}

/** The worker's calls to Workfront and HR count as well. */
const AT_ONCE = 2;

/** Reads who waits, by source and in the order of their effective times. @param onStep gets how many are read */
export async function whoWaits(
  entries: readonly LedgerEntry[],
  { deployment, onStep }: { deployment: Deployment; onStep: (read: number) => void },
): Promise<Waiting[]> {
  const readSides = await openSides(deployment);
  const inTurn = pLimit(AT_ONCE);
  let read = 0;
  const all = await Promise.all(
    entries.map((entry) =>
      inTurn(async () => {
        const { users, hrNow, trouble } = await readSides(entry);
        read += 1;
        onStep(read);
        const { eventId, source, effectiveAt } = entry;
        const lines = users[0]?.lines ?? [];
        const { displayName, givenName, familyName, email, employeeNumber, sourceId } = entry.event.employee;
        const name = displayName ?? [givenName, familyName].filter(Boolean).join(' ');
        const fromEvent = [name, email, employeeNumber].filter(Boolean).join(', ') || (sourceId ?? '');
        return {
          eventId,
          source,
          effectiveAt,
          hr: lines.length > 0 ? inShort(lines, 'hr') : fromEvent,
          workfront: trouble[0] ?? (users.length === 0 ? 'nobody' : users.map((user) => inShort(user.lines, 'workfront')).join(' / ')),
          differs: users.length > 1 || lines.some(({ differs }) => differs),
          hrNow,
        };
      }),
    ),
  );
  return all.sort((one, other) => one.source.localeCompare(other.source) || (one.effectiveAt ?? '').localeCompare(other.effectiveAt ?? ''));
}
