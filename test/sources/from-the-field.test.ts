import { createHmac } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { aFieldStage, FIELD_PAIR, FIELD_SECRET } from '../support/a-field-stage.ts';
import { guid } from '../support/builders.ts';
import { standardHeaders } from '../support/deliveries.ts';
import { SIGN } from '../support/signing.ts';

/** Deliveries as HR systems were seen to send them, each with the end that it must have. */
const NOW = Date.parse('2026-11-28T19:00:00Z');
const ANA = { id: guid(1), emailAddr: 'ana@acme.test', extRefID: '10042', firstName: 'Ana', lastName: 'Silva' };
const BEN = { id: guid(2), emailAddr: 'ben@acme.test', extRefID: '10043', firstName: 'Ben', lastName: 'Sousa' };
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const day = (days: number) => at(days * 86_400).slice(0, 10);
const secret = FIELD_SECRET;
const BASIC = { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(FIELD_PAIR).toString('base64')}` };
const BEARER = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
const hex = (...parts: (string | Buffer)[]) => parts.reduce((hmac, part) => hmac.update(part), createHmac('sha256', secret)).digest('hex');

const OWN_ID = { settings: { employeeIdIs: 'employeeNumber' } };
const WORKDAY = {
  system: 'workday',
  settings: {
    mapping: {
      type: { path: 'event', terminated: ['Termination'], rescinded: ['Rescind Termination'] },
      id: 'transactionId',
      occurredAt: 'completedAt',
      effectiveDate: 'lastDayOfWork',
      employeeNumber: 'worker.employeeId',
      email: 'worker.email',
      givenName: 'worker.firstName',
      familyName: 'worker.lastName',
    },
  },
};
const stage = (sources: Record<string, object>, changes = {}) => aFieldStage({ sources, users: [ANA, BEN], now: NOW, ...changes });

const standard = (type: string, data: object, timestamp: string) => JSON.stringify({ type, timestamp, data });

it.each([
  ['by number, then by address', { employeeNumber: '10042' }, { email: 'ana@acme.test' }],
  ['by address, then by number', { email: 'ana@acme.test' }, { employeeNumber: '10042' }],
])('a termination that HR takes back by another key is not carried out: %s', async (_, first, second) => {
  const { send, wait, rests, deactivated } = stage({ hr: { scheme: { kind: 'standard-webhooks' } } });
  const termination = standard('employee.terminated', { employee: first, effective: { at: at(8) } }, at(-10));
  await send('hr', termination, standardHeaders(termination, { at: NOW, id: 'msg_1' }));
  await wait(1);
  const rescission = standard('employee.termination_rescinded', { employee: second }, at(1));
  await send('hr', rescission, standardHeaders(rescission, { at: NOW + 1000, id: 'msg_2' }));
  await wait(60);

  expect(deactivated()).toEqual([]);
  expect(rests()[0]).toMatch(/^(cancelled|held)/);
});

it("an activation mail that Okta sends again does not void Workday's termination", async () => {
  const { send, wait, moveTo, rests, deactivated } = stage({ workday: WORKDAY, okta: { system: 'okta' } });
  const worker = { employeeId: '10042', email: 'ana@acme.test', firstName: 'Ana', lastName: 'Silva' };
  const termination = { event: 'Termination', transactionId: 't-1', completedAt: at(0), lastDayOfWork: day(14), worker };
  await send('workday', JSON.stringify(termination), BASIC);
  await wait(2);
  const event = {
    uuid: '6a1f-0001',
    published: at(2),
    outcome: { result: 'SUCCESS', reason: null },
    eventType: 'user.lifecycle.reactivate',
    target: [{ id: '00u1', type: 'User', alternateId: 'ana@acme.test', displayName: 'x', detailEntry: null }],
  };
  await send('okta', JSON.stringify({ eventId: 'b5-1', data: { events: [event] } }), { authorization: secret });

  expect(rests()).toEqual(['scheduled']);
  await moveTo(`${day(15)}T00:00:00Z`);
  expect(deactivated()).toEqual([ANA.id]);
});

it.each([
  ['without targets', null],
  ['with an account in an application alone', [{ id: '0ua1', type: 'AppUser', alternateId: 'ana@acme.test' }]],
  ['with an empty list', []],
])('a deactivation in Okta %s is kept for a person', async (_, target) => {
  const { send, seen } = stage({ okta: { system: 'okta' } });
  const event = { uuid: '6a1f-0001', published: at(0), outcome: { result: 'SUCCESS' }, eventType: 'user.lifecycle.deactivate', target };

  expect(await send('okta', JSON.stringify({ data: { events: [event] } }), { authorization: secret })).toBe(200);
  expect(seen.kept).toMatchObject([{ why: 'unreadable', source: 'okta' }]);
  expect(seen.counts).toMatchObject({ Unreadable: 1 });
});

const successfactors = (start: string, effective = 'current') =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><ns3:ExternalEvent xmlns:ns3="http://notification.event.successfactors.com"><ns3:externalEventMeta><ns3:externalEventId>x1</ns3:externalEventId><ns3:type>com.successfactors.Employment.AssignmentInformation.Termination</ns3:type><ns3:publishedAt>${NOW}</ns3:publishedAt><ns3:effective>${effective}</ns3:effective><ns3:repost>false</ns3:repost></ns3:externalEventMeta><ns3:events><ns3:event><ns3:eventId>e1</ns3:eventId><ns3:entityType>EmpJob</ns3:entityType><ns3:effectiveStartDate>${start}</ns3:effectiveStartDate><ns3:publishedAt>${NOW}</ns3:publishedAt><ns3:entityKeys><ns3:entityKey><name>seqNumber</name><value>1</value></ns3:entityKey><ns3:entityKey><name>userId</name><value><![CDATA[10042]]></value></ns3:entityKey></ns3:entityKeys></ns3:event></ns3:events></ns3:ExternalEvent></soap:Body></soap:Envelope>`;
const XML = { 'content-type': 'text/xml; charset=utf-8', authorization: BASIC.authorization };
const SUCCESSFACTORS = {
  system: 'successfactors',
  settings: { employeeIdIs: 'employeeNumber', timeZone: 'Europe/Berlin', unasked: 'act' },
};

