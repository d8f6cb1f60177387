import type { Hono } from 'hono';
import { secretReader } from '../../lambda/aws/secrets.ts';
import { DAY, HOUR, MINUTE } from '../../lambda/domain/time/time.ts';
import { cureOfCircuit, meaningOfCircuit } from '../checks/circuit.ts';
import { checkWorkfrontSecret } from '../checks/secrets.ts';
import { secretsManagerOf } from '../deployment/clients.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { countsText } from '../events/console-story.ts';
import { periodOf } from '../events/filter.ts';
import { delayChart } from '../report/chart.ts';
import { withReport } from '../report/make-report.ts';
import { lateLeavers } from '../stage/late-leavers.ts';
import { LOOKED_BACK_DAYS, sourcesOf } from '../stage/source-list.ts';
import { type Status, statusOf } from '../stage/stage-status.ts';
import { verdictOn } from '../stage/verdict.ts';
import { bothTimes, lengthOf } from '../terminal/times.ts';
import { sentenceOf } from '../terminal/trouble.ts';
import type { Console } from './console.ts';
import { badge, chart, eventLink, type Markup, markup, page, table } from './page.ts';
import { remembered } from './remembered.ts';
import { pauseForm, resumeForm, retryForm, unlatchForm } from './stage-orders.ts';

const REFRESH = 30;
const MOST_LATE = 20;
/** What the report counts as in time, unless somebody asks for another target. */
const TARGET = HOUR;

/** The first page: is everybody out, and if not, who waits for what. It loads itself again. */
export function addToday(app: Hono, open: Console): void {
  const { deployment, again } = open;
  const { clock } = deployment;
  const sources = remembered({ millis: MINUTE, clock }, () => sourcesOf(deployment));
  const credential = remembered({ millis: 5 * MINUTE, clock }, async () =>
    checkWorkfrontSecret(deployment, {
      settings: await functionSettings(deployment),
      readSecret: secretReader(secretsManagerOf(deployment)),
      again,
    }),
  );
  const delays = remembered({ millis: 5 * MINUTE, clock }, () => {
    const period = periodOf({}, clock(), 30 * DAY);
    return withReport(deployment, { period, openEnd: true, target: TARGET, onStep: () => undefined }, ({ numbers }) =>
      numbers.delay.p50 === null ? markup`<p>Nobody was deactivated.</p>` : chart(delayChart(numbers, TARGET)),
    );
  });

  app.get('/', async (context) => {
    const status = await statusOf(deployment);
    const late = await lateLeavers(deployment, { limit: MOST_LATE });
    const key = await credential().catch((failure: unknown) => ({ health: 'unknown' as const, saw: sentenceOf(failure) }));
    const body = markup`${headline(status, late)}
${lateTable(late)}
<section><h2>The stage</h2><dl class="tiles">
${pauseTile(status, open)}${circuitTile(status, open)}${brakeTile(status, open)}
<div><dt>Workfront credential</dt><dd>${badge(key.health)} ${key.saw}</dd></div>
<div><dt>received in 7 days</dt><dd>${counted(status)}</dd></div>
<div><dt>messages for a person</dt><dd>${status.deadLetters} dead letters, ${status.quarantine} in the quarantine
${status.deadLetters + status.quarantine > 0 ? markup`<a href="/trouble">look at them</a>` : ''}</dd></div></dl></section>
<section><h2>Delays in the last 30 days</h2>${await delays().catch(trouble)}</section>
<section><h2>Sources</h2>${await sources().then(sourceTable, trouble)}</section>
<p class="soft">Looked at ${bothTimes(status.at)}. The page looks again every ${REFRESH} seconds.</p>`;
    return context.html(page(open, { title: 'Today', at: '/', body, refresh: REFRESH }));
  });
}

const trouble = (failure: unknown): Markup => markup`<p class="note bad">${sentenceOf(failure)}</p>`;

type Late = Awaited<ReturnType<typeof lateLeavers>>;

