import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';
import type { Browser } from './a-browser.ts';
import { anOpenConsole, type TestConsole } from './an-open-console.ts';

const READ = [
  '/',
  '/decide',
  '/events',
  '/event?source=acme-hr&id=evt-1',
  '/find',
  '/trouble',
  '/report',
  '/report/file?format=csv',
  '/console.css',
];
const WRITE = [
  '/decide/ask',
  '/decide/do',
  '/plan/make',
  '/plan/open',
  '/plan/apply',
  '/event',
  '/find',
  '/trouble/do',
  '/stage/ask',
  '/stage/do',
];

describe('the door of the console', () => {
  let deployment: TestDeployment;
  let open: TestConsole;
  let operator: Browser;
  beforeEach(async () => {
    deployment = aDeployment({ users: aDirectory({ id: guid(1), isAdmin: true }) });
    await deployment.work(anArrival(aTermination()));
    open = await anOpenConsole(deployment);
    operator = open.stranger();
    await operator.enter(open.entrance);
  });
  afterEach(() => open.close());

  const statusOfEvent = async () => (await deployment.ledger.byEventId('evt-1'))[0]?.status;
  const rejecting = async () => {
    const [entry] = await deployment.ledger.byEventId('evt-1');
    return { event: `${entry?.version} acme-hr evt-1`, choice: 'reject', reason: 'HR named the wrong person' };
  };

  it('lets the browser in that comes with the token, by a cookie that no script and no other site gets', async () => {
    const browser = open.stranger();
    const other = await anOpenConsole(deployment);
    try {
      const first = await other.stranger().get(other.entrance.slice(other.origin.length));

      expect(first.headers['set-cookie']?.[0]).toMatch(/^console-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    } finally {
      await other.close();
    }
    expect(await operator.get('/find')).toMatchObject({ status: 200 });
    expect(await browser.get('/find')).toMatchObject({ status: 403 });
  });

  it.each(['/enter', '/enter?token=', `/enter?token=${'A'.repeat(43)}`])('takes no other token than its own: %s', async (path) => {
    const fresh = await anOpenConsole(deployment);
    try {
      const stranger = fresh.stranger();
      expect(await stranger.get(path)).toMatchObject({ status: 403 });
      expect(stranger.cookie()).toBeUndefined();
      expect(await fresh.stranger().get(fresh.entrance.slice(fresh.origin.length))).toMatchObject({ status: 200 });
    } finally {
      await fresh.close();
    }
  });

  it('takes its token once, and goes on with the browser that used it', async () => {
    const second = open.stranger();

    expect(await second.get(open.entrance.slice(open.origin.length))).toMatchObject({ status: 403 });
    expect(second.cookie()).toBeUndefined();
    expect(await operator.get('/find')).toMatchObject({ status: 200 });
  });

  it.each(READ)('shows nothing to a second browser, not even which stage this is: %s', async (path) => {
    const { status, body } = await open.stranger().get(path);

    expect(status).toBe(403);
    expect(body).toMatch(/^Refused: this browser did not come in/);
    expect(body.length).toBeLessThan(200);
  });

  it.each(WRITE)('does nothing for a second browser: %s', async (path) => {
    expect(await open.stranger().post(path, await rejecting())).toMatchObject({ status: 403 });
    expect(await statusOfEvent()).toBe('held');
  });

  it.each(['evil.test', 'localhost:PORT', '127.0.0.1', '127.0.0.1:1', 'evil.test:PORT', '127.0.0.1.evil.test:PORT'])(
    'answers no other host, as a name that leads here from elsewhere has it: %s',
    async (name) => {
      const host = name.replace('PORT', new URL(open.origin).port);

      expect(await operator.get('/find', { headers: { host } })).toMatchObject({ status: 421 });
      expect(await operator.post('/decide/do', await rejecting(), { host, origin: `http://${host}` })).toMatchObject({ status: 421 });
      expect(await statusOfEvent()).toBe('held');
    },
  );

  it.each([
    { origin: 'http://evil.test' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { origin: '' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
  ])('does nothing for a form of another page, though the cookie comes with it: %j', async (headers: Record<string, string>) => {
    expect(await operator.post('/decide/do', await rejecting(), headers)).toMatchObject({ status: 403 });
    expect(await statusOfEvent()).toBe('held');
  });

  it.each([{ origin: 'http://evil.test' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])(
    'shows nothing to another page, though the cookie comes with it: %j',
    async (headers: Record<string, string>) => {
      expect(await operator.get('/events', { headers })).toMatchObject({ status: 403 });
    },
  );

  it.each([{ form: '' }, { form: 'A'.repeat(43) }, { form: ['A', 'B'] }])(
    'does nothing for a form without its token: %j',
    async (wrong) => {
      expect(await operator.post('/decide/do', { ...(await rejecting()), ...wrong })).toMatchObject({ status: 403 });
      expect(await statusOfEvent()).toBe('held');
    },
  );

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('knows only GET and POST: %s', async (method) => {
    expect(await operator.get('/events', { method, headers: { origin: open.origin } })).toMatchObject({ status: 403 });
  });

  it('does what the console’s own page sends', async () => {
    expect(await operator.post('/decide/do', await rejecting())).toMatchObject({ status: 200 });
    expect(await statusOfEvent()).toBe('rejected');
  });

  it.each(['/find', '/no-such-page', '/enter?token=x', '/event?source=acme-hr&id=nobody'])(
    'lets nothing run or load but files of the console, and lets nobody keep or frame the page: %s',
    async (path) => {
      const { headers } = await operator.get(path);

      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'same-origin',
      });
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self';.*frame-ancestors 'none'$/,
      );
      expect(headers['content-security-policy']).not.toMatch(/unsafe|http|\*/);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it('is on the loopback address, and on no other of this machine', async () => {
    const others = Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).flatMap(({ address, internal }) => (internal ? [] : [address])),
    );
    const port = Number(new URL(open.origin).port);

    for (const host of [...others, '::1']) expect(await isOpen(host, port)).toBe(false);
    expect(await isOpen('127.0.0.1', port)).toBe(true);
  });
});

const isOpen = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
