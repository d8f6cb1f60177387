import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import {
  isPersonKept,
  keepPerson,
  letPersonGo,
  lookUpPerson,
  registerAccount,
  registerPerson,
  underLegalHold,
} from '../../../lambda/domain/person/known-person.ts';
import { NEW_PERSON, type PersonRecord, personRecord } from '../../../lambda/domain/person/person-record.ts';
import { aTermination, aUser, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';

const ADDRESS = 'person/email:ana@acme.test';
const NUMBER = 'person/acme-hr:number:42';
const account = (number: number) => `person/user/${guid(number)}`;
const said = aTermination({ employee: { email: 'ana@acme.test', employeeNumber: '42' } });
const entry = { ...anEntry(said), event: said };
const REF = { source: 'acme-hr', eventId: 'evt-1' };
const sighted = (...numbers: number[]) => ({ at: entry.receivedAt, users: numbers.map((number) => ({ userId: guid(number) })) });

const newDesk = () => aDesk({ users: [] });
const keysIn = ({ ledger }: TestDesk) => [...ledger.records.keys()].toSorted();
const keptIn = ({ ledger }: TestDesk) => [...ledger.records].flatMap(([key, { kept }]) => (kept ? [key] : [])).toSorted();
const versionsIn = ({ ledger }: TestDesk) => [...ledger.records.values()].map(({ version }) => version);
const known = async ({ ledger }: TestDesk, key: string) => (await ledger.readRecord(key, personRecord))?.value;
const leave = (desk: TestDesk, key: string, record: Partial<PersonRecord>) =>
  desk.ledger.writeRecord(key, { value: { ...NEW_PERSON, ...record }, version: 0 });

describe('a termination is found', () => {
  it('under every key that it names, and is registered once', async () => {
    const desk = newDesk();
    await registerPerson(entry, desk);
    await registerPerson(entry, desk);

    expect(keysIn(desk)).toEqual([NUMBER, ADDRESS].toSorted());
    expect((await known(desk, ADDRESS))?.events).toEqual([REF]);
    expect(versionsIn(desk)).toEqual([1, 1]);
  });

  it('by a rescission that names it, and came first', async () => {
    const desk = newDesk();
    await leave(desk, 'rescinded/acme-hr/evt-1', { generation: 1 });

    const { found } = await registerPerson(entry, desk);

    expect(found).toMatchObject([
      { reached: 'key', isAddress: true },
      { reached: 'key', isAddress: false },
      { reached: 'key', isAddress: false, record: { generation: 1 } },
    ]);
  });

  it('under the account, beside others, and is registered once', async () => {
    const desk = newDesk();
    await registerAccount({ ...REF, eventId: 'evt-0' }, guid(1), desk);
    await registerAccount(REF, guid(1), desk);
    await registerAccount(REF, guid(1), desk);

    expect((await known(desk, account(1)))?.events).toEqual([{ ...REF, eventId: 'evt-0' }, REF]);
    expect(desk.ledger.records.get(account(1))?.version).toBe(2);
  });

  it('not by a mistake of ours, which nobody hides', async () => {
    const desk = newDesk();
    desk.ledger.writeRecord = () => Promise.reject(new TypeError('a mistake'));

    await expect(registerAccount(REF, guid(1), desk)).rejects.toThrow('a mistake');
  });
});

describe('what is known of a person', () => {
  it('is read under the keys of the event, of the user and of the accounts that matched before, and says which it was', async () => {
    const desk = newDesk();
    for (const key of [ADDRESS, account(1), account(2), 'person/acme-hr:sso:ana']) await leave(desk, key, { generation: 1 });

    const { found } = await lookUpPerson(entry, { user: aUser({ ssoUsername: 'ana' }), sighted: [guid(2)] }, desk);

    expect(found.map(({ reached, isAddress }) => `${reached} ${isAddress}`)).toEqual([
      'key true',
      'user false',
      'user false',
      'user false',
    ]);
    expect((await lookUpPerson(entry, { user: undefined }, desk)).found).toHaveLength(1);
  });

  it('names every other termination once, with what it came to, wherever that is noted', async () => {
    const desk = newDesk();
    const other = { ...REF, eventId: 'evt-0' };
    await leave(desk, ADDRESS, { events: [{ ...other, closed: guid(1) }, REF] });
    await leave(desk, NUMBER, { events: [{ ...other, lastDay: entry.receivedAt }] });

    const { others } = await lookUpPerson(entry, { user: undefined }, desk);

    expect(others).toEqual([{ ...other, closed: guid(1), lastDay: entry.receivedAt }]);
  });

  it('is kept under every key and account while the event is open, and let go when it is over', async () => {
    const desk = newDesk();
    const open: LedgerEntry = {
      ...entry,
      sighted: sighted(1, 2),
      workfrontUserId: guid(3),
      intent: { userId: guid(4), at: entry.receivedAt },
      kept: [guid(5), guid(1)],
    };
    const accounts = [5, 1, 2, 3, 4].map(guid);

    expect(await keepPerson(open, desk)).toEqual(accounts);
    await keepPerson(open, desk);

    const all = [ADDRESS, NUMBER, ...[1, 2, 3, 4, 5].map(account)].toSorted();
    expect([keysIn(desk), keptIn(desk)]).toEqual([all, all]);
    expect(versionsIn(desk)).toEqual(all.map(() => 1));

    const over: LedgerEntry = { ...open, status: 'cancelled', kept: accounts };
    await letPersonGo(over, desk);
    await letPersonGo(over, desk);

    expect([keysIn(desk), keptIn(desk)]).toEqual([all, []]);
    expect(versionsIn(desk)).toEqual(all.map(() => 2));
  });

  it('is let go once if two workers do so at the same time', async () => {
    const desk = newDesk();
    await keepPerson(entry, desk);
    const over: LedgerEntry = { ...entry, status: 'cancelled' };
    const { readRecords } = desk.ledger;
    desk.ledger.readRecords = async (keys, schema) => {
      const read = await readRecords.call(desk.ledger, keys, schema);
      desk.ledger.readRecords = readRecords;
      await letPersonGo(over, desk);
      return read as never;
    };

    await letPersonGo(over, desk);

    expect(keptIn(desk)).toEqual([]);
    expect(versionsIn(desk)).toEqual([2, 2]);
  });

  it('stays kept for another event that is open', async () => {
    const desk = newDesk();
    await keepPerson(entry, desk);
    await keepPerson({ ...entry, eventId: 'evt-2' }, desk);
    await letPersonGo({ ...entry, status: 'cancelled' }, desk);

    expect(keptIn(desk)).toEqual([NUMBER, ADDRESS].toSorted());
  });

  it.each<{ what: string; changes: Partial<LedgerEntry>; kept: boolean }>([
    { what: 'nothing was kept', changes: {}, kept: false },
    { what: 'nothing was kept, and there is an account', changes: { sighted: sighted(1) }, kept: false },
    { what: 'no account was there to keep', changes: { kept: [] }, kept: true },
    { what: 'an account came after', changes: { kept: [guid(1)], sighted: sighted(1, 2) }, kept: false },
    { what: 'every account is kept', changes: { kept: [guid(1), guid(2)], sighted: sighted(1, 2) }, kept: true },
  ])('is kept already if $what: $kept', ({ changes, kept }) => {
    expect(isPersonKept({ ...entry, ...changes })).toBe(kept);
  });
});

describe('a legal hold', () => {
  const legalHold = { by: 'ops-person', at: entry.receivedAt, reason: 'a lawsuit' };

  it('of one key takes the event and all its other keys under it', async () => {
    const desk = newDesk();
    await leave(desk, NUMBER, { legalHold });

    expect(await underLegalHold(entry, desk)).toEqual({ ...entry, legalHold });
    expect(keptIn(desk)).toEqual([ADDRESS]);
    expect(await known(desk, ADDRESS)).toEqual({ ...NEW_PERSON, legalHold });
    expect(desk.ledger.records.get(NUMBER)?.version).toBe(1);
  });

  it('leaves what is known under a key, and another hold that it has', async () => {
    const desk = newDesk();
    await leave(desk, ADDRESS, { generation: 3 });
    await leave(desk, NUMBER, { legalHold });

    await underLegalHold(entry, desk);

    expect(await known(desk, ADDRESS)).toMatchObject({ generation: 3, legalHold });
  });

  it('that nobody ordered changes nothing', async () => {
    const desk = newDesk();
    await leave(desk, ADDRESS, { generation: 3 });

    expect(await underLegalHold(entry, desk)).toBe(entry);
    expect(await known(desk, NUMBER)).toBeUndefined();
  });
});