function headline(status: Status, { total }: Late): Markup {
  const { dryRun, held, failed, returned, findings, waiting, last7Days } = status;
  const inConsole = countsText(status.inConsole);
  const tried = last7Days['would-deactivate'] ?? 0;
  const without = last7Days['no-account'] ?? 0;
  const { isWell, says } = verdictOn(status, total);
  return markup`<p class="headline ${isWell ? 'good' : 'bad'}">${says}</p>
<p>${held} held, ${failed} failed, ${returned} active again, ${findings.length} found by the sweep, ${waiting.total} wait for the end of trouble${held + returned + findings.length > 0 ? markup`: <a href="/decide">decide</a>` : '.'}
${failed > 0 ? markup`<a href="/events?status=failed">What failed</a>` : ''}</p>
${inConsole === undefined ? '' : markup`<p class="note">${inConsole}. <a href="/decide">Look at them</a></p>`}
${dryRun ? markup`<p class="note bad">This stage only tries: nothing is written to Workfront.</p>` : ''}
${tried > 0 ? markup`<p class="note bad">Only tried in 7 days, and still active: ${tried}. <a href="/events?status=would-deactivate">Who</a></p>` : ''}
${without > 0 ? markup`<p class="note">Without an account in 7 days: ${without}. If one of them has an account, they keep it. <a href="/events?status=no-account">Who</a></p>` : ''}`;
}

const lateTable = ({ total, leavers }: Late): Markup =>
  total === 0
    ? markup``
    : table(
        total > leavers.length ? `The latest ${leavers.length} of ${total}` : 'Who is late',
        ['event', 'source', 'late by', 'due', 'waits for'],
        leavers.map((one) => [
          eventLink(one),
          one.source,
          lengthOf(one.late),
          one.effectiveAt === undefined ? '' : bothTimes(one.effectiveAt),
          markup`${badge(one.status)} ${one.waitsFor}`,
        ]),
      );

const counted = ({ last7Days }: Status): string =>
  Object.entries(last7Days)
    .flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []))
    .join(', ') || 'nothing';

const pauseTile = ({ paused }: Status, open: Console): Markup =>
  markup`<div><dt>pause</dt><dd>${
    paused === null
      ? markup`${badge('green', 'not paused')}${pauseForm(open)}`
      : markup`${badge('red', 'PAUSED')} since ${bothTimes(paused.at)} by ${paused.by}: ${paused.reason}${resumeForm(open)}`
  }</dd></div>`;

function circuitTile({ circuit: { open: trip, failures } }: Status, open: Console): Markup {
  const saw =
    trip === undefined
      ? markup`${badge('green', failures === 0 ? 'answers' : `failed ${failures} times in a row`)}`
      : markup`${badge('red', 'STOPPED')} since ${bothTimes(trip.since)}: ${meaningOfCircuit(trip)}; next try ${bothTimes(trip.probeAt)}
<br>${cureOfCircuit(trip) ?? ''}${retryForm(open)}`;
  return markup`<div><dt>Workfront</dt><dd>${saw}</dd></div>`;
}

function brakeTile({ brake: { latched, lastHour, held } }: Status, open: Console): Markup {
  const count = `${lastHour.count} of ${lastHour.limit ?? 'an unknown limit'} in the last hour`;
  return markup`<div><dt>brake</dt><dd>${
    latched === undefined
      ? markup`${badge('green', 'released')} ${count}`
      : markup`${badge('red', 'LATCHED')} since ${bothTimes(latched.at)}: ${latched.saw}; it holds ${held} events${unlatchForm(open)}`
  }</dd></div>`;
}

const sourceTable = (sources: Awaited<ReturnType<typeof sourcesOf>>): Markup =>
  table(
    `Each source, with its last delivery within ${LOOKED_BACK_DAYS} days`,
    ['source', 'system', 'asks HR', 'last delivery'],
    sources.map(({ source, system, asksHr, lastEventAt }) => [
      source,
      system,
      asksHr ? 'yes' : 'no',
      lastEventAt === null ? 'none' : bothTimes(lastEventAt),
    ]),
  );
