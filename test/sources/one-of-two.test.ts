import { expect, it } from '@jest/globals';
import type { HrRecord } from '../../lambda/domain/ports.ts';
import { SYSTEM_NAMES, type SystemName } from '../../lambda/sources/systems/registry.ts';
import { aFieldStage, FIELD_PAIR, FIELD_SECRET as secret } from '../support/a-field-stage.ts';
import { guid } from '../support/builders.ts';
import { standardHeaders } from '../support/deliveries.ts';
import { SIGN } from '../support/signing.ts';

/**
 * Ana goes on to work, under another record, contract or account, or at another company of the group. This is what each system sends about
 * the old one, in one delivery and without any word of the new one.
 */
const NOW = Date.parse('2026-11-28T19:00:00Z');
const AT = new Date(NOW).toISOString();
const YESTERDAY = '2026-11-26';
const ID = '10042';
const ANA = { id: guid(1), emailAddr: 'ana@acme.test', extRefID: ID, ssoUsername: 'ana@acme.test', firstName: 'Ana', lastName: 'Silva' };
const OWN = { employeeIdIs: 'employeeNumber' };

const anotherGoesOn: Partial<HrRecord> = { standing: 'left', otherRecord: 'goes-on' };
const othersUnseen: Partial<HrRecord> = { standing: 'left', otherRecord: 'unseen' };
const personGoesOn: Partial<HrRecord> = { standing: 'employed' };

interface Transfer {
  source?: object;
  body: string;
  headers: (body: string) => Record<string, string>;
  /** Where the event rests on a stage that cannot ask HR; nothing if the delivery is no termination, or is kept for a person. */
  unasked: string[];
  /** Where it rests if HR is asked, and says that. */
  asked?: [Partial<HrRecord>, string[]][];
}

const basic = () => SIGN.workday('', { secret: FIELD_PAIR });
const HELD = ['held unasked'];
const AGAINST = ['held hr-contradicts'];
const gusto = (type: string, kind: string) =>
  JSON.stringify({ uuid: 'u1', event_type: type, entity_type: kind, entity_uuid: ID, timestamp: NOW / 1000 });
const bambooEvent = JSON.stringify({ type: 'employee.updated', timestamp: AT, data: { employeeId: ID, changedFields: ['status'] } });
const sf = `<s:Envelope xmlns:s="x"><s:Body><n:ExternalEvent xmlns:n="y"><n:externalEventMeta><n:externalEventId>x1</n:externalEventId><n:type>com.successfactors.Employment.AssignmentInformation.Termination</n:type></n:externalEventMeta><n:events><n:event><n:eventId>1</n:eventId><n:effectiveStartDate>${YESTERDAY}</n:effectiveStartDate><n:entityKeys><entityKey><name>userId</name><value>${ID}</value></entityKey></n:entityKeys></n:event></n:events></n:ExternalEvent></s:Body></s:Envelope>`;
const dayforce = `<s:Envelope xmlns:s="x"><s:Body><EventNotification><Events><Event><EventId>1</EventId><EventType>Terminated</EventType><CreatedTimestamp>${AT}</CreatedTimestamp><EffectiveDate>${YESTERDAY}</EffectiveDate><EmployeeXRefCode>${ID}</EmployeeXRefCode></Event></Events></EventNotification></s:Body></s:Envelope>`;