it.each([
  ['today', day(0), '2026-11-27T23:00:00.000Z', 'deactivated'],
  ['tomorrow', day(1), '2026-11-28T23:00:00.000Z', 'scheduled'],
  ['the first of March', '2027-03-01', '2027-02-28T23:00:00.000Z', 'scheduled'],
])('access in SuccessFactors ends when the first day after the employment begins: %s', async (_, start, effectiveAt, status) => {
  const { send, entries } = stage({ sf: SUCCESSFACTORS });
  await send('sf', successfactors(start), XML);

  expect(entries()).toMatchObject([{ effectiveAt, status }]);
});

it.each([
  ['that HR could delete', {}, ['held unasked']],
  ['that HR could delete, on a stage that accepts it', { unasked: 'act' }, ['deactivated']],
])('a future termination of SuccessFactors %s', async (_, settings, ends) => {
  const { send, moveTo, rests } = stage({ sf: { system: 'successfactors', settings: { employeeIdIs: 'employeeNumber', ...settings } } });
  await send('sf', successfactors(day(20), 'future'), XML);
  expect(rests()).toEqual(['scheduled']);
  await moveTo(`${day(20)}T00:00:00Z`);

  expect(rests()).toEqual(ends);
});

it.each([
  [
    'the event style',
    'type=employee.updated&timestamp=2026-11-28T18%3A42%3A00%2B0000&data%5BcompanyId%5D=12345&data%5BemployeeId%5D=10042&data%5BchangedFields%5D%5B0%5D=status',
  ],
  [
    'the field style',
    'employees%5B0%5D%5Bid%5D=10042&employees%5B0%5D%5BchangedFields%5D%5B0%5D=status&employees%5B0%5D%5Bfields%5D%5Bstatus%5D%5Bvalue%5D=Inactive',
  ],
])('a form of BambooHR is read like JSON: %s', async (_, body) => {
  const { send, desk, deactivated } = stage({ bamboohr: { system: 'bamboohr' } }, { lookUps: ['bamboohr'] });
  desk.hr.says.set('10042', {
    employee: { sourceId: '10042', email: 'ana@acme.test' },
    standing: 'left',
    lastDay: undefined,
    startedOn: undefined,
  });
  const headers = { ...SIGN.bamboohr(body, { secret, at: NOW }), 'content-type': 'application/x-www-form-urlencoded' };

  expect(await send('bamboohr', body, headers)).toBe(200);
  expect(deactivated()).toEqual([ANA.id]);
});

