import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { SYSTEM_NAMES, sourceOf } from '../../lambda/sources/systems/registry.ts';
import { standardHeaders } from '../support/deliveries.ts';
import { SIGN, type Sign } from '../support/signing.ts';
import { configsOf, samplesOf, stagePartsOf } from '../support/source-pages.ts';
import {
  aDataDir,
  allUsers,
  type FakeRow,
  ops,
  type StartedSystem,
  type Summary,
  startSystem,
  untilSettled,
} from '../support/started-system.ts';
import { proven, SPECIMENS } from '../support/systems.ts';
import type { Paged } from '../support/understanding.ts';

const SYSTEMS = SYSTEM_NAMES.filter((name): name is Paged => name !== 'canonical');

/** Pages of systems that send the canonical event, and how they prove it. */
const CANONICAL: Record<string, Sign> = { 'entra-workflow': SIGN.adp, 'oracle-hcm': standardHeaders };

const PAGES: readonly string[] = [...SYSTEMS, ...Object.keys(CANONICAL)];
const isSystem = (page: string): page is Paged => SYSTEMS.some((one) => one === page);

/** Pages whose delivery ends one of perhaps several employments, and whose snippet leaves that to a person. */
const HELD: readonly string[] = SYSTEMS.filter((page) => {
  const { becomes } = SPECIMENS[page];
  return becomes.type === 'employee.terminated' && becomes.doubt === 'one-employment';
});

const NOW = Date.now();
const THREE_DAYS_AGO = new Date(NOW - 3 * 24 * 3600 * 1000).toISOString().slice(0, 10);

/** What each page says to write into a stage, in one stage. The stand-in has one register of numbers, and all leave within a minute. */
function stageOfPages(): object {
  const parts = PAGES.map((page) => stagePartsOf(page)[0] ?? { sources: {}, policy: {} });
  const rules = z.looseObject({ sources: z.record(z.string(), z.unknown()).default({}) });
  return {
    workfront: { baseUrl: 'https://globex.my.workfront.com' },
    sources: Object.assign({}, ...parts.map(({ sources }) => sources)),
    policy: {
      sources: Object.assign({}, ...parts.map(({ policy }) => rules.parse(policy).sources)),
      sharedNumbers: true,
      brake: { perHour: 500, shareOfActivePerDay: 1, floorPerDay: 500 },
    },
    dropResourcesOnDelete: true,
  };
}

/** The delivery of a page, about a user of the stand-in and some days ago instead of about Ana on a date to come. */
function deliveryOf(page: string, { emailAddr, firstName, lastName, extRefID }: Leaver): string {
  return (samplesOf(page)[0] ?? '')
    .replaceAll(page === 'entra' ? 'bcfc9744-0ab3-4ef3-ab0d-e728255d659c' : 'no id', extRefID)
    .replaceAll('ana@acme.test', emailAddr)
    .replaceAll(/10042|101652/g, extRefID)
    .replaceAll('"Ana"', JSON.stringify(firstName))
    .replaceAll('"Silva"', JSON.stringify(lastName))
    .replaceAll('Ana Silva', `${firstName} ${lastName}`)
    .replaceAll('e8b90071-0c11-471c-86e8-e303ef2f6782', extRefID)
    .replaceAll(/2026-1[12]-\d\d/g, THREE_DAYS_AGO)
    .replaceAll(/\b1795\d{6}\b/g, String(Math.floor(NOW / 1000)));
}

const leaver = z.object({ ID: z.string(), emailAddr: z.string(), firstName: z.string(), lastName: z.string(), extRefID: z.string() });
type Leaver = z.infer<typeof leaver>;

it('every page with a snippet is played here', () => {
  const files = readdirSync('docs/sources').map((file) => file.replace('.md', ''));

  expect(files.filter((page) => page !== 'README' && page !== 'adding-a-source').sort()).toEqual([...PAGES].sort());
});

