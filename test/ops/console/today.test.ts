import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { movedTo, newAccess } from '../../../lambda/domain/console-access/access-record.ts';
import { writeAccess } from '../../../lambda/domain/console-access/open-access.ts';
import { STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { type Deployment, openDeployment } from '../../../ops/deployment/deployment.ts';
import {
  aBody,
  allUsers,
  type FakeRow,
  listEvents,
  post,
  type StartedSystem,
  startSystem,
  untilSettled,
} from '../../support/started-system.ts';
import type { Browser } from './a-browser.ts';
import { anOpenConsole, type TestConsole } from './an-open-console.ts';

/** The console over a local system, with one leaver who is active again. Each test goes on where the last ended. */
describe('the page Today', () => {
  let system: StartedSystem;
  let leaver: FakeRow | undefined;
  let deployment: Deployment;
  let open: TestConsole;
  let browser: Browser;
  const ref = { source: 'standard-webhooks', eventId: 'came-back' };
  const why = 'HR says that they left';

  beforeAll(async () => {
    system = await startSystem({ users: 60 });
    leaver = (await allUsers(system)).find(({ isActive, isAdmin }) => isActive && !isAdmin);
    await post(system, aBody(leaver?.emailAddr ?? ''), { id: ref.eventId });
    await untilSettled(system, 1);
    await fetch(`${system.workfront}/_fake/users/${leaver?.ID}`, { method: 'PUT', body: JSON.stringify({ isActive: true }) });
    deployment = await openDeployment({ local: true, data: system.dataDir, stage: undefined, region: undefined });
    await deployment.queue.send({ kind: 'watch', ...ref });
    for (let tries = 0; tries < 60 && (await listEvents(system))[0]?.status !== 'returned'; tries++) await sleep(200);
    open = await anOpenConsole(deployment);
    browser = open.stranger();
    await browser.enter(open.entrance);
  }, 60_000);
  afterAll(async () => {
    await open.close();
    await system.stop();
  });

  it('counts who is active again, as late, and leads to the decision', async () => {
    const { body } = await browser.get('/');

    expect(body).toContain('1 leaver still has access.');
    expect(body).toMatch(/1 active again, 0 found by the sweep[\s\S]*<a href="\/decide">decide/);
    expect(body).toContain('a person: the user is active again');
  }, 30_000);

  it('counts what the sweep found, and what is left in the Admin Console', async () => {
    const entry = await deployment.ledger.readEntry(ref);
    if (entry === undefined) throw new Error('there is no event');
    const finding = { ...ref, eventId: 'another', what: 'still-active', saw: 'user is active', at: entry.updatedAt };
    await deployment.ledger.writeRecord(STAGE_KEYS.findings, { value: { people: 1, leftOut: 0, findings: [finding] }, version: 0 });
    const held = { to: 'held' as const, code: 'active-again', why: 'somebody is active', now: Date.now() };
    await writeAccess({ value: movedTo(newAccess(entry, Date.now()), held), version: 0 }, deployment.ledger);

    const { body } = await browser.get('/');

    expect(body).toContain('1 found by the sweep');
    expect(body).toContain('in the Admin Console: 1 held, 0 failed, 0 waiting');
  }, 30_000);

  it('leads to both sides, to what the user owns, and to the decision that ends it', async () => {
    const decide = await browser.get('/decide');
    const owned = await browser.post('/event/impact', ref);
    const event = /name="event" value="(\d+ standard-webhooks came-back)"/.exec(decide.body)?.[1] ?? '';
    const asked = await browser.post('/decide/ask', { event, choice: 'undo', reason: why });
    const done = await browser.post('/decide/do', { event, choice: 'deactivate-again', reason: why });

    expect(decide.body).toContain(leaver?.emailAddr);
    expect(owned.body).toMatch(/open projects that they own/);
    expect(asked.body).toMatch(/would be\s+active again[\s\S]*not given back/);
    expect(done.status).toBe(200);
    expect((await allUsers(system)).find(({ ID }) => ID === leaver?.ID)?.isActive).toBe(false);
    expect((await browser.get('/')).body).toContain('0 active again');
  }, 60_000);
});