it('one bad record of BambooHR does not cost the good ones', async () => {
  const { send, deactivated, seen } = stage({ bamboohr: { system: 'bamboohr', settings: { unasked: 'act' } } });
  const left = (workEmail: string) => ({ action: 'Updated', changedFields: ['status'], fields: { status: 'Inactive', workEmail } });
  const body = JSON.stringify({
    employees: [{ id: '1', ...left('ana@acme.test') }, left('x@acme.test'), { id: '2', ...left('ben@acme.test') }],
  });

  expect(await send('bamboohr', body, SIGN.bamboohr(body, { secret, at: NOW }))).toBe(200);
  expect(deactivated().sort()).toEqual([ANA.id, BEN.id]);
  expect(seen.kept).toMatchObject([{ detail: '2 accepted, 1 left out; employee 1: id: expected an id, got nothing' }]);
});

it.each([
  ['in JSON', '{"Report_Entry":[]}', 'application/json'],
  ['as a list', '[]', 'application/json'],
  ['without rows', '{"Report_Entry":null}', 'application/json'],
  ['with an empty report', '{"Report_Data":{"Report_Entry":[]}}', 'application/json'],
  ['with a report that is null', '{"Report_Data":null}', 'application/json'],
  ['with an empty report that has no rows', '{"Report_Data":{}}', 'application/json'],
  ['behind a byte order mark', '\uFEFF{"Report_Entry":[]}', 'application/json'],
  ['in XML', '<wd:Report_Data xmlns:wd="urn:com.workday.report/x"/>', 'application/xml'],
  ['in XML with space', '<?xml version="1.0"?>\n<wd:Report_Data xmlns:wd="urn:x">\n<!-- none --></wd:Report_Data>\n', 'application/xml'],
  ['in XML with an empty row', '<wd:Report_Data xmlns:wd="urn:x"><wd:Report_Entry/></wd:Report_Data>', 'application/xml'],
])('a report of Workday on a day without leavers is no alarm: %s', async (_, body, type) => {
  const { send, seen } = stage({ workday: WORKDAY });

  expect(await send('workday', body, { ...BASIC, 'content-type': type })).toBe(200);
  expect([seen.sent, seen.kept, seen.counts.Ignored, seen.counts.Unreadable]).toEqual([[], [], 0, undefined]);
});

it.each(['3332883894235038137', '9007199254740993', '18446744073709551615'])('the number %s keeps its digits', async (extRefID) => {
  const { send, deactivated } = aFieldStage({ sources: { workday: WORKDAY }, users: [{ ...ANA, extRefID }], now: NOW });
  const body = `{"event":"Termination","transactionId":"t-2","completedAt":"${at(0)}","lastDayOfWork":"${day(-2)}","worker":{"employeeId":${extRefID}}}`;
  await send('workday', body, BASIC);

  expect(deactivated()).toEqual([ANA.id]);
});

