import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { movedTo, newAccess } from '../../../lambda/domain/console-access/access-record.ts';
import { readAccess, writeAccess } from '../../../lambda/domain/console-access/open-access.ts';
import { noteFinding } from '../../../lambda/domain/watch/findings.ts';
import { lookAgain } from '../../../lambda/domain/watch/look-again.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';
import type { Browser } from './a-browser.ts';
import { anOpenConsole, type TestConsole } from './an-open-console.ts';

const HOSTILE = '</Smith> <script>alert(1)</script>';

describe('the console', () => {
  let deployment: TestDeployment;
  let open: TestConsole;
  let browser: Browser;
  beforeEach(async () => {
    const employee = { email: 'ana@acme.test', familyName: HOSTILE, givenName: '\u202eAna' };
    deployment = aDeployment({ users: aDirectory({ id: guid(1), isAdmin: true, lastName: HOSTILE }), rules: { secondPersonAbove: 1 } });
    await deployment.work(anArrival(aTermination({ employee })));
    open = await anOpenConsole(deployment);
    browser = open.stranger();
    await browser.enter(open.entrance);
  });
  afterEach(() => open.close());

  const entryOf = async (eventId = 'evt-1') => {
    const [entry] = await deployment.ledger.byEventId(eventId);
    if (entry === undefined) throw new Error(`there is no event ${eventId}; see beforeEach`);
    return entry;
  };
  const seen = async (eventId?: string) => {
    const { version, source, eventId: id } = await entryOf(eventId);
    return `${version} ${source} ${id}`;
  };
  const choicesIn = (body: string) => [...body.matchAll(/name="choice" value="([^"]+)"/g)].map(([, choice]) => choice);
  const why = 'HR confirmed it';

  it('shows what HR sent as text, whatever it is, and no character that turns a line around', async () => {
    const { body } = await browser.post('/event', { source: 'acme-hr', eventId: 'evt-1' });

    expect(body).toContain('&lt;/Smith&gt; &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).not.toContain('<script>');
    expect(body).not.toContain('\u202e');
    expect(body.match(/<script/g)).toHaveLength(1);
  });

  it('shows who an event is about only if asked', async () => {
    const { body } = await browser.get('/event?source=acme-hr&id=evt-1');

    expect(body).toContain('evt-1');
    expect(body).not.toContain('ana@acme.test');
    expect(body).not.toContain('Smith');
  });

  it.each(['/events', '/find', '/event?source=acme-hr&id=evt-1'])('has nobody in an address, and nothing in line: %s', async (path) => {
    const { body } = await browser.get(path);
    const addresses = [...body.matchAll(/(?:href|action|src)="([^"]*)"/g)].map(([, address = '']) => address);

    expect(addresses.length).toBeGreaterThan(5);
    expect(addresses.filter((address) => /acme\.test|ana/.test(address) || !address.startsWith('/'))).toEqual(['#main']);
    expect(body).not.toMatch(/ (style|on\w+)="|javascript:/);
  });

  it('asks who is meant by a form that is sent, and never by an address', async () => {
    const { body } = await browser.get('/find');

    expect(body).toMatch(/<form method="post" action="\/find">/);
    expect(body.match(/<form/g)).toHaveLength(1);
  });

  it('asks before it rejects, and says how many keep access', async () => {
    const { status, body } = await browser.post('/decide/ask', { event: await seen(), choice: 'reject', reason: why });

    expect(status).toBe(200);
    expect(body).toContain('1 person keeps access. Reject?');
    expect(await entryOf()).toMatchObject({ status: 'held' });
  });

  it('releases as the command does: by the worker, with the reason and who did it', async () => {
    const { status } = await browser.post('/decide/do', { event: await seen(), choice: 'release', reason: why });

    expect(status).toBe(200);
    expect(await entryOf()).toMatchObject({ status: 'deactivated' });
    expect((await entryOf()).history).toContainEqual(expect.objectContaining({ by: deployment.me, why: expect.stringContaining(why) }));
  });

  it('reopens what was rejected', async () => {
    await browser.post('/decide/do', { event: await seen(), choice: 'reject', reason: why });
    const { status } = await browser.post('/decide/do', { event: await seen(), choice: 'reopen', reason: why });

    expect(status).toBe(200);
    expect(await entryOf()).toMatchObject({ status: 'held' });
    expect((await entryOf()).history.map(({ to }) => to)).toContain('rejected');
  });

  it.each(['release', 'reject'])('does not decide about an event that has changed since the page showed it: %s', async (choice) => {
    const event = await seen();
    await deployment.ledger.writeEntry(await entryOf());
    const { status, body } = await browser.post('/decide/do', { event, choice, reason: why });

    expect(status).toBe(409);
    expect(body).toContain('has changed since the page showed it');
    expect(await entryOf()).toMatchObject({ status: 'held' });
  });

  it.each([{ reason: '' }, { reason: 'why' }, { choice: 'deactivate' }, { event: '' }, { event: '1 nowhere nothing' }, { user: 'x' }])(
    'refuses a form that says too little or something else: %j',
    async (wrong) => {
      const { status } = await browser.post('/decide/do', { event: await seen(), choice: 'release', reason: why, ...wrong });

      expect([400, 409]).toContain(status);
      expect(await entryOf()).toMatchObject({ status: 'held' });
    },
  );

  describe('after the deactivation', () => {
    beforeEach(async () => {
      await browser.post('/decide/do', { event: await seen(), choice: 'release', reason: why });
    });
    const users = () => deployment.desk.directory.users;
    /** Somebody activates the user, and the worker sees it. */
    async function comeBack(): Promise<void> {
      const user = users().get(guid(1));
      if (user === undefined) throw new Error('there is no user');
      user.isActive = true;
      await lookAgain({ source: 'acme-hr', eventId: 'evt-1' }, deployment.desk);
    }
    const found = (what: 'employed' | 'unreadable') =>
      noteFinding({ source: 'acme-hr', eventId: 'evt-1', what, saw: `user ${guid(1)} was deactivated` }, deployment.desk);

    it('offers an undo, and asks with what it gives back', async () => {
      const { body } = await browser.get('/event?source=acme-hr&id=evt-1');
      const asked = await browser.post('/decide/ask', { event: await seen(), choice: 'undo', reason: why });
      const { status } = await browser.post('/decide/do', { event: await seen(), choice: 'undo', reason: why });

      expect(choicesIn(body)).toEqual(['undo']);
      expect(asked.body).toContain('1 person gets access again. Undo?');
      expect(status).toBe(200);
      expect(await entryOf()).toMatchObject({ status: 'undone' });
      expect(users().get(guid(1))?.isActive).toBe(true);
    });

    it('says when the user is read again', async () => {
      const { body } = await browser.get('/event?source=acme-hr&id=evt-1');

      expect(body).toContain('the user must stay inactive: they are read again');
    });

    it.each([
      { choice: 'deactivate-again', question: '1 person loses access: deactivate again?', status: 'deactivated', active: false },
      { choice: 'accept', question: '1 person keeps access. Accept?', status: 'accepted', active: true },
      { choice: 'undo', question: '1 person gets access again. Undo?', status: 'undone', active: true },
    ])('lists who is active again on the page Decide, and does $choice', async ({ choice, question, status, active }) => {
      await comeBack();
      const { body } = await browser.get('/decide');
      const asked = await browser.post('/decide/ask', { event: await seen(), choice, reason: why });
      await browser.post('/decide/do', { event: await seen(), choice, reason: why });

      expect(body).toContain('the user was inactive, and is active again');
      expect(choicesIn(body)).toEqual(['deactivate-again', 'accept', 'undo']);
      expect(asked.body).toContain(question);
      expect(await entryOf()).toMatchObject({ status });
      expect(users().get(guid(1))?.isActive).toBe(active);
    });

    it('says of a user who is active again that a person undid another event', async () => {
      const twin = aTermination({ employee: { email: 'ana@acme.test', familyName: HOSTILE } });
      await deployment.work(anArrival(twin, { source: 'payroll', eventId: 'evt-twin' }));
      await browser.post('/decide/do', { event: await seen(), choice: 'undo', reason: why });
      await lookAgain({ source: 'payroll', eventId: 'evt-twin' }, deployment.desk);
      const pages = [await browser.get('/decide'), await browser.get('/event?source=payroll&id=evt-twin')];

      expect(await entryOf('evt-twin')).toMatchObject({ status: 'returned' });
      for (const { body } of pages)
        expect(body).toMatch(
          /event evt-1 of acme-hr, of the same user, was undone [^<]* by [^<]*: a person has decided that they may be active/,
        );
    });

    it('says nothing of an undo if nobody ordered one', async () => {
      await comeBack();

      for (const path of ['/decide', '/event?source=acme-hr&id=evt-1']) expect((await browser.get(path)).body).not.toContain('was undone');
    });

    it('leads from a rescission that came too late to what is to be undone', async () => {
      const rescission = { ...aRescission(), employee: { email: 'ana@acme.test' } };
      await deployment.work(anArrival(rescission, { eventId: 'evt-back' }));
      const pages = [await browser.get('/decide'), await browser.get('/event?source=acme-hr&id=evt-back')];

      expect(await entryOf('evt-back')).toMatchObject({ reason: 'rescinded-after-deactivation' });
      for (const { body } of pages) expect(body).toMatch(/undo what deactivated their user[^<]*<a href="[^"]*id=evt-1"/);
    });

    it('lists what the sweep found until it is settled, and the event says what to do', async () => {
      await found('employed');
      const before = await browser.get('/decide');
      const { body } = await browser.get('/event?source=acme-hr&id=evt-1');
      await browser.post('/decide/do', { event: await seen(), choice: 'undo', reason: why });

      expect(before.body).toContain(`employed: user ${guid(1)} was deactivated`);
      expect(body).toMatch(/What the nightly sweep found[\s\S]*ask HR; if they are employed/);
      expect((await browser.get('/decide')).body).not.toContain('employed: user');
    });

    describe('with something left in the Admin Console', () => {
      const record = async () => (await readAccess({ source: 'acme-hr', eventId: 'evt-1' }, deployment.ledger))?.value;
      const order = (name: string, steps = 2) => ({ source: 'acme-hr', eventId: 'evt-1', steps: String(steps), order: name, reason: why });
      beforeEach(async () => {
        const begun = newAccess(await entryOf(), deployment.clock());
        const held = { to: 'held' as const, code: 'active-again', why: 'somebody is active', now: deployment.clock() };
        await writeAccess({ value: movedTo(begun, held), version: 0 }, deployment.ledger);
      });

      it('shows it on Decide and with the event', async () => {
        const decide = await browser.get('/decide');
        const event = await browser.get('/event?source=acme-hr&id=evt-1');

        expect(decide.body).toContain('held, active-again');
        expect(event.body).toMatch(/In the Admin Console[\s\S]*held \(active-again\)[\s\S]*somebody is active/);
      });

      it('closes it by the word of a person, after a question', async () => {
        const asked = await browser.post('/access/ask', order('close'));
        expect(asked.body).toContain('what they have there, they keep. Close?');
        expect(await record()).toMatchObject({ status: 'held' });

        expect(await browser.post('/access/do', order('close'))).toMatchObject({ status: 200 });
        expect(await record()).toMatchObject({
          status: 'closed',
          history: expect.arrayContaining([expect.objectContaining({ by: deployment.me })]),
        });
      });

      it('does nothing about what has changed since the page showed it', async () => {
        expect(await browser.post('/access/do', order('close', 1))).toMatchObject({ status: 409 });
        expect(await record()).toMatchObject({ status: 'held' });
      });
    });
  });

  describe('with more events than one person may release', () => {
    beforeEach(async () => {
      const held = await entryOf();
      await deployment.ledger.writeEntry({ ...held, eventId: 'evt-2', version: 0 });
    });

    it('releases none of them without a plan', async () => {
      const event = [await seen('evt-1'), await seen('evt-2')];
      const { status, body } = await browser.post('/decide/do', { event, choice: 'release', reason: why });

      expect(status).toBe(400);
      expect(body).toContain('wants a second person');
      expect(await entryOf()).toMatchObject({ status: 'held' });
    });

    it('lets somebody else apply the plan, once, and not who made it', async () => {
      const { body } = await browser.post('/plan/make', { kind: 'release', reason: why });
      const digest = /<code>([0-9a-f]{64})<\/code>/.exec(body)?.[1] ?? '';

      expect(body).toContain('someone other than');
      expect(body).not.toContain('Apply the plan');
      expect(await browser.post('/plan/apply', { digest })).toMatchObject({ status: 409 });
      expect(await entryOf()).toMatchObject({ status: 'held' });

      deployment.me = 'arn:aws:sts::111122223333:assumed-role/Ops/ben';
      expect(await browser.post('/plan/apply', { digest })).toMatchObject({ status: 200 });
      expect(await entryOf()).toMatchObject({ status: 'deactivated' });
      expect(await browser.post('/plan/apply', { digest })).toMatchObject({ status: 409 });
    });
  });

  it('lists every event once, page by page, also if hundreds were received in one instant', async () => {
    const names = Array.from({ length: 175 }, (_, number) => `many-${number}`);
    for (const eventId of names) await deployment.ledger.writeEntry(anEntry(aTermination(), { eventId, status: 'deactivated' }));
    const listed: string[] = [];
    for (let path: string | undefined = '/events'; path !== undefined; ) {
      const { body } = await browser.get(path);
      const onPage = [...body.matchAll(/id=(many-\d+)/g)].map(([, id = '']) => id);
      expect(onPage.length).toBeLessThanOrEqual(50);
      listed.push(...onPage);
      path = /<a href="(\/events\?[^"]+)">Earlier/.exec(body)?.[1]?.replaceAll('&amp;', '&');
    }

    expect(listed.toSorted()).toEqual(names.toSorted());
  });

  it('sends few bytes: its files have at most 40 KB', () => {
    const bytes = ['console.css', 'console.js'].map((file) => statSync(`ops/console/${file}`).size);

    expect(bytes.reduce((sum, one) => sum + one)).toBeLessThan(40_000);
  });
});
