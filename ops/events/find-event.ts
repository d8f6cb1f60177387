import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { DAY, toInstant } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';

interface Named {
  eventId: string;
  /** Decides if two sources use the same id. */
  source: string | undefined;
  /** Whether the beginning of an id is enough. Not for an order that nobody is asked about: another event may begin so. */
  mayShorten?: boolean;
}

/**
 * The one event with an id, or with an id that begins so.
 *
 * @throws PermanentFailure `no-event`, `several-events`
 */
export async function findEvent(deployment: Reach, named: Named): Promise<LedgerEntry> {
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
  deployment: Reach,
  { eventIds, source, mayShorten = false }: Omit<Named, 'eventId'> & { eventIds: readonly string[] },
): Promise<LedgerEntry[]> {
  const found: LedgerEntry[] = [];
  const missing: string[] = [];
  for (const eventId of new Set(eventIds)) {
    const entry = await lookUpEvent(deployment, { eventId, source, mayShorten });
    if (entry === undefined) missing.push(eventId);
    else found.push(entry);
  }
  if (missing.length > 0)
    throw new PermanentFailure('no-event', `no event matches ${namesOf(missing, { source })}, so nothing was done; ${LOOK_UP}`);
  return found.sort((one, other) => one.receivedAt.localeCompare(other.receivedAt));
}

type Reach = Pick<Deployment, 'ledger' | 'clock'>;

async function lookUpEvent({ ledger, clock }: Reach, { eventId, source, mayShorten }: Named): Promise<LedgerEntry | undefined> {
  const found = (await ledger.byEventId(eventId)).filter((entry) => source === undefined || entry.source === source);
  const [entry, another] = found;
  if (entry === undefined && mayShorten) return byPrefix({ ledger, clock }, { eventId, source });
  if (another === undefined) return entry;
  const sources = found.map((one) => one.source).join(', ');
  throw new PermanentFailure('several-events', `each of the sources ${sources} has an event ${eventId}; add --source`);
}

/** Shorter beginnings are too often a slip. */
const LEAST_PREFIX = 4;
/** The ledger is read from its end, no further back than this. */
const LOOKED_BACK = 30 * DAY;

/** The one event of the last 30 days whose id begins so. @throws PermanentFailure `several-events` */
async function byPrefix({ ledger, clock }: Reach, { eventId, source }: Named): Promise<LedgerEntry | undefined> {
  if (eventId.length < LEAST_PREFIX) return undefined;
  const found: LedgerEntry[] = [];
  for await (const entry of ledger.entries({ since: toInstant(clock() - LOOKED_BACK), until: toInstant(clock() + DAY) })) {
    if (!entry.eventId.startsWith(eventId) || (source !== undefined && entry.source !== source)) continue;
    found.push(entry);
    if (found.length === MOST_NAMED) break;
  }
  const [entry, another] = found;
  if (another === undefined) return entry;
  const ids = found.map((one) => one.eventId).join(', ');
  throw new PermanentFailure('several-events', `several events begin with ${eventId}: ${ids}; write more of the id`);
}

const MOST_NAMED = 5;

const namesOf = (eventIds: readonly string[], { source }: Pick<Named, 'source'>): string =>
  `${eventIds.join(', ')}${source === undefined ? '' : ` of source ${source}`}`;

const LOOK_UP = 'look up the event id with list';
