import { auditFact } from '../domain/event/audit-fact.ts';
import type { EventRef } from '../domain/event/leaver-message.ts';
import type { LedgerEntry } from '../domain/event/ledger-entry.ts';
import { parse } from '../domain/parse.ts';
import { eventItem } from './entry-list.ts';
import { factMonth, placeInMonth } from './index-places.ts';
import type { Item, ItemKey, LedgerTable } from './ledger-table.ts';

/** Where the fact of an event is that finished last under its id: where it can be read together with other items. */
export const lastFactKey = ({ source, eventId }: EventRef): ItemKey => ({ pk: `fact/${eventId}`, sk: source });

/** When the event of a fact finished. */
export const finishedAt = (item: Item | undefined, { eventId }: EventRef): string | undefined =>
  item && parse(eventItem, item, `audit fact ${eventId}`).entry.finishedAt;

/** Records the fact of a finished event. The fact of an equal event that finished, and has expired, stays beside it. */
export async function putFact(table: LedgerTable, entry: LedgerEntry): Promise<void> {
  const fact = factItem(entry);
  const other = await table.putUnlessOther(fact, 'receivedSort');
  if (other === undefined) return;

  const isLater = String(other.receivedSort) < fact.receivedSort;
  const [first, last] = isLater ? [other, fact] : [fact, other];
  await table.put({ ...first, pk: fact.pk, sk: `${entry.source}/${first.receivedSort}` });
  if (isLater) await table.put({ ...last, pk: fact.pk, sk: fact.sk });
}

function factItem(entry: LedgerEntry) {
  const { month, receivedSort } = placeInMonth(entry);
  return { ...lastFactKey(entry), month: factMonth(month), receivedSort, entry: auditFact(entry) };
}
