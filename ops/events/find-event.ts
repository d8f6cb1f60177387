import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import type { Deployment } from '../deployment/deployment.ts';

/**
 * The one event with this id.
 *
 * @param source decides where two sources use the same id
 * @throws PermanentFailure `no-event`, `several-events`
 */
export async function findEvent({ ledger }: Pick<Deployment, 'ledger'>, eventId: string, source?: string): Promise<LedgerEntry> {
  const found = (await ledger.byEventId(eventId)).filter((entry) => source === undefined || entry.source === source);
  const [entry, another] = found;
  if (entry === undefined) throw new PermanentFailure('no-event', `no event ${eventId} in the ledger: list shows those there are`);
  if (another === undefined) return entry;
  const sources = found.map((one) => one.source).join(', ');
  throw new PermanentFailure('several-events', `event ${eventId} is one of each of ${sources}: add --source`);
}
