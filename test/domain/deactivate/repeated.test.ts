import { describe, expect, it } from '@jest/globals';
import { handleMessage } from '../../../lambda/domain/deactivate/handle-message.ts';
import type { Arrival } from '../../../lambda/domain/event/leaver-message.ts';
import { withStatus } from '../../../lambda/domain/event/transition.ts';
import { NEW_PERSON } from '../../../lambda/domain/person/person-record.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../../support/builders.ts';
import { aDesk } from '../../support/in-memory-desk.ts';

const DERIVED = `evt_${'a'.repeat(40)}`;
const turn = { worker: 'worker-1', leaseUntil: Date.parse('2030-01-01T00:00:00Z') };

const arrivalAt = (receivedAt: string, eventId = DERIVED) => anArrival(aTermination(), { eventId, receivedAt });

describe('an event that equals a finished one and has no id or time of its own', () => {
  it.each([
    ['a day later', '2026-11-25T12:00:00.000Z'],
    ['just within the time in which HR sends again', '2026-12-01T12:00:00.000Z'],
  ])('is the same again %s', async (_, receivedAt) => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    await handleMessage(arrivalAt('2026-11-24T12:00:00.000Z'), desk, turn);

    const again = await handleMessage(arrivalAt(receivedAt), desk, turn);

    expect(again).toMatchObject({ kind: 'nothing-to-do' });
    expect(desk.ledger.entries.size).toBe(1);
  });

  it('waits for a person long after, when the user is active again', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    await handleMessage(arrivalAt('2026-11-24T12:00:00.000Z'), desk, turn);
    reactivate(desk);
    desk.now = Date.parse('2027-03-01T12:00:00Z');

    const again = await handleMessage(arrivalAt('2027-03-01T12:00:00.000Z'), desk, turn);

    expect(again).toMatchObject({
      kind: 'settled',
      entry: { eventId: `${DERIVED}~20270301120000000`, status: 'held', reason: 'repeated' },
    });
    expect(desk.directory.writes).toHaveLength(1);
  });

  it.each(['accepted', 'undone'] as const)('waits for a person after the first was %s: the person was back', async (status) => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    const { entry } = await handleMessage(arrivalAt('2026-11-24T12:00:00.000Z'), desk, turn);
    if (entry === undefined) throw new Error('no entry');
    reactivate(desk);
    const back = withStatus(entry, 'returned', { why: 'a sync', now: desk.now });
    const returned = await desk.ledger.writeEntry(back);
    await desk.ledger.writeEntry(withStatus(returned, status, { by: 'ops', why: 'may be active', now: desk.now }));
    desk.now = Date.parse('2026-11-26T12:00:00Z');

    const again = await handleMessage(arrivalAt('2026-11-26T12:00:00.000Z'), desk, turn);

    expect(again).toMatchObject({ kind: 'settled', entry: { status: 'held', reason: 'repeated' } });
    expect(desk.directory.writes).toHaveLength(1);
  });

  it('waits for a person after a rescission, and leaves when released', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }), now: Date.parse('2026-11-24T12:00:00Z') });
    const future = { effective: { at: '2026-11-30T00:00:00Z' } };
    const leaving = (receivedAt: string) => anArrival(aTermination(future), { eventId: DERIVED, receivedAt });
    await handleMessage(leaving('2026-11-24T12:00:00.000Z'), desk, turn);
    await handleMessage(anArrival(aRescission(), { eventId: 'back', receivedAt: '2026-11-24T13:00:00.000Z' }), desk, turn);
    desk.now = Date.parse('2026-12-02T09:00:00Z');

    const again = await handleMessage(leaving('2026-12-02T09:00:00.000Z'), desk, turn);

    expect(again).toMatchObject({ kind: 'settled', entry: { status: 'held', reason: 'repeated' } });
    const { version = 0 } = again.entry ?? {};
    const release = {
      kind: 'release',
      source: 'acme-hr',
      eventId: `${DERIVED}~20261202090000000`,
      guard: 'repeated',
      by: 'ops',
      entryVersion: version,
    } as const;
    expect(await handleMessage(release, desk, turn)).toMatchObject({ kind: 'settled', entry: { status: 'deactivated' } });
  });

  it.each([
    ['HR gave it an id', { eventId: 'term-1' }],
    ['HR gave it an id that ends like one of ours', { eventId: `hr:${DERIVED}` }],
    ['HR gave it an id that begins like one of ours', { eventId: `${DERIVED}0` }],
    ['HR says when it recorded it', { event: aTermination({ occurredAt: '2026-11-24T11:00:00Z' }) }],
  ])('is the same again, however late, where %s', async (_, changes) => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    await handleMessage({ ...arrivalAt('2026-11-24T12:00:00.000Z'), ...changes }, desk, turn);
    reactivate(desk);

    const again = await handleMessage({ ...arrivalAt('2027-03-01T12:00:00.000Z'), ...changes }, desk, turn);

    expect(again).toMatchObject({ kind: 'nothing-to-do', why: 'finished before: deactivated' });
  });

  it('is the same again, however late, while the first is still to come', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    const leaving = (receivedAt: string) =>
      anArrival(aTermination({ effective: { at: '2027-06-30T00:00:00Z' } }), { eventId: DERIVED, receivedAt });
    await handleMessage(leaving('2026-11-24T12:00:00.000Z'), desk, turn);
    desk.now = Date.parse('2027-03-01T12:00:00Z');

    await handleMessage(leaving('2027-03-01T12:00:00.000Z'), desk, turn);

    expect([...desk.ledger.entries.values()].map(({ eventId, status }) => [eventId, status])).toEqual([[DERIVED, 'scheduled']]);
  });

  it('waits for a person if HR took the first back while that was still waiting, and says it again', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    const pause = { paused: { at: '2026-11-24T12:00:00.000Z', by: 'ops-person', reason: 'cut-over' } };
    desk.ledger.records.set('stage/pause', { value: pause, version: 1 });
    await handleMessage(arrivalAt('2026-11-24T12:00:00.000Z'), desk, turn);
    desk.now = Date.parse('2026-11-24T18:00:00Z');
    await desk.ledger.writeRecord('person/email:ana@acme.test', {
      value: {
        ...NEW_PERSON,
        words: [
          {
            source: 'acme-hr',
            eventId: 'back',
            kind: 'rescinded',
            receivedAt: '2026-11-24T18:00:00.000Z',
            employee: { email: 'ana@acme.test' },
          },
        ],
        events: [{ source: 'acme-hr', eventId: DERIVED }],
      },
      version: desk.ledger.records.get('person/email:ana@acme.test')?.version ?? 0,
    });
    desk.now = Date.parse('2026-11-25T12:00:00Z');
    desk.ledger.records.set('stage/pause', { value: {}, version: 2 });

    const again = await handleMessage(arrivalAt('2026-11-25T12:00:00.000Z'), desk, turn);
    await handleMessage(arrivalAt('2026-11-24T12:00:00.000Z'), desk, turn);
    const later = await handleMessage(arrivalAt('2026-11-25T12:00:00.000Z'), desk, turn);

    expect(later.entry?.eventId).toBe(again.entry?.eventId);
    expect(again).toMatchObject({
      entry: { eventId: `${DERIVED}~20261125120000000`, status: 'held', reason: 'perhaps-rescinded', repeats: '2026-11-24T12:00:00.000Z' },
    });
    expect(desk.ledger.entries.get(`acme-hr/${DERIVED}`)).toMatchObject({ status: 'cancelled', reason: 'rescinded' });
  });

  it('is another event, and no repetition, where its content differs after all', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }, { id: guid(2), emailAddr: 'bo@acme.test' }) });
    await handleMessage(arrivalAt('2026-11-24T12:00:00.000Z'), desk, turn);
    const other = anArrival(aTermination({ employee: { email: 'bo@acme.test' } }), {
      eventId: DERIVED,
      receivedAt: '2027-03-01T12:00:00.000Z',
    });
    desk.now = Date.parse('2027-03-01T12:00:00Z');

    const settled = await handleMessage(other, desk, turn);

    expect(settled).toMatchObject({ entry: { eventId: `${DERIVED}~${other.digest.slice(0, 16)}`, status: 'deactivated' } });
  });

  it.each([
    ['before HR took it back', '2026-11-24T12:59:59.999Z', []],
    ['just as HR took it back', '2026-11-24T13:00:00.000Z', []],
    ['after HR took it back', '2026-11-24T13:00:00.001Z', [`${DERIVED}~20261124130000001`]],
  ])('came %s, at %s: it makes another event %j', async (_, receivedAt, others) => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    const leaving = (at: string) =>
      anArrival(aTermination({ effective: { at: '2026-11-30T00:00:00Z' } }), { eventId: DERIVED, receivedAt: at });
    await handleMessage(leaving('2026-11-24T12:00:00.000Z'), desk, turn);
    desk.now = Date.parse('2026-11-24T13:00:00Z');
    await handleMessage(anArrival(aRescission(), { eventId: 'back', receivedAt: '2026-11-24T12:30:00.000Z' }), desk, turn);

    await handleMessage(leaving(receivedAt), desk, turn);

    expect([...desk.ledger.entries.values()].map(({ eventId }) => eventId)).toEqual([DERIVED, 'back', ...others]);
  });

  const okta = { source: 'okta', eventId: 'word' };
  const takenBack = (receivedAt: string) => anArrival(aRescission(), { ...okta, receivedAt });
  const activated = (receivedAt: string) =>
    anArrival({ type: 'employee.sign_of_life', sign: 'activated', employee: { email: 'ana@acme.test' } }, { ...okta, receivedAt });
  const ANOTHER = `${DERIVED}~20261124140000000`;

  it.each<{ what: string; word: Arrival; others?: string[]; eventId?: string; occurredAt?: string }>([
    {
      what: 'another, for a person to look at, if a rescission that perhaps means it came in between',
      word: takenBack('2026-11-24T13:00:00.000Z'),
      others: [ANOTHER],
    },
    { what: 'the same if that came before both', word: takenBack('2026-11-24T11:00:00.000Z') },
    { what: 'the same if that came with the first', word: takenBack('2026-11-24T12:00:00.000Z') },
    { what: 'the same if that came with the second', word: takenBack('2026-11-24T14:00:00.000Z') },
    { what: 'the same if that came after both', word: takenBack('2026-11-24T15:00:00.000Z') },
    { what: 'the same if an account was activated in between, and no more', word: activated('2026-11-24T13:00:00.000Z') },
    { what: 'the same if HR gave it an id', word: takenBack('2026-11-24T13:00:00.000Z'), eventId: 'term-1' },
    { what: 'the same if HR says when it recorded it', word: takenBack('2026-11-24T13:00:00.000Z'), occurredAt: '2026-11-24T11:00:30Z' },
  ])('that came while the first is still to come is $what', async ({ word, others = [], eventId = DERIVED, occurredAt }) => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    const leaving = (receivedAt: string) =>
      anArrival(aTermination({ effective: { at: '2026-11-30T00:00:00Z' }, ...(occurredAt && { occurredAt }) }), { eventId, receivedAt });
    await handleMessage(leaving('2026-11-24T12:00:00.000Z'), desk, turn);
    await handleMessage(word, desk, turn);

    await handleMessage(leaving('2026-11-24T14:00:00.000Z'), desk, turn);

    expect([...desk.ledger.entries.values()].map(({ eventId }) => eventId)).toEqual([eventId, 'word', ...others]);
  });
});

