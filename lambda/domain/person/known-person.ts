import type { EventRef } from '../event/leaver-message.ts';
import type { Termination } from '../event/termination.ts';
import type { Desk } from '../ports.ts';
import { changeRecord } from '../stage/stage-state.ts';
import { isVoidFor, NEW_PERSON, namedKey, personKeys, personRecord, withTermination } from './generation.ts';

/** Makes the termination findable for a rescission. @returns the person's other events */
export async function registerPerson(entry: Termination, { ledger }: Desk): Promise<EventRef[]> {
  const others = new Map<string, EventRef>();
  for (const key of personKeys(entry.source, entry.event.employee)) {
    await changeRecord(ledger, key, personRecord, (record) => {
      const person = withTermination(record ?? NEW_PERSON, { source: entry.source, eventId: entry.eventId });
      for (const ref of person.events) others.set(namedKey(ref), ref);
      return person === record ? undefined : person;
    });
  }
  others.delete(namedKey(entry));
  return [...others.values()];
}

/** Whether HR took the termination back, or rehired the person, after it was recorded. */
export async function isVoid(entry: Termination, { ledger }: Desk): Promise<boolean> {
  for (const key of personKeys(entry.source, entry.event.employee)) {
    const person = await ledger.readRecord(key, personRecord);
    if (person !== undefined && isVoidFor(entry, person.value)) return true;
  }
  return (await ledger.readRecord(namedKey(entry), personRecord)) !== undefined;
}