const TRANSFERS: Record<SystemName, Transfer | Record<string, Transfer>> = {
  // A position ends by an event of its own; a change of category hires the person again.
  adp: {
    source: { scheme: { kind: 'bearer' } },
    body: JSON.stringify({
      events: [
        {
          eventID: 'e1',
          eventNameCode: { codeValue: 'worker.terminate' },
          eventStatusCode: { codeValue: 'COMPLETED' },
          recordDateTime: AT,
          data: { output: { worker: { associateOID: 'G3', workerID: { idValue: ID }, workerDates: { terminationDate: YESTERDAY } } } },
        },
      ],
    }),
    headers: (body) => SIGN.adp(body, { secret }),
    unasked: HELD,
  },
  bamboohr: {
    'by its fields': {
      body: JSON.stringify({
        employees: [{ id: ID, timestamp: AT, changedFields: ['status'], fields: { status: 'Inactive', workEmail: 'ana@acme.test' } }],
      }),
      headers: (body) => SIGN.bamboohr(body, { secret, at: NOW }),
      unasked: HELD,
      asked: [
        [anotherGoesOn, AGAINST],
        [othersUnseen, AGAINST],
      ],
    },
    'by its id': {
      body: bambooEvent,
      headers: (body) => SIGN.bamboohr(body, { secret, at: NOW }),
      unasked: ['failed unconfirmed'],
      asked: [
        [anotherGoesOn, AGAINST],
        [othersUnseen, AGAINST],
      ],
    },
  },
  // The sender says that the person leaves, or that they are transferred.
  canonical: {
    source: { system: undefined, scheme: { kind: 'standard-webhooks' }, settings: undefined },
    body: JSON.stringify({ type: 'employee.sign_of_life', data: { employee: { email: 'ana@acme.test' }, sign: 'transferred' } }),
    headers: (body) => standardHeaders(body, { at: NOW, id: 'm1' }),
    unasked: ['noted'],
  },
  dayforce: { body: dayforce, headers: basic, unasked: HELD },
  deel: {
    body: JSON.stringify({
      data: { meta: { event_type: 'contract.terminated' }, resource: { id: ID, completion_date: YESTERDAY } },
      timestamp: AT,
    }),
    headers: (body) => SIGN.deel(body, { secret }),
    unasked: HELD,
  },
  // The record stays, and gets another employing entity.
  'employment-hero': {
    body: JSON.stringify({ Notifications: [{ Action: 'EmployeeUpdated', EmployeeId: ID, EmailAddress: 'ana@acme.test' }] }),
    headers: (body) => SIGN.employmentHero(body, { secret }),
    unasked: [],
  },
  entra: {
    body: JSON.stringify({ value: [{ clientState: secret, changeType: 'updated', resource: `Users/${ID}`, resourceData: { id: ID } }] }),
    headers: () => ({}),
    unasked: ['failed unconfirmed'],
    asked: [
      [anotherGoesOn, AGAINST],
      [othersUnseen, AGAINST],
    ],
  },
  // The record stays, and gets another contract: nobody is terminated on a day.
  factorial: {
    body: JSON.stringify({ id: ID, email: 'ana@acme.test', terminated_on: null }),
    headers: () => ({ 'x-factorial-wh-challenge': secret }),
    unasked: [],
  },
  finch: {
    body: JSON.stringify({ event_type: 'employment.updated', data: { individual_id: ID } }),
    headers: (body) => SIGN.finch(body, { secret: secret.replace('whsec_', ''), at: NOW, id: 'm1' }),
    unasked: ['failed unconfirmed'],
    asked: [[personGoesOn, ['cancelled not-a-termination']]],
  },
  gusto: {
    'an employee who becomes a contractor': {
      body: gusto('employee.termination_effective', 'Employee'),
      headers: (body) => SIGN.gusto(body, { secret }),
      unasked: HELD,
    },
    'a contractor who becomes an employee': {
      body: gusto('contractor.deactivation_effective', 'Contractor'),
      headers: (body) => SIGN.gusto(body, { secret }),
      unasked: HELD,
    },
  },
  // The record stays, and gets another site or another first day.
  hibob: {
    body: JSON.stringify({ type: 'employee.updated', version: 'v2', data: { employeeId: ID, fieldUpdatesIds: [{ id: 'work.siteId' }] } }),
    headers: (body) => SIGN.hibob(body, { secret }),
    unasked: [],
    asked: [[personGoesOn, []]],
  },
  merge: {
    body: JSON.stringify({
      hook: { event: 'Employee.changed' },
      data: { id: ID, work_email: 'ana@acme.test', employment_status: 'INACTIVE', termination_date: YESTERDAY },
    }),
    headers: (body) => SIGN.merge(body, { secret }),
    unasked: HELD,
    asked: [
      [anotherGoesOn, AGAINST],
      [othersUnseen, AGAINST],
    ],
  },
  // No two accounts have one log-in name, and the other account has hers.
  okta: {
    body: JSON.stringify({
      data: {
        events: [
          {
            uuid: 'u1',
            published: AT,
            eventType: 'user.lifecycle.deactivate',
            outcome: { result: 'SUCCESS' },
            target: [{ id: '00u1', type: 'User', alternateId: 'ana.external@acme.test', displayName: 'Ana Silva' }],
          },
        ],
      },
    }),
    source: { settings: undefined },
    headers: () => ({ authorization: secret }),
    unasked: ['no-account'],
  },
  paylocity: {
    body: JSON.stringify({
      companyId: 'C1',
      employeeId: ID,
      employeeWorkEMailAddress: 'ana@acme.test',
      employeeTerminationDate: YESTERDAY,
    }),
    headers: basic,
    unasked: HELD,
  },
  personio: {
    body: JSON.stringify({ event_name: 'employment.terminated', occurred_at: `${YESTERDAY}T06:00:00Z`, payload: { person_id: ID } }),
    headers: (body) => SIGN.personio(body, { secret }),
    unasked: HELD,
    asked: [
      [anotherGoesOn, AGAINST],
      [othersUnseen, AGAINST],
    ],
  },
  remote: {
    body: JSON.stringify({ event_type: 'offboarding.completed', employment_id: ID }),
    headers: (body) => SIGN.remote(body, { secret, at: NOW }),
    unasked: HELD,
  },
  rippling: {
    'by its webhook': {
      source: { settings: { ...OWN, comes: 'when-due' } },
      body: `event_name=employee.terminated&id=${ID}`,
      headers: (body) => SIGN.rippling(body, { secret }),
      unasked: HELD,
    },
    'by a workflow on the day': {
      source: { settings: { comes: 'when-due', workflow: { email: 'email' } } },
      body: '{"email":"ana@acme.test"}',
      headers: (body) => SIGN.rippling(body, { secret }),
      unasked: HELD,
    },
    'by a workflow with a date': {
      source: { settings: { workflow: { email: 'email', effectiveDate: 'last' } } },
      body: `{"email":"ana@acme.test","last":"${YESTERDAY}"}`,
      headers: (body) => SIGN.rippling(body, { secret }),
      unasked: HELD,
    },
  },
  successfactors: {
    body: sf,
    headers: basic,
    unasked: HELD,
    asked: [[personGoesOn, AGAINST]],
  },
  'ukg-pro': {
    source: { scheme: { kind: 'hmac', header: 'X-UKG-Signature', encoding: 'base64' }, settings: { ...OWN, comes: 'when-due' } },
    body: JSON.stringify({ EventId: 1, EventTime: AT, EventType: 'EmployeeTerminationEvent', Payload: { CoId: 'OLD', EeId: ID } }),
    headers: (body) => SIGN.ukg(body, { secret }),
    unasked: HELD,
  },
  // A contingent worker who is hired: their contract ends by a process of its own, which is not on the list of the stage.
  workday: {
    source: {
      settings: {
        mapping: {
          type: { path: 'event', terminated: ['Termination'], rescinded: ['Rescind Termination'] },
          employeeNumber: 'worker',
        },
      },
    },
    body: JSON.stringify({ event: 'End Contingent Worker Contract', worker: ID }),
    headers: basic,
    unasked: [],
  },
};

