import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import type { Deployment } from '../deployment/deployment.ts';

interface Named {
  eventId: string;
  /** Decides if two sources use the same id. */
  source: string | undefined;
}

/**
 * The one event with an id.
 *
 * @throws PermanentFailure `no-event`, `several-events`
 */
export async function findEvent(deployment: Pick<Deployment, 'ledger'>, named: Named): Promise<LedgerEntry> {
  const entry = await lookUpEvent(deployment, named);
  if (entry === undefined) throw new PermanentFailure('no-event', `no event matches ${namesOf([named.eventId], named)}; ${LOOK_UP}`);
  return entry;
}

/**
 * The events with these ids, each once, the first received first.
 *
 * @throws PermanentFailure `no-event` with every id that no event has, `several-events`
 */
export async function findEvents(
  deployment: Pick<Deployment, 'ledger'>,
  { eventIds, source }: { eventIds: readonly string[]; source: string | undefined },
): Promise<LedgerEntry[]> {
  const found: LedgerEntry[] = [];
  const missing: string[] = [];
  for (const eventId of new Set(eventIds)) {
    const entry = await lookUpEvent(deployment, { eventId, source });
    if (entry === undefined) missing.push(eventId);
    else found.push(entry);
  }
  if (missing.length > 0)
    throw new PermanentFailure('no-event', `no event matches ${namesOf(missing, { source })}, so nothing was done; ${LOOK_UP}`);
  return found.sort((one, other) => one.receivedAt.localeCompare(other.receivedAt));
}

async function lookUpEvent({ ledger }: Pick<Deployment, 'ledger'>, { eventId, source }: Named): Promise<LedgerEntry | undefined> {
  const found = (await ledger.byEventId(eventId)).filter((entry) => source === undefined || entry.source === source);
  const [entry, another] = found;
  if (another === undefined) return entry;
  const sources = found.map((one) => one.source).join(', ');
  throw new PermanentFailure('several-events', `each of the sources ${sources} has an event ${eventId}; add --source`);
}

const namesOf = (eventIds: readonly string[], { source }: Pick<Named, 'source'>): string =>
  `${eventIds.join(', ')}${source === undefined ? '' : ` of source ${source}`}`;

const LOOK_UP = 'look up the event id with list';