it.each([
  ['Personio', 'personio', 'X-Personio-Webhook-Signature', {}],
  ['Gusto', 'gusto', 'X-Gusto-Signature-256', {}],
  ['HiBob', 'hibob', 'Bob-Signature-V2', { algorithm: 'sha512', encoding: 'base64' }],
])('a right signature of %s under another header is accepted after the stage is corrected', async (_, system, header, how) => {
  const { send, reverify, seen } = stage({ [system]: { system, ...OWN_ID } });
  const bodies: Record<string, string> = {
    personio: `{"company_id":1842,"event_name":"employment.terminated","occurred_at":"${at(-2 * 86_400)}","payload":{"id":"991","person_id":"10042"},"meta":{}}`,
    gusto: `{"uuid":"u-1","event_type":"employee.termination_effective","entity_uuid":"10042","timestamp":${NOW / 1000}}`,
    hibob: '{"type":"employee.left","data":{"employeeId":"10042"}}',
  };
  const body = bodies[system] ?? '';
  const signature = system === 'hibob' ? createHmac('sha512', secret).update(body).digest('base64') : hex(body);

  expect(await send(system, body, { 'content-type': 'application/json', [header]: signature })).toBe(401);
  expect(seen.forged[0]?.detail).toContain(`but ${header.toLowerCase()}; if HR signs there`);
  expect(await reverify(system, { system, ...OWN_ID })).toMatchObject({
    kind: 'refused',
    why: expect.stringContaining('none of the headers'),
  });
  const mended = { system, ...OWN_ID, scheme: { kind: 'hmac', header, ...how } };
  expect(await reverify(system, mended)).toMatchObject({ kind: 'accepted', arrivals: [{ event: { employee: { sourceId: '10042' } } }] });
});

it.each([
  [
    'Remote.com',
    { header: 'X-Remote-Signature', timestampHeader: 'X-Remote-Timestamp', signed: '{body}:{timestamp}' },
    (body: string) => ({ 'x-remote-timestamp': String(NOW), 'x-remote-signature': hex(body, `:${NOW}`) }),
  ],
  [
    'Employment Hero Payroll',
    { header: 'ms-signature', prefix: 'sha256=' },
    (body: string) => ({ 'ms-signature': `sha256=${hex(body).toUpperCase()}` }),
  ],
  [
    'a sender of t and v1',
    { header: 'X-Hr-Signature', timestampPrefix: 't=', prefix: 'v1=', signed: '{timestamp}.{body}' },
    (body: string) => ({ 'x-hr-signature': `t=${NOW / 1000},v1=${hex(`${NOW / 1000}.`, body)}` }),
  ],
])('the signature of %s can be described', async (_, scheme, headers) => {
  const { send, deactivated } = stage({ hr: { scheme: { kind: 'hmac', ...scheme } } });
  const body = standard('employee.terminated', { employee: { email: 'ana@acme.test' }, effective: { immediate: true } }, at(0));

  expect(await send('hr', body, { 'content-type': 'application/json', ...headers(body) })).toBe(202);
  expect(deactivated()).toEqual([ANA.id]);
});

it('a dismissed contractor of Gusto loses access on a stage where contractors do not become employees', async () => {
  const { send, deactivated } = stage({ gusto: { system: 'gusto', settings: { ...OWN_ID.settings, unasked: 'act' } } });
  const body = `{"uuid":"u-1","event_type":"contractor.deactivation_effective","resource_type":"Company","resource_uuid":"c","entity_type":"Contractor","entity_uuid":"10042","timestamp":${NOW / 1000}}`;
  await send('gusto', body, SIGN.gusto(body, { secret }));

  expect(deactivated()).toEqual([ANA.id]);
});

const bamboo = (id: string, status: string, timestamp: string) =>
  JSON.stringify({
    employees: [{ id, action: 'Updated', timestamp, changedFields: ['status'], fields: { status, workEmail: 'ana@acme.test' } }],
  });

it.each([
  ['to another record, days before', '2', 2 * 86_400, ['rescinded', 'held perhaps-rescinded'], []],
  ['to another record, a month before', '2', 30 * 86_400, ['rescinded', 'deactivated'], [ANA.id]],
  ['of the same record, before it ended for good', '1', 2 * 86_400, ['rescinded', 'deactivated'], [ANA.id]],
])('a record of BambooHR that ends after a transfer %s', async (_, active, seconds, ends, deactivated) => {
  const field = stage({ bamboohr: { system: 'bamboohr', settings: { unasked: 'act' } } });
  const first = bamboo(active, 'Active', at(-60));
  await field.send('bamboohr', first, SIGN.bamboohr(first, { secret, at: NOW }));
  await field.wait(seconds);
  const second = bamboo('1', 'Inactive', at(seconds - 60));
  await field.send('bamboohr', second, SIGN.bamboohr(second, { secret, at: field.desk.now }));

  expect(field.rests()).toEqual(ends);
  expect(field.deactivated()).toEqual(deactivated);
});

