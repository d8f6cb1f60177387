import { describe, expect, it } from '@jest/globals';
import { needsFollowUp } from '../../../lambda/domain/console-access/follow-up.ts';
import { accessToContinue, openAccess, readAccess, writeAccess } from '../../../lambda/domain/console-access/open-access.ts';
import { CONSOLE_CIRCUIT } from '../../../lambda/domain/console-access/wait-for-console.ts';
import { circuitRecord } from '../../../lambda/domain/stage/circuit.ts';
import { reportFailure } from '../../../lambda/domain/stage/gate.ts';
import { STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { DAY, HOUR, MINUTE, SECOND, toInstant } from '../../../lambda/domain/time/time.ts';
import { ANA, aConsole, EVENT } from '../../admin-console/a-console.ts';
import { anArrival, aRescission, aTermination, aUser, guid } from '../../support/builders.ts';
import { untilSettled } from '../../support/working.ts';

const held = (code: string) => ({ status: 'held', code });

const NOT_FOUND = 'error.user.not_found';
const READ_ONLY = 'error.usergroup.readonly.remove_user_not_allowed';
/** The answers of one turn to a person who has these memberships: both reads, then a refusal of the removal. */
const onAction = (groups: readonly string[], errorCode: string) => {
  const shown = { status: 200, body: { result: 'success', user: { email: ANA.email, type: 'federatedID', status: 'active', groups } } };
  const errors = [{ index: 0, step: 0, requestID: 'evt-1', message: 'refused', user: ANA.email, errorCode }];
  const refused = { result: 'error', completed: 0, notCompleted: 1, completedInTestMode: 0, errors };
  return [shown, shown, { status: 200, body: refused }];
};

describe('the console access of a leaver', () => {
  it('is removed, exactly as the stage names it, and read again until it is gone', async () => {
    const { untilOver, directory, fake } = await aConsole();

    const record = await untilOver();

    expect(record).toMatchObject({ status: 'removed', asked: ['Workfront'] });
    expect(directory.find(ANA.email)?.direct).toEqual(['Acrobat']);
    expect(
      fake.calls.filter(({ method, url }) => method === 'POST' && url.includes('/action/')).map(({ body }) => JSON.parse(body)),
    ).toEqual([[{ user: ANA.email, do: [{ remove: { group: ['Workfront'] } }] }]]);
  });

  it.each([
    { name: 'through a named user group', direct: ['WF-Users'], left: [] },
    { name: 'directly and through a named user group', direct: ['WF-Users', 'Workfront', 'Acrobat'], left: ['Acrobat'] },
  ])('is removed if the person has it $name', async ({ direct, left }) => {
    const { untilOver, directory } = await aConsole({ people: [{ ...ANA, direct }] });

    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect(directory.find(ANA.email)?.direct).toEqual(left);
  });

  it.each([
    { name: 'nothing that the stage names', people: [{ ...ANA, direct: ['Acrobat'] }] },
    { name: 'no groups at all', people: [{ ...ANA, direct: [] }] },
    { name: 'no account there', people: [] },
    { name: 'a disabled account there', people: [{ ...ANA, status: 'disabled' as const }] },
  ])('is nothing to remove if the person has $name: no action is asked for', async ({ people }) => {
    const { untilOver, fake } = await aConsole({ people });

    expect(await untilOver()).toMatchObject({ status: 'nothing-to-remove' });
    expect(fake.calls.filter(({ url }) => url.includes('/action/'))).toEqual([]);
  });

  it.each([
    { name: 'made the person meanwhile', before: [], again: ANA },
    { name: 'added the profile meanwhile', before: [{ ...ANA, direct: ['Acrobat'] }], again: ANA },
    { name: 'added a named group meanwhile', before: [{ ...ANA, direct: [] }], again: { ...ANA, direct: ['WF-Users', 'Acrobat'] } },
  ])('is removed a day later if there was nothing to remove, and a sync has $name', async ({ before, again }) => {
    const { desk, untilOver, directory } = await aConsole({ people: before });
    expect(await untilOver()).toMatchObject({ status: 'nothing-to-remove' });
    directory.put(again);
    expect(await accessToContinue(desk.ledger, desk.now + HOUR)).toEqual([]);

    desk.now += DAY + SECOND;

    expect(await accessToContinue(desk.ledger, desk.now)).toEqual([EVENT]);
    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect(directory.find(ANA.email)?.direct).toEqual(['Acrobat']);
  });

  it('is removed a day later with as many tries as on the first day, also of what was refused then', async () => {
    const { desk, untilOver, directory } = await aConsole({ people: [] });
    await untilOver();
    const known = await readAccess(EVENT, desk.ledger);
    if (known === undefined) throw new Error('no record');
    const refused = { Workfront: { code: 'read-only-group', saw: 'a sync has it' } };
    await writeAccess({ ...known, value: { ...known.value, removals: 3, internalErrors: 2, oneByOne: true, refused } }, desk.ledger);
    directory.put(ANA);
    desk.now += DAY + SECOND;

    expect(await untilOver()).toMatchObject({ status: 'removed', asked: ['Workfront'], removals: 1, internalErrors: 0, refused: {} });
  });

  it('is looked at once more, and no more, if there is still nothing to remove a day later', async () => {
    const { desk, untilOver, fake } = await aConsole({ people: [] });
    await untilOver();
    desk.now += DAY + SECOND;

    expect(await untilOver()).toMatchObject({ status: 'nothing-to-remove' });
    expect((await untilOver())?.lookAgainAt).toBeUndefined();
    expect(await openAccess(desk.ledger)).toEqual([]);
    expect(fake.calls.filter(({ url }) => url.includes('/action/'))).toEqual([]);
  });

  it('is not removed a day later from somebody who is active again', async () => {
    const { desk, untilOver, directory } = await aConsole({ people: [] });
    await untilOver();
    directory.put(ANA);
    const user = desk.directory.users.get(guid(1));
    if (user !== undefined) user.isActive = true;
    desk.now += DAY + SECOND;

    expect(await untilOver()).toMatchObject({ status: 'nothing-to-remove' });
    expect(directory.find(ANA.email)?.direct).toEqual(ANA.direct);
  });

  it('is not removed a day later while HR has perhaps withdrawn the termination: a person must look', async () => {
    const { desk, untilOver, directory } = await aConsole({ people: [] });
    await untilOver();
    directory.put(ANA);
    await untilSettled(desk, anArrival(aRescission(), { eventId: 'evt-2', receivedAt: '2026-11-24T12:00:00.000Z' }));
    desk.now += DAY + SECOND;

    expect(await untilOver()).toMatchObject(held('rescinded'));
    expect(directory.find(ANA.email)?.direct).toEqual(ANA.direct);
  });

  it('is removed again if the user returned, with the profile, and was deactivated again', async () => {
    const { desk, untilOver, directory } = await aConsole();
    await untilOver();
    desk.now += 3 * DAY;
    directory.put(ANA);
    const entry = await desk.ledger.readEntry(EVENT);
    if (entry === undefined) throw new Error('no such event');
    const again = await desk.ledger.writeEntry({ ...entry, finishedAt: toInstant(desk.now) });

    expect(await needsFollowUp(again, desk.ledger)).toBe(true);
    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect(directory.find(ANA.email)?.direct).toEqual(['Acrobat']);
    expect(await needsFollowUp(again, desk.ledger)).toBe(false);
  });

  it('is looked at a day later after a second deactivation too, if a sync adds it then', async () => {
    const { desk, untilOver, directory } = await aConsole();
    await untilOver();
    desk.now += HOUR;
    const entry = await desk.ledger.readEntry(EVENT);
    if (entry === undefined) throw new Error('no such event');
    await desk.ledger.writeEntry({ ...entry, finishedAt: toInstant(desk.now) });
    expect(await untilOver()).toMatchObject({ status: 'removed' });

    directory.put(ANA);
    desk.now += DAY;
    expect(await untilOver()).toMatchObject(held('added-again'));
  });

  it('is looked at a last time, and no more, after the event was undone', async () => {
    const { desk, untilOver } = await aConsole();
    await untilOver();
    desk.now += 2 * DAY;
    const entry = await desk.ledger.readEntry(EVENT);
    if (entry === undefined) throw new Error('no such event');
    await desk.ledger.writeEntry({ ...entry, status: 'undone', finishedAt: toInstant(desk.now) });

    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect((await untilOver())?.lookAgainAt).toBeUndefined();
  });

  it('names the person as the Console spells them: another spelling would be nobody', async () => {
    const { untilOver, directory } = await aConsole({ people: [{ ...ANA, email: 'Ana@Acme.test' }] });

    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect(directory.find(ANA.email)?.direct).toEqual(['Acrobat']);
  });

  it('says of an Adobe ID that it is one', async () => {
    const { untilOver, fake } = await aConsole({ people: [{ ...ANA, type: 'adobeID' }] });

    await untilOver();

    expect(fake.calls.find(({ url }) => url.includes('/action/'))?.body).toContain('"useAdobeID":true');
  });

  it('is only tried in a dry run, and removed after the event was replayed for real', async () => {
    const { desk, untilOver, directory, fake } = await aConsole({ rules: { dryRun: true } });

    expect(await untilOver()).toMatchObject({ status: 'would-remove', testOnly: true });
    expect(fake.calls.at(-1)?.url).toContain('testOnly=true');
    expect(directory.find(ANA.email)?.direct).toEqual(ANA.direct);

    desk.policy.dryRun = false;
    const entry = await desk.ledger.readEntry(EVENT);
    await untilSettled(desk, { kind: 'replay', ...EVENT, entryVersion: entry?.version ?? 0, by: 'ops' });
    expect(await untilOver()).toMatchObject({ status: 'removed', testOnly: false });
  });

  it('never changes the event, whatever becomes of it', async () => {
    const { desk, untilOver, fake } = await aConsole();
    const before = await desk.ledger.readEntry(EVENT);
    fake.troubles.push({ status: 403 }, 'hang-up', { status: 500 });

    await untilOver();

    expect(await desk.ledger.readEntry(EVENT)).toEqual(before);
  });

  it('has no address in any record', async () => {
    const { desk, untilOver } = await aConsole();

    await untilOver();

    const written = JSON.stringify([...desk.ledger.records].filter(([key]) => /console/.test(key)));
    expect(written).toContain('Workfront');
    expect(written).not.toContain('acme.test');
  });

  it('is not asked about before the deactivation is recorded', async () => {
    const { desk, turn, fake } = await aConsole();
    const entry = await desk.ledger.readEntry(EVENT);
    if (entry === undefined) throw new Error('no entry');
    desk.ledger.entries.set('acme-hr/evt-1', { ...entry, status: 'processing' });

    expect(await turn()).toMatchObject({ kind: 'nothing-to-do' });
    expect(fake.calls).toEqual([]);
  });
});

describe('a person must look', () => {
  it('if the person has it only through a user group that the stage does not name', async () => {
    const { untilOver, directory } = await aConsole({ people: [{ ...ANA, direct: ['Everybody'] }] });

    expect(await untilOver()).toMatchObject(held('through-group'));
    expect(directory.find(ANA.email)?.direct).toEqual(['Everybody']);
  });

  it('if a group is read-only, and everything else is removed all the same', async () => {
    const named = { profiles: ['Workfront'], groups: ['Shared', 'WF-Users'] };
    const { untilOver, directory } = await aConsole({ named, people: [{ ...ANA, direct: ['Shared', 'WF-Users', 'Workfront'] }] });

    const record = await untilOver();

    expect(record).toMatchObject(held('read-only-group'));
    expect(record?.history.at(-1)?.why).toMatch(/Shared: .*another console/);
    expect(directory.find(ANA.email)?.direct).toEqual(['Shared']);
  });

  it('if one name of several is refused, whichever it was: each is tried alone, and the rest is removed', async () => {
    const named = { profiles: ['Workfront'], groups: ['WF-Users', 'Shared'] };
    const direct = ['Shared', 'WF-Users', 'Acrobat'];
    const { untilOver, directory, fake } = await aConsole({ named, people: [{ ...ANA, direct }] });
    fake.troubles.push(...onAction(direct, READ_ONLY));

    const record = await untilOver();

    expect(record).toMatchObject({ ...held('read-only-group'), refused: { Shared: { code: 'read-only-group' } } });
    expect(Object.keys(record?.refused ?? {})).toEqual(['Shared']);
    expect(directory.find(ANA.email)?.direct).toEqual(['Shared', 'Acrobat']);
    const asked = fake.calls.filter(({ url }) => url.includes('/action/')).map(({ body }) => JSON.parse(body)[0].do[0].remove.group);
    expect(asked).toEqual([['WF-Users', 'Shared'], ['WF-Users'], ['Shared']]);
  });

  it.each([0, 1500])('if a directory sync adds the person again after %s ms: it is not tried for ever', async (syncReadds) => {
    const { untilOver, fake } = await aConsole({ switches: { syncReadds } });

    const record = await untilOver();

    expect(record).toMatchObject(held('not-gone'));
    expect(record?.history.at(-1)?.why).toMatch(/identity provider/);
    expect(fake.calls.filter(({ url }) => url.includes('/action/'))).toHaveLength(3);
  });

  it('if a directory sync adds the person again within a day: it is read once more then', async () => {
    const { desk, untilOver } = await aConsole({ switches: { syncReadds: 2 * HOUR } });
    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect(await accessToContinue(desk.ledger, desk.now)).toEqual([]);

    desk.now += DAY + SECOND;

    expect(await accessToContinue(desk.ledger, desk.now)).toEqual([EVENT]);
    expect(await untilOver()).toMatchObject(held('added-again'));
  });

  it('if a sync adds the person again after a second message found it removed too early', async () => {
    const { desk, untilOver, turn, directory } = await aConsole();
    await untilOver();
    await turn(EVENT);
    directory.put(ANA);
    desk.now += DAY + HOUR;

    expect(await accessToContinue(desk.ledger, desk.now)).toEqual([EVENT]);
    expect(await untilOver()).toMatchObject(held('added-again'));
  });

  it('if the user is active again', async () => {
    const { desk, untilOver, directory } = await aConsole();
    const user = desk.directory.users.get(guid(1));
    if (user !== undefined) user.isActive = true;

    expect(await untilOver()).toMatchObject(held('active-again'));
    expect(directory.find(ANA.email)?.direct).toEqual(ANA.direct);
  });

  it('if HR has withdrawn the termination meanwhile', async () => {
    const { desk, untilOver, directory } = await aConsole();
    await untilSettled(desk, anArrival(aRescission(), { eventId: 'evt-2', receivedAt: '2026-11-24T13:00:00.000Z' }));

    expect(await untilOver()).toMatchObject(held('rescinded'));
    expect(directory.find(ANA.email)?.direct).toEqual(ANA.direct);
  });

  it('if HR has perhaps withdrawn it since: it gave both words the same time', async () => {
    const { desk, untilOver, directory } = await aConsole();
    await untilSettled(desk, anArrival(aRescission(), { eventId: 'evt-2', receivedAt: '2026-11-24T12:00:00.000Z' }));

    expect(await untilOver()).toMatchObject(held('rescinded'));
    expect(directory.find(ANA.email)?.direct).toEqual(ANA.direct);
  });

  it.each(['hired', 'transferred'] as const)('if HR has said since that the person is %s', async (sign) => {
    const { desk, untilOver, directory } = await aConsole();
    const event = { type: 'employee.sign_of_life' as const, sign, employee: { email: ANA.email } };
    await untilSettled(desk, anArrival(event, { eventId: 'evt-2', receivedAt: '2026-11-24T13:00:00.000Z' }));

    expect(await untilOver()).toMatchObject(held('rescinded'));
    expect(directory.find(ANA.email)?.direct).toEqual(ANA.direct);
  });

  it('if HR has recorded a later last day since', async () => {
    const { desk, untilOver, directory } = await aConsole();
    const later = aTermination({ effective: { date: '2026-12-15', timeZone: 'UTC' } });
    await untilSettled(desk, anArrival(later, { eventId: 'evt-2', receivedAt: '2026-11-24T13:00:00.000Z' }));

    expect(await untilOver()).toMatchObject(held('rescinded'));
    expect(directory.find(ANA.email)?.direct).toEqual(ANA.direct);
  });

  it('if the address belongs to another active user by now', async () => {
    const { desk, untilOver, directory } = await aConsole();
    desk.directory.users.set(guid(2), aUser({ id: guid(2) }));

    expect(await untilOver()).toMatchObject(held('address-in-use'));
    expect(directory.find(ANA.email)?.direct).toEqual(ANA.direct);
  });

  it.each([
    { code: 'no-address', emailAddr: undefined },
    { code: 'no-address', emailAddr: 'ana' },
    { code: 'no-address', emailAddr: '../groups@x/y' },
  ])('if Workfront has no usable address: $emailAddr', async ({ code, emailAddr }) => {
    const { desk, untilOver, fake } = await aConsole();
    const user = desk.directory.users.get(guid(1));
    if (user !== undefined) user.emailAddr = emailAddr;

    expect(await untilOver()).toMatchObject(held(code));
    expect(fake.calls).toEqual([]);
  });

  it('if Workfront has no such user any more', async () => {
    const { desk, untilOver } = await aConsole();
    desk.directory.users.delete(guid(1));

    expect(await untilOver()).toMatchObject(held('user-gone'));
  });

  it('and what is settled is not on the list any more', async () => {
    const { desk, untilOver } = await aConsole({ people: [] });
    await untilOver();
    desk.now += DAY + SECOND;

    await untilOver();

    expect(await openAccess(desk.ledger)).toEqual([]);
    expect(await accessToContinue(desk.ledger, desk.now + 2 * DAY)).toEqual([]);
  });
});

const SYNC = 'a directory sync may manage it: remove the person from the synced group in the identity provider, then retry';
const NOBODY = 'the Console shows no such user: never there, removed, or disabled';

describe('what is done about a leaver says', () => {
  it.each<{ what: string; story: Parameters<typeof aConsole>[0]; answers?: string[]; said: string[] }>([
    { what: 'what was removed', story: {}, said: ['after deactivated', 'Workfront removed; gone when read again'] },
    {
      what: 'that there was nothing',
      story: { people: [{ ...ANA, direct: [] }] },
      said: ['after deactivated', 'has nothing that the stage names'],
    },
    { what: 'that nobody was there', story: { people: [] }, said: ['after deactivated', `has nothing that the stage names; ${NOBODY}`] },
    {
      what: 'what would be removed',
      story: { rules: { dryRun: true }, people: [{ ...ANA, direct: ['Workfront', 'WF-Users'] }] },
      said: ['after would-deactivate', 'dry run: WF-Users, Workfront would be removed'],
    },
    {
      what: 'through what the person still has it',
      story: { people: [{ ...ANA, direct: ['Everybody'] }] },
      said: [
        'after deactivated',
        'has Workfront through a user group that the stage does not name; remove the person from that group, or name it in adminConsole.groups',
      ],
    },
    {
      what: 'what comes back',
      story: { switches: { syncReadds: 0 }, people: [{ ...ANA, direct: ['Workfront', 'WF-Users'] }] },
      said: ['after deactivated', `still has WF-Users, Workfront after several removals; ${SYNC}`],
    },
    {
      what: 'that the Console shows the person, and does not find them',
      story: { people: [{ ...ANA, direct: ['Workfront', 'WF-Users'] }] },
      answers: Array.from({ length: 3 }, () => NOT_FOUND),
      said: [
        'after deactivated',
        'still has WF-Users, Workfront, and the Console says that there is no such user; look at the user in the Console, then retry',
      ],
    },
  ])('$what', async ({ story, answers = [], said }) => {
    const { untilOver, fake } = await aConsole(story);
    for (const errorCode of answers) fake.troubles.push(...onAction(story?.people?.[0]?.direct ?? [], errorCode));

    expect((await untilOver())?.history.map(({ why }) => why)).toEqual(said);
  });

  it('only what we removed ourselves, if the Console did not find the person for the rest', async () => {
    const direct = ['Workfront', 'WF-Users'];
    const { untilOver, turn, fake, directory, desk } = await aConsole({ people: [{ ...ANA, direct }] });
    // Together they are refused, so the group is removed alone; then somebody takes the account away.
    fake.troubles.push(...onAction(direct, READ_ONLY));
    for (const _ of ['together', 'the group alone']) {
      const end = await turn();
      if (end.kind === 'wait') desk.now += end.seconds * SECOND;
    }
    expect(directory.find(ANA.email)?.direct).toEqual(['Workfront']);
    fake.troubles.push(...onAction(['Workfront'], NOT_FOUND));
    directory.put({ ...ANA, status: 'disabled' });

    const record = await untilOver();

    expect(record).toMatchObject({ status: 'removed', asked: ['WF-Users'] });
    expect(record?.history.at(-1)?.why).toBe(`WF-Users removed; gone when read again; ${NOBODY}`);
  });

  it('a day later what a sync has added, and that it is removed', async () => {
    const { desk, untilOver, directory } = await aConsole({ people: [] });
    await untilOver();
    directory.put({ ...ANA, direct: ['Workfront', 'WF-Users'] });
    desk.now += DAY + SECOND;

    expect((await untilOver())?.history.map(({ to, by, why }) => `${to} (${by}): ${why}`).slice(2)).toEqual([
      'waiting (worker): read again after a day: has WF-Users, Workfront by now',
      'removed (worker): WF-Users, Workfront removed; gone when read again',
    ]);
  });

  it('a day later why it was not looked at again', async () => {
    const { desk, untilOver } = await aConsole();
    await untilOver();
    desk.directory.users.set(guid(1), aUser({ id: guid(1) }));
    desk.now += DAY + SECOND;

    const record = await untilOver();

    expect(record?.history.at(-1)).toMatchObject({
      to: 'removed',
      why: 'not looked at again: the user is active in Workfront again',
    });
    expect(record?.lookAgainAt).toBeUndefined();
  });

  it('between two turns that the Console is read again in a moment', async () => {
    const { desk, turn, record } = await aConsole();
    const [at, until] = [toInstant(desk.now), toInstant(desk.now + 5 * SECOND)];

    expect(await turn()).toEqual({ kind: 'wait', code: 'reads-again', seconds: 5 });

    expect((await record())?.waiting).toEqual({
      since: at,
      attempts: 1,
      until,
      code: 'reads-again',
      saw: 'the Console is read again in a moment',
    });
  });

  it('a day later what it saw then', async () => {
    const [gone, back] = [await aConsole(), await aConsole({ switches: { syncReadds: 2 * HOUR } })];
    for (const { desk, untilOver } of [gone, back]) {
      await untilOver();
      desk.now += DAY + SECOND;
    }

    expect((await gone.untilOver())?.history.at(-1)?.why).toBe('read again after a day: still gone');
    expect((await back.untilOver())?.history.at(-1)?.why).toBe(`has Workfront again; ${SYNC}`);
  });

  it('a day later that nobody is there any more', async () => {
    const { desk, untilOver, directory } = await aConsole();
    await untilOver();
    directory.put({ ...ANA, status: 'disabled' });
    desk.now += DAY + SECOND;

    expect((await untilOver())?.history.at(-1)?.why).toBe(`read again after a day: still gone; ${NOBODY}`);
  });

  it('why nothing is done', async () => {
    const { desk, turn, untilOver } = await aConsole();
    expect(await turn({ ...EVENT, eventId: 'none' })).toEqual({ kind: 'nothing-to-do', why: 'the ledger has no such termination' });
    await untilOver();
    expect(await turn()).toEqual({ kind: 'nothing-to-do', why: 'removed; it is looked at again in a day' });
    desk.now += DAY + SECOND;
    await untilOver();
    expect(await turn()).toEqual({ kind: 'nothing-to-do', why: 'settled before: removed' });

    const entry = await desk.ledger.readEntry(EVENT);
    if (entry === undefined) throw new Error('no such event');
    desk.ledger.entries.set('acme-hr/evt-3', { ...entry, eventId: 'evt-3', status: 'held' });
    expect(await turn({ ...EVENT, eventId: 'evt-3' })).toEqual({ kind: 'nothing-to-do', why: 'nothing is removed after held' });
  });

  it.each<{ code: string; saw: string; change: (desk: Awaited<ReturnType<typeof aConsole>>['desk']) => unknown }>([
    {
      code: 'event-changed',
      saw: 'the event is undone by now',
      change: ({ ledger }) => {
        const entry = ledger.entries.get('acme-hr/evt-1');
        if (entry !== undefined) ledger.entries.set('acme-hr/evt-1', { ...entry, status: 'undone' });
      },
    },
    {
      code: 'user-gone',
      saw: 'Workfront has no such user any more, so nothing says which address is meant',
      change: ({ directory }) => directory.users.delete(guid(1)),
    },
    {
      code: 'active-again',
      saw: 'the user is active in Workfront again',
      change: ({ directory }) => directory.users.set(guid(1), aUser({ id: guid(1) })),
    },
    {
      code: 'rescinded',
      saw: 'HR has withdrawn this termination since',
      change: (desk) => untilSettled(desk, anArrival(aRescission(), { eventId: 'evt-2', receivedAt: '2026-11-24T13:00:00.000Z' })),
    },
    {
      code: 'rescinded',
      saw: 'HR has perhaps withdrawn this termination since, put it off, or hired the person again',
      change: (desk) => untilSettled(desk, anArrival(aRescission(), { eventId: 'evt-2', receivedAt: '2026-11-24T12:00:00.000Z' })),
    },
    {
      code: 'no-address',
      saw: 'the user has no usable address in Workfront',
      change: ({ directory }) => directory.users.set(guid(1), aUser({ id: guid(1), isActive: false, emailAddr: 'ana' })),
    },
    {
      code: 'address-in-use',
      saw: `user ${guid(2)} is active and has the same address by now`,
      change: ({ directory }) => directory.users.set(guid(2), aUser({ id: guid(2) })),
    },
  ])('what a person must look at first: $code, $saw', async ({ code, saw, change }) => {
    const { desk, turn, fake } = await aConsole();
    fake.troubles.push({ status: 503 });
    expect(await turn()).toMatchObject({ kind: 'wait' });
    await change(desk);
    desk.now += HOUR;

    const end = await turn();

    expect(end).toMatchObject({ kind: 'settled', record: held(code) });
    expect(end.kind === 'settled' && end.record.history.at(-1)?.why).toBe(`${saw}; nothing more is removed`);
  });
});

describe('a day later', () => {
  it('what is still gone is settled for good', async () => {
    const { desk, untilOver, turn } = await aConsole();
    expect((await untilOver())?.lookAgainAt).toBeDefined();

    desk.now += DAY + SECOND;

    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect(await openAccess(desk.ledger)).toEqual([]);
    expect(await turn()).toMatchObject({ kind: 'nothing-to-do' });
  });

  it('a user that a person has switched on again is no new trouble', async () => {
    const { desk, untilOver } = await aConsole();
    await untilOver();
    const user = desk.directory.users.get(guid(1));
    if (user !== undefined) user.isActive = true;

    desk.now += DAY + SECOND;

    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect(await openAccess(desk.ledger)).toEqual([]);
  });
});

describe('a turn', () => {
  it('makes no call to Workfront or the Console while the stage is paused', async () => {
    const { desk, turn, fake } = await aConsole();
    const at = toInstant(desk.now);
    await desk.ledger.writeRecord(STAGE_KEYS.pause, { value: { paused: { at, by: 'ops', reason: 'look' } }, version: 0 });
    const { calls } = desk.directory;

    expect(await turn()).toMatchObject({ kind: 'wait', code: 'paused' });

    expect(desk.directory.calls).toBe(calls);
    expect(fake.calls).toEqual([]);
  });

  it('makes no call to Workfront or the Console while Workfront is in trouble, which is no trouble of the Console', async () => {
    const { desk, turn, fake } = await aConsole();
    const [at, probeAt] = [desk.now, desk.now + MINUTE].map(toInstant);
    const open = { cause: 'credentials', since: at, probeAt, saw: 'key-refused' };
    await desk.ledger.writeRecord(STAGE_KEYS.circuit, { value: { failures: 1, open }, version: 0 });
    const { calls } = desk.directory;

    expect(await turn()).toEqual({ kind: 'wait', code: 'circuit-open', seconds: 60 });

    expect(desk.directory.calls).toBe(calls);
    expect(fake.calls).toEqual([]);
  });

  it('that began before the Console was in trouble, and was answered well, does not end the trouble: only a probe does', async () => {
    const { desk, turn } = await aConsole({ people: [] });
    const { memberships } = desk.adminConsole;
    desk.adminConsole.memberships = async (address) => {
      const has = await memberships(address);
      // Another worker's question is refused before this turn ends.
      await reportFailure({ cause: 'credentials', saw: 'console-rejected' }, desk, CONSOLE_CIRCUIT);
      return has;
    };

    expect(await turn()).toMatchObject({ kind: 'settled' });

    const circuit = await desk.ledger.readRecord(CONSOLE_CIRCUIT, circuitRecord);
    expect(circuit?.value.open).toMatchObject({ cause: 'credentials', saw: 'console-rejected' });
  });

  it('that meets another worker at the same leaver leaves it to them, and comes back in a moment', async () => {
    const { turn, untilOver, directory, fake } = await aConsole();

    const ends = await Promise.all([turn(), turn()]);

    expect(ends).toContainEqual({ kind: 'wait', code: 'reads-again', seconds: 5 });
    expect(ends).toContainEqual({ kind: 'wait', code: 'contended', seconds: 2 });
    expect(fake.calls.filter(({ url }) => url.includes('/action/'))).toHaveLength(1);
    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect(directory.find(ANA.email)?.direct).toEqual(['Acrobat']);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])('may break off at write %s to the ledger, and is repeated', async (broken) => {
    const { desk, turn, untilOver, directory } = await aConsole();
    let writes = 0;
    const write = desk.ledger.writeRecord.bind(desk.ledger);
    desk.ledger.writeRecord = async (...args) => {
      writes += 1;
      if (writes === broken) throw new Error('the worker was killed');
      return write(...args);
    };

    for (let turns = 0; turns < 60; turns++) {
      const end = await turn().catch(() => undefined);
      if (end === undefined) continue;
      if (end.kind !== 'wait') break;
      desk.now += end.seconds * SECOND;
    }
    desk.ledger.writeRecord = write;

    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect(directory.find(ANA.email)?.direct).toEqual(['Acrobat']);
  });

  it('that is killed before it has a record is found', async () => {
    const { desk, turn } = await aConsole();
    const write = desk.ledger.writeRecord.bind(desk.ledger);
    desk.ledger.writeRecord = (key, ...rest) =>
      key.startsWith('console-access/') ? Promise.reject(new Error('the worker was killed')) : write(key, ...rest);

    await expect(turn()).rejects.toThrow('killed');

    expect(await accessToContinue(desk.ledger, desk.now)).toEqual([EVENT]);
  });

  it('whose message is lost gets another one', async () => {
    const { desk, turn, fake } = await aConsole();
    fake.troubles.push({ status: 503 });
    await turn();

    expect(await accessToContinue(desk.ledger, desk.now + 20 * MINUTE)).toEqual([]);
    expect(await accessToContinue(desk.ledger, desk.now + 40 * MINUTE)).toEqual([EVENT]);
  });

  it('of many leavers stays within ten actions and 25 reads a minute of all workers together', async () => {
    const leavers = Array.from({ length: 30 }, (_, number) => `l${number}@acme.test`);
    const { desk, turn, fake } = await aConsole({
      people: leavers.map((email) => ({ ...ANA, email })),
      rules: { brake: { perHour: 100, floorPerDay: 100 } },
    });
    const refs = leavers.map((_, number) => ({ source: 'acme-hr', eventId: `leaver-${number}` }));
    for (const [number, email] of leavers.entries())
      desk.directory.users.set(guid(100 + number), aUser({ id: guid(100 + number), emailAddr: email }));
    await untilSettled(desk, ...refs.map((ref, number) => anArrival(aTermination({ employee: { email: leavers[number] } }), ref)));

    const left = refs.map((ref) => ({ ref, at: desk.now }));
    while (left.length > 0) {
      left.sort((one, other) => one.at - other.at);
      const next = left.shift();
      if (next === undefined) break;
      desk.now = Math.max(desk.now, next.at);
      const end = await turn(next.ref);
      if (end.kind === 'wait') left.push({ ...next, at: desk.now + end.seconds * SECOND });
    }

    expect(fake.calls.filter(({ status }) => status === 429)).toEqual([]);
    expect((await openAccess(desk.ledger)).filter(({ status }) => status !== 'removed')).toEqual([]);
    expect(leavers.map((email) => fake.directory.find(email)?.direct)).toEqual(leavers.map(() => ['Acrobat']));
  });
});