describe('the page of each HR system', () => {
  let system: StartedSystem;
  let leavers: Leaver[];
  beforeAll(async () => {
    const dataDir = aDataDir();
    const file = join(dataDir, 'stages.json');
    writeFileSync(file, JSON.stringify({ stages: { pages: stageOfPages() } }));
    system = await startSystem({ dataDir, users: 200, flags: ['--stages', file, '--stage', 'pages'] });
    leavers = await leaversOf(system, await allUsers(system), PAGES.length);
  }, 60_000);
  afterAll(async () => {
    expect(await system.stop()).toBe(0);
  });

  it('has a snippet and a delivery that together make a user inactive, and no other user; a person releases what its page says is held', async () => {
    const before = await allUsers(system);
    for (const [at, page] of PAGES.entries()) {
      const user = leavers[at];
      const source = system.sources[page];
      if (user === undefined || source === undefined) throw new Error(`no source or no leaver for ${page}; start with more users`);
      const sender = { secret: source.secret.replace('whsec_', ''), at: Date.now(), id: `msg_${page}` };
      const { body, headers } = signed(page, deliveryOf(page, user), sender);
      await prepare(system, { page, body, user });
      const { status } = await fetch(source.url, { method: 'POST', body, headers });
      expect([page, status]).toEqual([page, isSystem(page) ? SPECIMENS[page].answered.status : 202]);
    }

    const outcomes = (held: readonly string[]) =>
      PAGES.map((page, at) => [page, ...(held.includes(page) ? ['held', 'unasked'] : ['deactivated', undefined]), leavers[at]?.ID]);
    expect(byPage(await untilSettled(system, PAGES.length, 120))).toEqual(outcomes(HELD));

    await ops(system, 'release', '--guard', 'unasked', '--reason', 'HR was phoned', '--yes', '--wait', '120');
    expect(byPage(await untilSettled(system, PAGES.length, 120))).toEqual(outcomes([]));
    const changed = (await allUsers(system)).filter((user, at) => user.isActive !== before[at]?.isActive);
    expect(changed.map(({ ID }) => ID).sort()).toEqual(leavers.map(({ ID }) => ID).sort());
  }, 180_000);
});

/** A delivery of a page with what proves it. */
function signed(page: string, body: string, sender: Parameters<Sign>[1]) {
  return isSystem(page) ? proven(page, body, sender) : { body, headers: CANONICAL[page]?.(body, sender) ?? {} };
}

const byPage = (events: readonly Summary[]) =>
  PAGES.map((page) => {
    const { source, status, reason, workfrontUserId } = events.find((event) => event.source === page) ?? {};
    return [source, status, reason, workfrontUserId];
  });

/** Does what the page says about Workfront and HR: the custom field has the system's id, HR knows that the person left. */
async function prepare(system: StartedSystem, { page, body, user }: { page: string; body: string; user: Leaver }): Promise<void> {
  const [config] = configsOf(page, 'secret');
  if (config === undefined) throw new Error(`the page of ${page} has no snippet`);
  const source = sourceOf(page, config);
  const [event] = source.understand(await source.read(body), undefined).events;
  const customFields = event?.event.employee.customFields;
  const changes = { ...(customFields && { customFields }), ...(page === 'okta' && { ssoUsername: user.emailAddr }) };
  const put = async (url: string, value: object) =>
    expect((await fetch(url, { method: 'PUT', body: JSON.stringify(value) })).status).toBe(200);
  await put(`${system.workfront}/_fake/users/${user.ID}`, changes);
  if (page === 'entra' || page === 'finch')
    await put(`${system.hr}/_fake/employees/${user.extRefID}`, { standing: 'left', lastDay: THREE_DAYS_AGO });
}

async function leaversOf(system: StartedSystem, users: FakeRow[], count: number): Promise<Leaver[]> {
  const plain = /^[a-z]+\.[a-z]+\.\d+@acme\.test$/;
  const chosen = users.filter(({ isActive, isAdmin, emailAddr }) => isActive && !isAdmin && plain.test(emailAddr)).slice(-count);
  return Promise.all(
    chosen.map(async ({ ID }) => {
      const url = `${system.workfront}/attask/api/${system.apiVersion}/user/${ID}?fields=ID,emailAddr,firstName,lastName,extRefID`;
      return z.object({ data: leaver }).parse(await (await fetch(url, { headers: { apiKey: system.apiKey } })).json()).data;
    }),
  );
}
