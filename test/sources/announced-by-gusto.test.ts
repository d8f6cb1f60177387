import { expect, it } from '@jest/globals';
import { aFieldStage, FIELD_SECRET as secret } from '../support/a-field-stage.ts';
import { guid } from '../support/builders.ts';
import { SIGN } from '../support/signing.ts';

/** Gusto announces a termination without a date. What it sends later replaces the announcement; if nothing comes, a person sees it. */
const NOW = Date.parse('2026-11-28T19:00:30Z');
const ANA = { id: guid(1), emailAddr: 'ana@acme.test', extRefID: '10042', firstName: 'Ana', lastName: 'Silva' };
const A_DAY = 86_400;
const ACTS = { unasked: 'act' };
const gusto = (type: string, days: number) =>
  JSON.stringify({ uuid: `u-${type}`, event_type: type, entity_uuid: '10042', timestamp: NOW / 1000 + days * A_DAY });

it.each<[string, object, [string, number][], number, string[]]>([
  ['and takes effect', {}, [['employee.termination_effective', 10]], 100, ['cancelled superseded', 'held unasked']],
  [
    'and takes effect, on a stage that acts on it',
    ACTS,
    [['employee.termination_effective', 10]],
    100,
    ['cancelled superseded', 'deactivated'],
  ],
  ['and takes effect in the same second', ACTS, [['employee.termination_effective', 0]], 100, ['cancelled superseded', 'deactivated']],
  ['and takes effect after a person saw it', ACTS, [['employee.termination_effective', 70]], 70, ['cancelled superseded', 'deactivated']],
  ['and is cancelled', {}, [['employee.termination_cancelled', 5]], 100, ['cancelled rescinded', 'rescinded']],
  ['and waits', {}, [], 59, ['scheduled']],
  ['and nothing follows', {}, [], 62, ['failed unconfirmed']],
  ['and nothing follows for the days that the stage says', { announcedDays: 10 }, [], 12, ['failed unconfirmed']],
  ['on a stage that wants to see each', { announced: 'ask' }, [], 0, ['failed unconfirmed']],
  ['on a stage that does not want to know', { announced: 'ignore' }, [], 100, []],
])('a termination is announced %s', async (_, settings, later, days, ends) => {
  const source = { system: 'gusto', settings: { employeeIdIs: 'employeeNumber', ...settings } };
  const { send, wait, rests, desk } = aFieldStage({ sources: { gusto: source }, users: [ANA], now: NOW });
  for (const [type, after] of [['employee.terminated', 0], ...later] as const) {
    // It arrives a second later than it was said.
    await wait((NOW - desk.now) / 1000 + after * A_DAY + (type === 'employee.terminated' ? 0 : 1));
    const body = gusto(type, after);
    await send('gusto', body, SIGN.gusto(body, { secret }));
  }
  await wait((NOW - desk.now) / 1000 + days * A_DAY);

  expect(rests()).toEqual(ends);
});
