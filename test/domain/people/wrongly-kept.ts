import { isFinished } from '../../../lambda/domain/event/event-status.ts';
import type { TestDesk } from '../../support/in-memory-desk.ts';

/** The records that are kept although all their events are finished, and those that are not although one of theirs is open. */
export function wronglyKept({ ledger }: TestDesk): string[] {
  const isOpen = (key: string) => {
    const entry = ledger.entries.get(key);
    return entry !== undefined && !isFinished(entry.status);
  };
  return [...ledger.records].flatMap(([key, { value, kept }]) => {
    const { events } = value as { events?: { source: string; eventId: string }[] };
    const open = (events ?? []).some(({ source, eventId }) => isOpen(`${source}/${eventId}`));
    return key.startsWith('person/') && open !== (kept ?? false) ? [`${key}: ${kept}`] : [];
  });
}