describe('an event that waits beside a finished one with its id', () => {
  const CAME = '2027-03-01T12:00:00.000Z';
  const ofBo = aTermination({ employee: { email: 'bo@acme.test' } });
  /** What is finished, and only its audit fact left, when the message comes again. */
  const expire = ({ ledger }: ReturnType<typeof aDesk>, eventId: string) => {
    const { finishedAt } = ledger.entries.get(`acme-hr/${eventId}`) ?? {};
    ledger.entries.delete(`acme-hr/${eventId}`);
    const { finishedBefore } = ledger;
    ledger.finishedBefore = async (ref) => (ref.eventId === eventId ? finishedAt : finishedBefore.call(ledger, ref));
  };
  const ofDigest = (eventId: string) => `${eventId}~${anArrival(ofBo).digest.slice(0, 16)}`;

  it.each([
    {
      what: 'an equal one, long after',
      before: [arrivalAt('2026-11-24T12:00:00.000Z')],
      again: arrivalAt(CAME),
      own: `${DERIVED}~20270301120000000`,
    },
    {
      what: 'another, whose id HR used again',
      before: [anArrival(aTermination(), { eventId: 'term-1' })],
      again: anArrival(ofBo, { eventId: 'term-1', receivedAt: CAME }),
      own: ofDigest('term-1'),
    },
    {
      what: 'an equal one, long after, beside another with its id',
      before: [arrivalAt('2026-11-24T12:00:00.000Z'), anArrival(ofBo, { eventId: DERIVED, receivedAt: '2026-11-24T12:00:00.000Z' })],
      again: anArrival(ofBo, { eventId: DERIVED, receivedAt: CAME }),
      own: `${ofDigest(DERIVED)}~20270301120000000`,
    },
  ])('goes on when the finished one has expired: $what', async ({ before, again, own }) => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }, { id: guid(2), emailAddr: 'bo@acme.test' }) });
    for (const message of before) await handleMessage(message, desk, turn);
    desk.now = Date.parse(CAME);
    desk.ledger.records.set('stage/pause', { value: { paused: { at: CAME, by: 'ops-person', reason: 'cut-over' } }, version: 1 });
    await handleMessage(again, desk, turn);
    for (const { eventId } of [...desk.ledger.entries.values()]) if (eventId !== own) expire(desk, eventId);
    desk.ledger.records.set('stage/pause', { value: {}, version: 2 });

    const { entry } = await handleMessage(again, desk, turn);

    expect([...desk.ledger.entries.values()].map(({ eventId }) => eventId)).toEqual([own]);
    expect(entry).toMatchObject({ eventId: own, status: expect.stringMatching(/^(held|deactivated|already-inactive)$/) });
  });

  it.each<{ what: string; event: Arrival['event']; repeats: boolean }>([
    { what: 'a termination', event: aTermination(), repeats: true },
    { what: 'a rescission', event: aRescission(), repeats: true },
    {
      what: 'no termination of which HR says when it was recorded',
      event: aTermination({ occurredAt: '2027-03-01T11:00:00Z' }),
      repeats: false,
    },
    { what: 'no word of a change, about which HR is asked', event: aTermination({ unconfirmed: true }), repeats: false },
    {
      what: 'no sign of life',
      event: { type: 'employee.sign_of_life', sign: 'activated', employee: { email: 'ana@acme.test' } },
      repeats: false,
    },
  ])('may repeat one of which only the audit fact is left: $what', async ({ event, repeats }) => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }), now: Date.parse(CAME) });
    desk.ledger.finishedBefore = async () => '2026-11-24T12:00:00.000Z';

    const { entry } = await handleMessage(anArrival(event, { eventId: DERIVED, receivedAt: CAME }), desk, turn);

    expect(entry?.repeats).toBe(repeats ? '2026-11-24T12:00:00.000Z' : undefined);
  });

  it('is not taken for another message with its id', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }, { id: guid(2), emailAddr: 'bo@acme.test' }) });
    await handleMessage(anArrival(aTermination(), { eventId: 'term-1' }), desk, turn);
    await handleMessage(anArrival(ofBo, { eventId: 'term-1', receivedAt: CAME }), desk, turn);
    expire(desk, 'term-1');

    await handleMessage(anArrival(ofBo, { eventId: 'term-1', receivedAt: '2027-03-02T12:00:00.000Z' }), desk, turn);

    expect([...desk.ledger.entries.values()].map(({ eventId, repeats }) => [eventId, repeats !== undefined])).toEqual([
      [ofDigest('term-1'), false],
      ['term-1', true],
    ]);
  });
});

function reactivate({ directory }: ReturnType<typeof aDesk>): void {
  const user = directory.users.get(guid(1));
  if (user !== undefined) user.isActive = true;
}
