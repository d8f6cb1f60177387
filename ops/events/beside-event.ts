import { readAccess } from '../../lambda/domain/console-access/open-access.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { nextLook } from '../../lambda/domain/event/watch-times.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { findingOf } from './findings.ts';
import { undoableOf, undoneOf } from './undoable.ts';
import { openCircuit } from './what-stops.ts';

/** What the ledger knows beside an event, and its story needs. Nothing in it is personal. */
export async function besideEvent(entry: LedgerEntry, deployment: Deployment) {
  const policy = await deployment.policy();
  return {
    open: await openCircuit(deployment),
    finding: await findingOf(entry, deployment),
    nextLookAt: policy && nextLook(entry, policy, deployment.clock()),
    undoable: await undoableOf(entry, deployment),
    undone: await undoneOf(entry, deployment),
    inConsole: (await readAccess(entry, deployment.ledger))?.value,
  };
}
