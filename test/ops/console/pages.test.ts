import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
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
