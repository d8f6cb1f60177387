import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import * as z from 'zod';
import { startChromium } from './chromium.ts';
import { type StartedConsole, startConsole } from './started-console.ts';
import { HOSTILE, startTroubledSystem, type TroubledSystem } from './troubled-system.ts';

const SCREENSHOTS = 'reports/console';
/** What the browser may be sent for one page. */
const MOST_BYTES = 200_000;

const violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

const LOOKS = [
  { look: 'light', colorScheme: 'light', width: 1200 },
  { look: 'dark', colorScheme: 'dark', width: 1200 },
  { look: 'narrow', colorScheme: 'light', width: 360 },
] as const;

const PAGES = [
  { name: 'today', path: '/', says: '9 leavers still have access.' },
  { name: 'decide', path: '/decide', says: 'differs' },
  { name: 'events', path: '/events', says: 'layoff-1' },
  { name: 'event', path: '/event?source=standard-webhooks&id=mismatch-1', says: 'identity-mismatch' },
  { name: 'find', path: '/find', says: 'Show every step' },
  { name: 'trouble', path: '/trouble', says: 'proven, not understood' },
  { name: 'report', path: '/report', says: 'Download CSV' },
];

let troubled: TroubledSystem;
let browser: Browser;
beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  browser = await startChromium();
  troubled = await startTroubledSystem();
}, 900_000);
afterAll(async () => {
  await browser?.close();
  await troubled?.system.stop();
});

describe.each(LOOKS)('in a browser that is $look, each page', ({ look, colorScheme, width }) => {
  let started: StartedConsole;
  let context: BrowserContext;
  let page: Page;
  const wrong: string[] = [];
  const asked: string[] = [];
  let bytes = 0;

  beforeAll(async () => {
    started = await startConsole(troubled.system.dataDir);
    context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (failure) => wrong.push(failure.message));
    page.on('dialog', (dialog) => {
      wrong.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => asked.push(request.url()));
    page.on('response', async (response) => {
      bytes += (await response.body().catch(() => Buffer.alloc(0))).length;
    });
    await page.goto(started.entrance);
    await page.waitForURL(`${started.origin}/`);
  });
  afterAll(async () => {
    await context?.close();
    await started?.interrupt();
  });

  async function holds(name: string): Promise<void> {
    await page.screenshot({ path: `${SCREENSHOTS}/${name}-${look}.png`, fullPage: true });
    await page.evaluate(axe.source);
    const found = violations.parse(await page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then((all) => all.violations)"));
    expect(found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([]);
    expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(wrong).toEqual([]);
  }

  it.each(PAGES)('can be read by everybody, loads nothing from elsewhere and is small: $name', async ({ name, path, says }) => {
    bytes = 0;
    await page.goto(started.origin + path);

    expect(await page.textContent('main')).toContain(says);
    await holds(name);
    expect(bytes).toBeLessThan(MOST_BYTES);
    expect(asked.filter((url) => !url.startsWith(started.origin))).toEqual([]);
  });

  it('shows a hostile name as the text that it is: one event with who it is about', async () => {
    await page.goto(`${started.origin}/event?source=standard-webhooks&id=mismatch-1`);
    await page.getByRole('button', { name: 'Show who it is about' }).click();

    expect(await page.textContent('main')).toContain(HOSTILE);
    expect(await page.locator('script').count()).toBe(1);
    await holds('event-person');
  });

  it('asks, and can be read by everybody: the question before a release, and the steps of a search', async () => {
    await page.goto(`${started.origin}/event?source=standard-webhooks&id=mismatch-2`);
    await page.getByLabel('Why').fill('HR confirmed it on the phone');
    await page.getByRole('button', { name: 'Release' }).click();
    expect(await page.textContent('main')).toContain('1 person loses access: release?');
    await holds('question');

    await page.goto(`${started.origin}/find`);
    await page.getByLabel('E-mail address in HR').fill(troubled.others[0]?.emailAddr ?? '');
    await page.getByRole('button', { name: 'Show every step' }).click();
    expect(await page.textContent('main')).toContain('Every guard');
    expect(page.url()).toBe(`${started.origin}/find`);
    await holds('found');

    await page.goto(`${started.origin}/decide`);
    await page.getByLabel('Why').last().fill('HR confirmed the list');
    await page.getByRole('button', { name: 'Make the plan' }).click();
    expect(await page.textContent('main')).toContain('someone other than');
    await holds('plan');
  });
});
