import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { runOps } from '../ops/run-ops.ts';
import { aBody, allUsers, listEvents, post, type StartedSystem } from '../support/started-system.ts';
import { REBOUND, startChromium } from './chromium.ts';
import { type StartedConsole, startConsole } from './started-console.ts';
import { behave, startTroubledSystem, type TroubledSystem } from './troubled-system.ts';

const WHY = 'HR confirmed it on the phone';
const WITHIN_MS = 60_000;

/** In this order: each decision leaves the system to the next. */
describe('in a browser, an operator', () => {
  let troubled: TroubledSystem;
  let system: StartedSystem;
  let started: StartedConsole;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    browser = await startChromium();
    troubled = await startTroubledSystem();
    ({ system } = troubled);
    started = await startConsole(system.dataDir);
    context = await browser.newContext({ acceptDownloads: true });
    page = await context.newPage();
    await page.goto(started.entrance);
    await page.waitForURL(`${started.origin}/`);
  }, 900_000);
  afterAll(async () => {
    await browser?.close();
    await started?.interrupt();
    await system?.stop();
  });

  const said = () => page.textContent('main');
  const statusOf = async (id: string) => (await listEvents(system)).find(({ eventId }) => eventId === id)?.status;
  const isActive = async (id: string) => {
    const user = (await listEvents(system)).find(({ eventId }) => eventId === id)?.workfrontUserId;
    return (await allUsers(system)).find(({ ID }) => ID === user)?.isActive;
  };
  const click = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const openEvent = (id: string) => page.goto(`${started.origin}/event?source=standard-webhooks&id=${id}`);

  /** On the page of an event: gives the reason, chooses, and says yes. */
  async function decide(id: string, choice: string, yes: string): Promise<void> {
    await openEvent(id);
    await page.getByLabel('Why').fill(WHY);
    await click(choice);
    await click(yes);
  }

  async function orderStage(summary: string, yes: string): Promise<void> {
    await page.goto(started.origin);
    await page.getByText(summary, { exact: true }).first().click();
    const reason = page.locator('main details[open] input[name=reason]');
    if ((await reason.count()) > 0) await reason.fill(WHY);
    await page.locator('main details[open] button').click();
    await click(yes);
  }

  async function until(what: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + WITHIN_MS; !(await what()); await sleep(300))
      if (Date.now() > deadline) throw new Error(`it did not become so within ${WITHIN_MS / 1000} s: ${what}`);
  }

  it('pauses and resumes the stage', async () => {
    await orderStage('Pause the stage', 'Yes, pause');
    expect(await said()).toContain('Paused.');
    await orderStage('Resume', 'Yes, resume');
    expect(await said()).toContain('Resumed.');
  });

  it('releases the brake, and the events that it holds stay held', async () => {
    await orderStage('Release the brake', 'Yes, release the brake');

    expect(await said()).toContain('Released: 2 deactivations in the last hour, the limit is 2');
    expect(await statusOf('layoff-1')).toBe('held');
  });

  it('must give a reason', async () => {
    await openEvent('mismatch-1');
    await click('Release');

    expect(page.url()).toContain('/event?');
    expect(await page.evaluate('document.activeElement.name')).toBe('reason');
  });

  it('releases from the queue, with both sides beside each other: the user seen is inactive then', async () => {
    await page.goto(`${started.origin}/decide`);
    const card = page.locator('article', { hasText: 'mismatch-1' });
    expect(await card.textContent()).toContain('differs');
    await card.getByLabel('Why').fill(WHY);
    await card.getByLabel('was the guard wrong?').selectOption('renamed');
    await card.getByRole('button', { name: 'Release' }).click();
    expect(await said()).toContain('1 person loses access: release?');
    expect(await isActive('mismatch-1')).toBe(true);
    await click('Yes, release');

    expect(await said()).toContain('deactivated');
    expect(await isActive('mismatch-1')).toBe(false);
  });

  it('does nothing by a no', async () => {
    await openEvent('mismatch-2');
    await page.getByLabel('Why').fill(WHY);
    await click('Reject');
    await page.getByRole('link', { name: 'No, do nothing' }).click();

    expect(page.url()).toBe(`${started.origin}/decide`);
    expect(await statusOf('mismatch-2')).toBe('held');
  });

  it('rejects by the keyboard alone', async () => {
    await page.goto(`${started.origin}/decide`);
    const tabTo = async (selector: string) => {
      for (let step = 0; step < 300; step++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
      }
      throw new Error(`the keyboard does not reach ${selector}`);
    };
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the page');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none');
    await page.keyboard.press('Enter');
    await tabTo('#reason-mismatch-2');
    await page.keyboard.type(WHY);
    await tabTo('button[value=reject]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/decide/ask');
    await tabTo('button.do');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/decide/do');

    expect(await statusOf('mismatch-2')).toBe('rejected');
    expect(await isActive('mismatch-2')).toBe(true);
  });

  it('reopens what was rejected, and the guard holds it again', async () => {
    await decide('mismatch-2', 'Reopen', 'Yes, reopen');

    expect(await said()).toContain('identity-mismatch');
    expect(await statusOf('mismatch-2')).toBe('held');
  });

  it('has the guard asked again, and it holds again', async () => {
    await decide('mismatch-3', 'Ask the guard again', 'Yes, ask the guard again');

    expect(await said()).toContain('identity-mismatch');
    expect(await statusOf('mismatch-3')).toBe('held');
  });

  it('replays what failed, after the cause is fixed', async () => {
    await decide('refused-1', 'Replay', 'Yes, replay');

    expect(await statusOf('refused-1')).toBe('deactivated');
  });

  it('cancels what is scheduled', async () => {
    const body = JSON.parse(aBody(troubled.others[0]?.emailAddr ?? ''));
    body.data.effective = { date: '2027-06-30', timeZone: 'Europe/Amsterdam' };
    await post(system, JSON.stringify(body), { id: 'later-1' });
    await until(async () => (await statusOf('later-1')) === 'scheduled');
    await decide('later-1', 'Cancel', 'Yes, cancel');

    expect(await statusOf('later-1')).toBe('cancelled');
  });

  it('cannot apply a plan of more events than one person may release, and can give it to somebody else', async () => {
    await page.goto(`${started.origin}/decide`);
    await page.getByLabel('only what this guard holds').selectOption('brake');
    await page.locator('#reason-plan').fill(WHY);
    await click('Make the plan');
    expect(await said()).toContain('More than 2 events: someone other than');
    expect(await page.getByRole('button', { name: 'Apply the plan' }).count()).toBe(0);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Keep the file of the plan' }).click(),
    ]);
    const file = await download.path();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ kind: 'release', events: { length: 3 } });
    await page.goto(`${started.origin}/decide`);
    await page
      .getByLabel('The file of the plan')
      .setInputFiles({ name: 'plan.json', mimeType: 'application/json', buffer: readFileSync(file) });
    await click('Open the plan');
    expect(await said()).toContain('someone other than');
  });

  it('applies a smaller plan by its digest: each of its leavers is out', async () => {
    await decide('layoff-3', 'Reject', 'Yes, reject');
    await page.goto(`${started.origin}/decide`);
    await page.getByLabel('only what this guard holds').selectOption('brake');
    await page.locator('#reason-plan').fill(WHY);
    await click('Make the plan');
    await click('Apply the plan');

    expect(await said()).toContain('layoff-2');
    expect([await statusOf('layoff-1'), await statusOf('layoff-2'), await statusOf('layoff-3')]).toEqual([
      'deactivated',
      'deactivated',
      'rejected',
    ]);
  });

  it('verifies a delivery of the quarantine again, and dismisses it', async () => {
    await page.goto(`${started.origin}/trouble`);
    await page.getByRole('button', { name: 'Verify again' }).last().click();
    expect(await said()).toContain('no secret of standard-webhooks proves it');
    await click('Yes, send it');
    expect(await said()).toContain('stays');

    await page.goto(`${started.origin}/trouble`);
    await page.getByText('Dismiss', { exact: true }).first().click();
    await page.locator('main details[open] input[name=reason]').fill(WHY);
    await page.locator('main details[open] button').click();
    expect(await said()).toContain('It is proven to be of HR: a leaver in it keeps access.');
    await click('Yes, delete it');
    await page.goto(`${started.origin}/trouble`);
    expect(await said()).toContain('1 deliveries were not accepted');
  });

  it('puts dead letters back, and deletes what nobody can read, after looking at it', async () => {
    await page.goto(`${started.origin}/trouble`);
    await click('Put all back on the leaver queue');
    await click('Yes, put them back');
    expect(await said()).toContain('1 put back.');
    await until(async () => {
      await page.goto(`${started.origin}/trouble`);
      return (await said())?.includes('1 messages could not even be recorded') === true;
    });
    await page.locator('summary', { hasText: 'Delete' }).click();
    await page.locator('main details[open] input[name=reason]').fill(WHY);
    await page.locator('main details[open] button').click();
    expect(await page.textContent('pre')).toContain('poison </Smith> <script>');
    await click('Yes, delete it');

    await page.goto(`${started.origin}/trouble`);
    expect(await said()).toContain('Dead lettersnone');
  });

  it('downloads the report as the command makes it', async () => {
    await page.goto(`${started.origin}/report`);
    for (const format of ['csv', 'json', 'html']) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: `Download ${format.toUpperCase()}` }).click(),
      ]);
      const lines = (text: string) => text.split('\n').filter((line) => !/"report":|Made |Received from/.test(line));
      const { stdout } = await runOps(system.dataDir, 'report', '--format', format);

      expect(download.suggestedFilename()).toBe(`leavers-local.${format}`);
      expect(lines(readFileSync(await download.path(), 'utf8'))).toEqual(lines(stdout));
    }
  });

  it('tries again at once what waited for Workfront, after it is repaired', async () => {
    await behave(system, { rejectCredential: true });
    await post(system, aBody(troubled.others[1]?.emailAddr ?? ''), { id: 'stopped-1' });
    await until(async () => {
      await page.goto(started.origin);
      return (await said())?.includes('Workfront refuses the credential (rejected)') === true;
    });
    await behave(system, { rejectCredential: false });
    await orderStage('Try now', 'Yes, try now');

    expect(await said()).toMatch(/Workfront answers\. \d+ waiting events are tried now\./);
    await until(async () => (await statusOf('stopped-1')) === 'held');
  }, 180_000);

  it('sees Today load itself again, also while nobody touches it', async () => {
    await page.clock.install();
    await page.goto(started.origin);
    await post(system, aBody('new@acme.test', { employee: { email: 'new@acme.test' } }), { id: 'new-1' });
    await until(async () => (await statusOf('new-1')) === 'no-account');
    await until(async () => {
      await page.clock.fastForward(31_000);
      return (await said())?.includes('Without an account in 7 days: 2') === true;
    });
  }, 180_000);

  describe('is safe from', () => {
    let evil: Server;
    let evilPage = '';
    beforeAll(async () => {
      const event = 'mismatch-4';
      evil = createServer((_, response) =>
        response.setHeader('content-type', 'text/html').end(`<!doctype html><title>evil</title>
<iframe src="${started.origin}/decide"></iframe><img src="${started.origin}/find">
<form method="post" action="${started.origin}/decide/do"><input name="event" value="3 standard-webhooks ${event}">
<input name="choice" value="release"><input name="reason" value="because I say so"></form>`),
      );
      await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
      const address = evil.address();
      evilPage = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
    });
    afterAll(() => {
      evil.close();
    });

    it('a page of another port, which has the browser send the cookie', async () => {
      const other = await context.newPage();
      await other.goto(evilPage);
      const frame = other.frames()[1];

      expect(await frame?.evaluate('document.body.innerText').catch(() => '')).not.toContain('Decide');
      await other.evaluate('document.forms[0].submit()');
      await other.waitForURL('**/decide/do');
      expect(await other.textContent('body')).toContain('Refused: the request comes from another page.');
      expect(await statusOf('mismatch-4')).toBe('held');
      await other.close();
    });

    it('a name that leads to this machine', async () => {
      const other = await context.newPage();
      await other.goto(`http://${REBOUND}:${new URL(started.origin).port}/events`);

      expect(await other.textContent('body')).toContain('Refused: this console answers at its own address only.');
      await other.close();
    });

    it('a second browser, also with the link', async () => {
      const stranger = await browser.newContext();
      const other = await stranger.newPage();
      for (const address of [`${started.origin}/`, started.entrance]) {
        await other.goto(address);
        expect(await other.textContent('body')).toContain('Refused:');
        expect(await other.content()).not.toContain('mismatch');
      }
      await stranger.close();
    });
  });

  it('ends it with the terminal, and the page says so', async () => {
    await page.goto(started.origin);
    expect(await started.interrupt()).toBe(0);
    await page.clock.fastForward(31_000);
    await page.waitForFunction("document.getElementById('freshness').textContent.includes('what you see is old')");
    expect(started.errors()).not.toMatch(/Error|acme\.test/);
  });
});
