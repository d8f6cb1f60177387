import { expect, it } from '@jest/globals';
import { aFieldStage, FIELD_SECRET as secret } from '../support/a-field-stage.ts';
import { guid } from '../support/builders.ts';
import { SIGN } from '../support/signing.ts';

/**
 * A transfer, or another kind of contract, makes a new record in HR, and then ends the old one: the person goes on to work. Even a stage that
 * acts on the end of one record alone hears of the new one.
 */
const NOW = Date.parse('2026-11-28T19:00:00Z');
const ANA = { id: guid(1), emailAddr: 'ana@acme.test', extRefID: '10042', firstName: 'Ana', lastName: 'Silva' };
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const A_DAY = 86_400;
const BAMBOOHR = { system: 'bamboohr', settings: { unasked: 'act' } };

const bamboo = (id: string, seconds: number, changes: object) =>
  JSON.stringify({
    employees: [
      { id, action: 'Updated', timestamp: at(seconds), changedFields: ['status'], fields: { workEmail: 'ana@acme.test' }, ...changes },
    ],
  });
const created = (changes: object = {}) => bamboo('2', -60, { action: 'Created', changedFields: [], ...changes });
const ended = (seconds: number) =>
  bamboo('1', seconds, { fields: { status: 'Inactive', workEmail: 'ana@acme.test', employeeNumber: '10042' } });

it.each<[string, string, number, string[]]>([
  ['an hour before', created(), 3600, ['noted', 'held perhaps-stays']],
  ['six days before', created(), 6 * A_DAY, ['noted', 'held perhaps-stays']],
  ['a month before', created(), 30 * A_DAY, ['noted', 'deactivated']],
  [
    'an hour before, with its status among the changes',
    created({ changedFields: ['status'], fields: { status: 'Active', workEmail: 'ana@acme.test' } }),
    3600,
    ['rescinded', 'held perhaps-rescinded'],
  ],
  ['an hour before, by its id alone', created({ fields: {} }), 3600, ['deactivated']],
  ['an hour before, of somebody else', created({ fields: { workEmail: 'ben@acme.test' } }), 3600, ['noted', 'deactivated']],
  [
    'an hour before, of somebody else with the same number',
    created({ fields: { workEmail: 'ben@acme.test', employeeNumber: '10042' } }),
    3600,
    ['noted', 'deactivated'],
  ],
  ['an hour before, without an id', created({ id: undefined }), 3600, ['deactivated']],
])('a record of BambooHR ends after another one was made %s', async (_, first, seconds, ends) => {
  const { send, wait, rests, desk, seen } = aFieldStage({ sources: { bamboohr: BAMBOOHR }, users: [ANA], now: NOW });
  await send('bamboohr', first, SIGN.bamboohr(first, { secret, at: desk.now }));
  await wait(seconds);
  const second = ended(seconds - 60);
  await send('bamboohr', second, SIGN.bamboohr(second, { secret, at: desk.now }));

  expect(rests()).toEqual(ends);
  expect(seen.kept).toEqual([]);
});

it.each([
  [3600, ['noted', 'held perhaps-stays']],
  [30 * A_DAY, ['noted', 'deactivated']],
])('a contract of Deel ends %d seconds after the next one was made, on a stage that does not ask', async (seconds, ends) => {
  const deel = { system: 'deel', settings: { employeeIdIs: 'employeeNumber', unasked: 'act' } };
  const { send, wait, rests } = aFieldStage({ sources: { deel }, users: [ANA], now: NOW });
  const event = (type: string, resource: object, seconds: number) =>
    JSON.stringify({ data: { meta: { event_type: type }, resource }, timestamp: at(seconds) });
  const first = event('contract.created', { id: 'new', worker: { email: 'ana@acme.test' } }, 0);
  await send('deel', first, SIGN.deel(first, { secret }));
  await wait(seconds);
  const second = event('contract.terminated', { id: '10042', completion_date: '2026-11-26' }, seconds);
  await send('deel', second, SIGN.deel(second, { secret }));

  expect(rests()).toEqual(ends);
});

it('an account that Okta activates is no record of HR, and does not keep another one from being closed', async () => {
  const { send, wait, rests } = aFieldStage({ sources: { okta: { system: 'okta' } }, users: [ANA], now: NOW });
  const event = (id: string, name: string, seconds: number) => {
    const target = [{ id, type: 'User', alternateId: 'ana@acme.test' }];
    const one = { uuid: `u${id}`, published: at(seconds), eventType: `user.lifecycle.${name}`, outcome: { result: 'SUCCESS' }, target };
    return JSON.stringify({ data: { events: [one] } });
  };
  await send('okta', event('1', 'activate', 0), { authorization: secret });
  await wait(3600);
  await send('okta', event('2', 'deactivate', 3600), { authorization: secret });

  expect(rests()).toEqual(['noted', 'deactivated']);
});
