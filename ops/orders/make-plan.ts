import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Order } from './order.ts';
import type { Plan } from './plan-file.ts';
import type { Judged } from './repetition.ts';
import { secondPersonAbove } from './second-person.ts';

/** The plan of what an order would do to events; those that it would not act on are left out. */
export async function makePlan(
  judged: readonly Judged[],
  { kind, reason }: { kind: Plan['kind']; reason: string },
  deployment: Deployment,
): Promise<Plan> {
  return {
    v: 1,
    deployment: { name: deployment.name, ledgerTable: deployment.places.ledgerTable },
    kind,
    reason,
    by: await deployment.operator(),
    at: toInstant(deployment.clock()),
    secondAbove: await secondPersonAbove(deployment),
    events: judged.flatMap(({ entry, verdict, userId }) =>
      verdict.kind === 'act' ? [planned(entry, { does: verdict.does, userId })] : [],
    ),
  };
}

/** The order that applies a plan. */
export const orderOf = ({ kind, reason, digest, by }: { kind: Plan['kind']; reason: string; digest: string; by: string }): Order => ({
  kind,
  reason: `${reason} (plan ${digest.slice(0, 12)} of ${by})`,
});

function planned(entry: LedgerEntry, { does, userId }: { does: string; userId: string | undefined }) {
  const { source, eventId, version, status, reason: why, receivedAt, workfrontUserId = userId } = entry;
  return {
    source,
    eventId,
    version,
    status,
    ...(why && { reason: why }),
    receivedAt,
    ...(workfrontUserId && { workfrontUserId }),
    ...(userId && { foundUserId: userId }),
    does,
  };
}