const deel = (type: string, resource: object, timestamp = at(0)) =>
  JSON.stringify({ data: { meta: { event_type: type }, resource }, timestamp });
const DEEL = { system: 'deel', settings: { employeeIdIs: 'employeeNumber' } };

it.each([
  ['without a stage that accepts the risk', {}, ['held unasked', 'noted']],
  ['even if the stage does, because the next contract is known', { unasked: 'act' }, ['held perhaps-stays', 'noted']],
])('a contract of Deel that another one follows is held, %s', async (_, settings, ends) => {
  const { send, wait, rests, deactivated, moveTo } = stage({ deel: { ...DEEL, settings: { ...DEEL.settings, ...settings } } });
  for (const body of [
    deel('contract.terminated', { id: '10042', completion_date: day(3) }),
    deel('contract.created', { id: 'new', worker: { email: 'ana@acme.test' } }, at(5)),
  ]) {
    await send('deel', body, SIGN.deel(body, { secret }));
    await wait(5);
  }
  await moveTo(`${day(4)}T00:00:00Z`);

  expect(deactivated()).toEqual([]);
  expect(rests()).toEqual(ends);
});

it('a contract of Deel that has ended is held', async () => {
  const { send, rests } = stage({ deel: DEEL });
  const body = deel('contract.terminated', { id: '10042', completion_date: day(-2) });
  await send('deel', body, SIGN.deel(body, { secret }));

  expect(rests()).toEqual(['held unasked']);
});

const adp = (status: string) =>
  JSON.stringify({
    events: [
      {
        eventID: 'e1',
        eventNameCode: { codeValue: 'worker.terminate' },
        eventStatusCode: { codeValue: status },
        recordDateTime: '2026-11-28T01:27:00.938+0000',
        data: {
          output: {
            worker: {
              workerID: { idValue: '10042' },
              workerDates: { terminationDate: day(-2) },
              workerStatus: { statusCode: { codeValue: 'T' } },
            },
          },
        },
      },
    ],
  });
const ADP = (conditions: object[]) => ({
  system: 'workday',
  scheme: { kind: 'bearer' },
  settings: {
    mapping: {
      events: 'events',
      type: { path: 'eventNameCode.codeValue', terminated: ['worker.terminate'] },
      conditions,
      id: 'eventID',
      occurredAt: 'recordDateTime',
      effectiveDate: 'data.output.worker.workerDates.terminationDate',
      employeeNumber: 'data.output.worker.workerID.idValue',
    },
  },
});

it.each([
  ['COMPLETED', ['deactivated'], 0],
  ['CANCELED', ['rescinded'], 0],
  ['SUBMITTED', [], 1],
])("ADP's event with the status %s", async (status, ends, kept) => {
  const conditions = [{ path: 'eventStatusCode.codeValue', counts: ['COMPLETED'], rescinds: ['CANCELED'] }];
  const { send, rests, seen } = stage({ adp: ADP(conditions) });
  await send('adp', adp(status), BEARER);

  expect(rests()).toEqual(ends);
  expect(seen.kept).toHaveLength(kept);
});

it("Rippling's Workflow Studio is read as the stage says, and otherwise kept with a reason that says how", async () => {
  const body = '{"secureKey":"abc","email":"ana@acme.test"}';
  const plain = stage({ rippling: { system: 'rippling' } });
  expect(await plain.send('rippling', body, BEARER)).toBe(200);
  expect(plain.seen.kept).toMatchObject([{ detail: expect.stringContaining('say in settings.workflow what its fields mean') }]);

  const told = stage({ rippling: { system: 'rippling', settings: { comes: 'when-due', unasked: 'act', workflow: { email: 'email' } } } });
  await told.send('rippling', body, BEARER);
  expect(told.deactivated()).toEqual([ANA.id]);
});
