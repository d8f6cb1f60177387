import { expect, it } from '@jest/globals';
import { aFieldStage, FIELD_PAIR, FIELD_SECRET as secret } from '../support/a-field-stage.ts';
import { guid } from '../support/builders.ts';
import { SIGN } from '../support/signing.ts';

/** What each system sends if HR takes back a termination that has not taken effect. */
const NOW = Date.parse('2026-11-28T19:03:31.250Z');
const ANA = { id: guid(1), emailAddr: 'ana@acme.test', extRefID: '10042', firstName: 'Ana', lastName: 'Silva' };
const OWN = { employeeIdIs: 'employeeNumber' };
const ACTS = { ...OWN, unasked: 'act' };
const LAST_DAY = '2026-12-10';
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const basic = () => SIGN.workday('', { secret: FIELD_PAIR });

const adp = (name: string, status: string, id: string, seconds: number) => ({
  eventID: id,
  eventNameCode: { codeValue: name },
  eventStatusCode: { codeValue: status },
  recordDateTime: at(seconds),
  data: { output: { worker: { workerID: { idValue: '10042' }, workerDates: { terminationDate: LAST_DAY } } } },
});
const adpBody = (...events: object[]) => JSON.stringify({ events });
const ADP = { system: 'adp', scheme: { kind: 'bearer' }, settings: OWN };

const dayforce = (...events: [type: string, id: string, seconds: number][]) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><EventNotification><Events>${events
    .map(
      ([type, id, seconds]) =>
        `<Event><EventId>${id}</EventId><EventType>${type}</EventType><CreatedTimestamp>${at(seconds)}</CreatedTimestamp><EffectiveDate>${LAST_DAY}</EffectiveDate><EmployeeXRefCode>10042</EmployeeXRefCode></Event>`,
    )
    .join('')}</Events></EventNotification></s:Body></s:Envelope>`;

const hero = (action: string) =>
  JSON.stringify({
    Id: 'i',
    Attempt: 1,
    Notifications: [{ Action: action, EmployeeId: 10042, EndDate: LAST_DAY, EmailAddress: 'ana@acme.test' }],
  });
const heroHeaders = (body: string) => SIGN.employmentHero(body, { secret });

const ukg = (type: string, id: number, seconds: number, operation: string) =>
  JSON.stringify({ EventId: id, EventTime: at(seconds), EventType: type, Operation: operation, Payload: { EeId: '10042' } });

it.each<[string, object, string, string, (body: string) => Record<string, string>]>([
  [
    'ADP, by the status',
    ADP,
    adpBody(adp('worker.terminate', 'COMPLETED', 'e1', 0)),
    adpBody(adp('worker.terminate', 'CANCELED', 'e2', 5)),
    (body) => SIGN.adp(body, { secret }),
  ],
  [
    'ADP, by the status, under the same id',
    ADP,
    adpBody(adp('worker.terminate', 'COMPLETED', 'e1', 0)),
    adpBody(adp('worker.terminate', 'CANCELED', 'e1', 5)),
    (body) => SIGN.adp(body, { secret }),
  ],
  [
    'ADP, by a rehire',
    ADP,
    adpBody(adp('worker.terminate', 'COMPLETED', 'e1', 0)),
    adpBody(adp('worker.rehire', 'COMPLETED', 'e2', 5)),
    (body) => SIGN.adp(body, { secret }),
  ],
  [
    'Dayforce, by a cancellation',
    { system: 'dayforce', settings: OWN },
    dayforce(['Terminated', 'd1', 0]),
    dayforce(['TerminatedCancelled', 'd2', 5]),
    basic,
  ],
  [
    'Dayforce, by a rehire',
    { system: 'dayforce', settings: OWN },
    dayforce(['Terminated', 'd1', 0]),
    dayforce(['Rehired', 'd2', 5]),
    basic,
  ],
  ['Employment Hero', { system: 'employment-hero' }, hero('EmployeeTerminated'), hero('EmployeeReinstated'), heroHeaders],
])('a termination of %s is not carried out', async (_, source, termination, takenBack, headers) => {
  const { send, wait, moveTo, rests, deactivated } = aFieldStage({ sources: { hr: source }, users: [ANA], now: NOW });
  await send('hr', termination, headers(termination));
  expect(rests()).toEqual(['scheduled']);
  await wait(10);
  await send('hr', takenBack, headers(takenBack));
  await moveTo('2026-12-12T00:00:00Z');

  expect([rests(), deactivated()]).toEqual([['cancelled rescinded', 'rescinded'], []]);
});

it.each<[string, object, string, (body: string) => Record<string, string>]>([
  [
    'ADP',
    { ...ADP, settings: ACTS },
    adpBody(adp('worker.terminate', 'COMPLETED', 'e1', 0), adp('worker.terminate', 'CANCELED', 'e2', 0)),
    (body) => SIGN.adp(body, { secret }),
  ],
  ['Dayforce', { system: 'dayforce', settings: ACTS }, dayforce(['Terminated', 'd1', 0], ['TerminatedCancelled', 'd2', 0]), basic],
])('a termination and its cancellation in one delivery of %s, with one time, are left to a person', async (_, source, body, headers) => {
  const { send, moveTo, rests, deactivated } = aFieldStage({ sources: { hr: source }, users: [ANA], now: NOW });
  await send('hr', body, headers(body));
  await moveTo('2026-12-12T00:00:00Z');

  expect([rests(), deactivated()]).toEqual([['held perhaps-rescinded', 'rescinded'], []]);
});

it.each(['Delete', 'DELETE', 'deleted'])('a row of UKG that HR deletes, by the word %s, withdraws the termination', async (operation) => {
  const scheme = { kind: 'hmac', header: 'X-UKG-Signature', encoding: 'base64' };
  const source = { system: 'ukg-pro', scheme, settings: { ...OWN, comes: 'when-due' } };
  const { send, rests, deactivated } = aFieldStage({ sources: { hr: source }, users: [ANA], now: NOW, rules: { approval: true } });
  for (const body of [ukg('EmployeeTerminationEvent', 1, 0, 'Insert'), ukg('EmployeeTerminationEvent', 2, 5, operation)]) {
    await send('hr', body, SIGN.ukg(body, { secret }));
  }

  expect([rests(), deactivated()]).toEqual([['cancelled rescinded', 'rescinded'], []]);
});