const isOne = (transfers: Transfer | Record<string, Transfer>): transfers is Transfer => typeof transfers.body === 'string';

const ROWS = SYSTEM_NAMES.flatMap((system): [string, SystemName, Transfer][] => {
  const transfers = TRANSFERS[system];
  return isOne(transfers)
    ? [[system, system, transfers]]
    : Object.entries(transfers).map(([how, transfer]) => [`${system}, ${how}`, system, transfer]);
});

async function send({ source, body, headers }: Transfer, system: SystemName, says?: Partial<HrRecord>) {
  const stage = aFieldStage({
    sources: { hr: { system, settings: OWN, ...source } },
    users: [ANA],
    now: NOW,
    lookUps: says === undefined ? [] : ['hr'],
  });
  const known = {
    employee: { sourceId: ID, email: 'ana@acme.test' },
    standing: 'employed' as const,
    lastDay: undefined,
    startedOn: undefined,
  };
  if (says !== undefined) stage.desk.hr.says.set(ID, { ...known, ...says });
  const status = await stage.send('hr', body, headers(body));
  return { ...stage, status };
}

it.each(ROWS)('the end of one employment of two does not deactivate where HR cannot be asked: %s', async (_, system, transfer) => {
  const { rests, deactivated, status } = await send(transfer, system);

  expect([rests(), deactivated(), status < 300]).toEqual([transfer.unasked, [], true]);
});

it.each(
  ROWS.flatMap(([title, system, transfer]) => (transfer.asked ?? []).map(([says, ends]) => [title, system, transfer, says, ends] as const)),
)('nor where HR is asked: %s', async (_, system, transfer, says, ends) => {
  const { rests, deactivated } = await send(transfer, system, says);

  expect([rests(), deactivated()]).toEqual([ends, []]);
});

it.each(ROWS.filter(([, , { unasked }]) => unasked === HELD))('a stage may accept it knowingly: %s', async (_, system, transfer) => {
  const source = { settings: OWN, ...transfer.source };
  const { deactivated } = await send({ ...transfer, source: { ...source, settings: { ...source.settings, unasked: 'act' } } }, system);

  expect(deactivated()).toEqual([ANA.id]);
});
