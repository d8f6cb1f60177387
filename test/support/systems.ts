import type { HrEvent } from '../../lambda/domain/event/hr-event.ts';
import type { SourceConfig, SystemName } from '../../lambda/sources/systems/registry.ts';
import { SECRET, STANDARD, standardHeaders } from './deliveries.ts';
import { SIGN, type Sign } from './signing.ts';
import { canonicalSample, configsOf, samplesOf } from './source-pages.ts';

/** The facts of an HR system that the contract test uses. */
export interface Specimen {
  secret: string;
  sign: Sign;
  /** Puts a secret into a body, if the system proves its deliveries so. */
  place?: (body: string, secret: string) => string;
  /** The sample in its page: a delivery that is a termination, or the nearest that the system has. */
  good: string;
  /** The event that it becomes. */
  becomes: HrEvent;
  answered: { status: number; body?: string | RegExp };
  /** An event of the system that is not a termination. */
  foreign?: string;
  /** A list with a good item, a malformed one and another good one. */
  oneBad?: string;
  /** A list of nobody. */
  nobody?: string;
  /** An event whose name no list has, and which sounds like a leaving. */
  unknownWord?: string;
  /** The sample, with the employee's id or number written as the number {@link BIG}. */
  bigNumber: string;
  /** A delivery that names its employee by id only. */
  thin?: { body: string; sourceId: string };
  /** A delivery with several employees, and the number of its events. */
  batch?: { body: string; events: number };
  /** The sample with a wrong value in a field that we use. */
  wrong: string;
  /** The status for a proven delivery that is not understood; by default the same as for `good`. */
  refused?: number[];
  /** A test or challenge. */
  ping?: { method?: string; query?: Record<string, string>; body?: string; headers?: Record<string, string>; answer: string };
  /** Whether the signature covers a time. */
  hasTime?: true;
}

const sampleOf = (page: string, at = 0): string => samplesOf(page)[at] ?? '';
const HEX = '4f9d1c6e8b7a4f9d1c6e8b7a4f9d1c6e8b7a4f9d1c6e8b7a4f9d1c6e8b7a0001';
const EVENT_IDS = /^\{"eventIds":\[("[^"]+",?)*\]\}$/;
const ANSWER = { status: 200, body: EVENT_IDS };

/** Replaces one piece of the sample. @throws Error if the sample does not have it */
export function changed(body: string, piece: string, by: string): string {
  if (!body.includes(piece)) throw new Error(`the sample does not have ${piece}; see its page in docs/sources`);
  return body.replace(piece, by);
}

/** A double holds only its even neighbours. */
export const BIG = '9007199254740993';

const okta = sampleOf('okta');
const bamboohr = sampleOf('bamboohr');
const workday = sampleOf('workday');
const successfactors = sampleOf('successfactors');
const deel = sampleOf('deel');

const twice = (xml: string): string => {
  const [event = ''] = /<ns7:event>.*<\/ns7:event>/.exec(xml) ?? [];
  return changed(xml, event, event + event.replace('e-1', 'e-2').replace('>10042<', '>10043<'));
};

/** The sample with other items in its list. */
function listed(body: string, [before, after]: readonly [string, string], items: (item: string) => string[]): string {
  const [start, end] = [body.indexOf(before) + before.length, body.lastIndexOf(after)];
  return body.slice(0, start) + items(body.slice(start, end)).join(after.startsWith('<') ? '' : ',') + body.slice(end);
}

const entra = sampleOf('entra');

export const SPECIMENS: Record<SystemName, Specimen> = {
  canonical: {
    secret: SECRET,
    sign: standardHeaders,
    good: canonicalSample(),
    becomes: {
      type: 'employee.terminated',
      occurredAt: '2026-11-24T09:00:00Z',
      employee: { email: 'ana@acme.test', employeeNumber: '10042', givenName: 'Ana', familyName: 'Silva' },
      effective: { date: '2026-11-30', timeZone: 'Europe/Amsterdam' },
    },
    answered: { status: 202, body: EVENT_IDS },
    unknownWord: changed(canonicalSample(), 'employee.terminated', 'employee.offboarded'),
    bigNumber: changed(canonicalSample(), '"10042"', BIG),
    foreign: changed(canonicalSample(), 'employee.terminated', 'employee.on_leave'),
    batch: { body: `[${canonicalSample()},${canonicalSample().replace('-1"', '-2"')}]`, events: 2 },
    wrong: changed(canonicalSample(), '"10042"', '10042'),
    refused: [400, 422],
    hasTime: true,
  },
  bamboohr: {
    secret: HEX,
    sign: SIGN.bamboohr,
    good: bamboohr,
    becomes: {
      type: 'employee.terminated',
      occurredAt: '2026-11-30T18:42:00+00:00',
      employee: { sourceId: '67890', email: 'ana@acme.test', employeeNumber: '10042', givenName: 'Ana', familyName: 'Silva' },
      effective: { immediate: true },
      doubt: 'one-employment',
    },
    answered: ANSWER,
    unknownWord: changed(changed(bamboohr, '"Inactive"', '"Resigned"'), '"Terminated"', '"Retired"'),
    bigNumber: changed(bamboohr, '"67890"', BIG),
    nobody: '{"employees":[]}',
    oneBad: changed(
      bamboohr,
      ']}',
      `,${bamboohr.slice(14, -2).replace('"id":"67890",', '')},${bamboohr.slice(14, -2).replace('67890', '67891')}]}`,
    ),
    foreign: changed(sampleOf('bamboohr', 1), '"status"', '"jobTitle"'),
    thin: { body: sampleOf('bamboohr', 1), sourceId: '67890' },
    batch: { body: changed(bamboohr, ']}', `,${bamboohr.slice(14, -2).replace('67890', '67891')}]}`), events: 2 },
    wrong: changed(bamboohr, '"67890"', '["67890"]'),
    hasTime: true,
  },
  hibob: {
    secret: HEX,
    sign: SIGN.hibob,
    good: sampleOf('hibob'),
    becomes: {
      type: 'employee.terminated',
      employee: { sourceId: '3332883894235038137', customFields: { 'DE:HiBob ID': '3332883894235038137' } },
      effective: { immediate: true },
    },
    answered: ANSWER,
    unknownWord: changed(sampleOf('hibob'), 'employee.left', 'employee.offboarded'),
    bigNumber: changed(sampleOf('hibob'), '"3332883894235038137"', BIG),
    foreign: changed(sampleOf('hibob'), 'employee.left', 'employee.inactivated'),
    thin: { body: sampleOf('hibob'), sourceId: '3332883894235038137' },
    wrong: changed(sampleOf('hibob'), '"3332883894235038137"', 'null'),
    ping: { body: 'Ping test', answer: '' },
  },
  personio: {
    secret: HEX,
    sign: SIGN.personio,
    good: sampleOf('personio'),
    becomes: {
      type: 'employee.terminated',
      occurredAt: '2026-11-30T06:00:03Z',
      employee: { sourceId: '8842', customFields: { 'DE:Personio ID': '8842' } },
      effective: { date: '2026-11-30', timeZone: 'Europe/Berlin' },
      doubt: 'one-employment',
    },
    answered: ANSWER,
    unknownWord: changed(sampleOf('personio'), 'employment.terminated', 'employment.ended'),
    bigNumber: changed(sampleOf('personio'), '"8842"', BIG),
    foreign: changed(sampleOf('personio'), 'employment.terminated', 'employment.updated'),
    thin: { body: sampleOf('personio'), sourceId: '8842' },
    wrong: changed(sampleOf('personio'), '"person_id":"8842"', '"person_id":{}'),
  },
  gusto: {
    secret: 'a-verification-token-from-gusto',
    sign: SIGN.gusto,
    good: sampleOf('gusto'),
    becomes: {
      type: 'employee.terminated',
      occurredAt: '2026-11-29T08:00:00.000Z',
      employee: {
        sourceId: 'bcfc9744-0ab3-4ef3-ab0d-e728255d659c',
        customFields: { 'DE:Gusto ID': 'bcfc9744-0ab3-4ef3-ab0d-e728255d659c' },
      },
      effective: { immediate: true },
      doubt: 'one-employment',
    },
    answered: ANSWER,
    unknownWord: changed(sampleOf('gusto'), 'employee.termination_effective', 'employee.dismissed'),
    bigNumber: changed(sampleOf('gusto'), '"entity_uuid":"bcfc9744-0ab3-4ef3-ab0d-e728255d659c"', `"entity_id":${BIG}`),
    foreign: changed(sampleOf('gusto'), 'employee.termination_effective', 'employee.updated'),
    thin: { body: sampleOf('gusto'), sourceId: 'bcfc9744-0ab3-4ef3-ab0d-e728255d659c' },
    wrong: changed(sampleOf('gusto'), '1795939200', '"soon"'),
    ping: { body: '{"verification_token":"abc123","webhook_subscription_uuid":"d2b8"}', answer: '' },
  },
  workday: {
    secret: 'workday:correct horse battery',
    sign: SIGN.workday,
    good: workday,
    becomes: {
      type: 'employee.terminated',
      occurredAt: '2026-11-24T09:00:00Z',
      employee: { email: 'ana@acme.test', employeeNumber: '10042', givenName: 'Ana', familyName: 'Silva' },
      effective: { date: '2026-11-30', timeZone: 'America/New_York' },
    },
    answered: ANSWER,
    unknownWord: changed(workday, '"Termination"', '"Terminate Employee"'),
    bigNumber: changed(workday, '"10042"', BIG),
    nobody: '{"Report_Entry":[]}',
    oneBad: `[${workday},${workday.replace('"2026-11-30-08:00"', 'null')},${workday.replace('f3a1', 'f3a2')}]`,
    foreign: changed(workday, 'Termination', 'Change Job'),
    batch: { body: `[${workday},${workday.replace('f3a1', 'f3a2')}]`, events: 2 },
    wrong: changed(workday, '"2026-11-30-08:00"', 'null'),
  },
  successfactors: {
    secret: 'sf:correct horse battery',
    sign: SIGN.successfactors,
    good: successfactors,
    becomes: {
      type: 'employee.terminated',
      occurredAt: '2026-11-24T09:00:00.000Z',
      employee: { sourceId: '10042', employeeNumber: '10042' },
      // The day before the first day after the employment.
      effective: { date: '2026-11-30', timeZone: 'Europe/Berlin' },
      doubt: 'one-employment',
    },
    answered: { status: 200, body: /<ExternalEventResponse .*<status>200<\/status><statusDate>2026-11-24T09:00:00.000Z<\/statusDate>/ },
    unknownWord: changed(successfactors, 'AssignmentInformation.Termination', 'AssignmentInformation.Separation'),
    bigNumber: changed(successfactors, '<value>10042<', `<value>${BIG}<`),
    oneBad: changed(twice(successfactors), '</ns7:event>', '</ns7:event><ns7:event><ns7:eventId>e-9</ns7:eventId></ns7:event>'),
    foreign: changed(successfactors, 'AssignmentInformation.Termination', 'AssignmentInformation.JobChange'),
    thin: { body: successfactors, sourceId: '10042' },
    batch: { body: twice(successfactors), events: 2 },
    wrong: changed(successfactors, '<ns7:effectiveStartDate>2026-12-01</ns7:effectiveStartDate>', ''),
  },
  'ukg-pro': {
    secret: HEX,
    sign: SIGN.ukg,
    good: sampleOf('ukg-pro'),
    becomes: {
      type: 'employee.terminated',
      // The sample names no zone: the time is read as the latest that it can mean.
      occurredAt: '2026-11-30T15:51:52.64-12:00',
      employee: { sourceId: '4W7QK90000K0', customFields: { 'DE:UKG ID': '4W7QK90000K0' } },
      effective: { immediate: true },
      doubt: 'one-employment',
    },
    answered: ANSWER,
    unknownWord: changed(sampleOf('ukg-pro'), 'EmployeeTerminationEvent', 'EmployeeSeparationEvent'),
    bigNumber: changed(sampleOf('ukg-pro'), '"4W7QK90000K0"', BIG),
    foreign: changed(sampleOf('ukg-pro'), 'EmployeeTerminationEvent', 'EmployeeAddressChangeEvent'),
    thin: { body: sampleOf('ukg-pro'), sourceId: '4W7QK90000K0' },
    wrong: changed(sampleOf('ukg-pro'), '"4W7QK90000K0"', 'false'),
  },
  rippling: {
    secret: HEX,
    sign: SIGN.rippling,
    good: sampleOf('rippling'),
    becomes: {
      type: 'employee.terminated',
      employee: { sourceId: '5f7a3b2c1d0e9f8a7b6c5d4e', customFields: { 'DE:Rippling ID': '5f7a3b2c1d0e9f8a7b6c5d4e' } },
      effective: { immediate: true },
      doubt: 'one-employment',
    },
    answered: ANSWER,
    unknownWord: changed(sampleOf('rippling'), 'employee.terminated', 'employee.offboarded'),
    bigNumber: `{"event_name":"employee.terminated","id":${BIG}}`,
    nobody: '[]',
    oneBad:
      '[{"event_name":"employee.terminated","id":"1"},{"event_name":"employee.terminated"},{"event_name":"employee.terminated","id":"2"}]',
    foreign: changed(sampleOf('rippling'), 'employee.terminated', 'employee.deleted'),
    thin: { body: sampleOf('rippling'), sourceId: '5f7a3b2c1d0e9f8a7b6c5d4e' },
    wrong: changed(sampleOf('rippling'), 'id=5f7a3b2c1d0e9f8a7b6c5d4e', 'id='),
  },
  deel: {
    secret: HEX,
    sign: SIGN.deel,
    good: deel,
    becomes: {
      type: 'employee.terminated',
      occurredAt: '2026-11-24T09:00:00.000Z',
      employee: { sourceId: '38n9k2x', customFields: { 'DE:Deel contract': '38n9k2x' } },
      effective: { date: '2026-11-30', timeZone: 'Europe/Lisbon' },
      doubt: 'one-employment',
    },
    answered: ANSWER,
    unknownWord: changed(deel, 'contract.terminated', 'contract.ended'),
    bigNumber: changed(deel, '"38n9k2x"', BIG),
    oneBad: changed(
      deel,
      '{"id":"38n9k2x","completion_date":"2026-11-30T00:00:00.000Z"}',
      '[{"id":"38n9k2x","completion_date":"2026-11-30"},{"completion_date":"2026-11-30"},{"id":"38n9k2y","completion_date":"2026-12-31"}]',
    ),
    foreign: changed(deel, 'contract.terminated', 'contract.amended'),
    thin: { body: deel, sourceId: '38n9k2x' },
    batch: {
      body: changed(
        deel,
        '{"id":"38n9k2x","completion_date":"2026-11-30T00:00:00.000Z"}',
        '[{"id":"38n9k2x","completion_date":"2026-11-30"},{"id":"38n9k2y","completion_date":"2026-12-31"}]',
      ),
      events: 2,
    },
    wrong: changed(deel, '"38n9k2x"', '{}'),
  },
  merge: {
    secret: HEX,
    sign: SIGN.merge,
    good: sampleOf('merge'),
    becomes: {
      type: 'employee.terminated',
      employee: {
        sourceId: '0958cbc6-6040-430a-848e-aafacbadf4ae',
        email: 'ana@acme.test',
        employeeNumber: '10042',
        givenName: 'Ana',
        familyName: 'Silva',
      },
      effective: { date: '2026-11-30' },
      doubt: 'one-employment',
    },
    answered: ANSWER,
    unknownWord: changed(sampleOf('merge'), 'Employee.changed', 'Employee.offboarded'),
    bigNumber: changed(sampleOf('merge'), '"10042"', BIG),
    foreign: changed(sampleOf('merge'), 'Employee.changed', 'Hook.test'),
    thin: {
      body: '{"hook":{"event":"Employee.changed"},"data":{"id":"0958cbc6-6040-430a-848e-aafacbadf4ae"}}',
      sourceId: '0958cbc6-6040-430a-848e-aafacbadf4ae',
    },
    wrong: changed(sampleOf('merge'), '"2026-11-30T00:00:00Z"', '1796000000'),
  },
  finch: {
    secret: '5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH',
    sign: SIGN.finch,
    good: sampleOf('finch'),
    becomes: {
      type: 'employee.terminated',
      unconfirmed: true,
      employee: { sourceId: 'e8b90071-0c11-471c-86e8-e303ef2f6782' },
      effective: { immediate: true },
    },
    answered: ANSWER,
    unknownWord: changed(sampleOf('finch'), 'employment.updated', 'employment.terminated'),
    bigNumber: changed(sampleOf('finch'), '"e8b90071-0c11-471c-86e8-e303ef2f6782"', BIG),
    foreign: changed(sampleOf('finch'), 'employment.updated', 'individual.updated'),
    thin: { body: sampleOf('finch'), sourceId: 'e8b90071-0c11-471c-86e8-e303ef2f6782' },
    wrong: changed(sampleOf('finch'), '"e8b90071-0c11-471c-86e8-e303ef2f6782"', 'null'),
    hasTime: true,
  },
  okta: {
    secret: HEX,
    sign: SIGN.okta,
    good: okta,
    becomes: {
      type: 'employee.terminated',
      occurredAt: '2026-11-30T17:00:00.000Z',
      employee: { sourceId: '00u1a2b3c4', email: 'ana@acme.test', ssoUsername: 'ana@acme.test', displayName: 'Ana Silva' },
      effective: { immediate: true },
    },
    answered: { status: 200, body: '' },
    unknownWord: changed(okta, 'user.lifecycle.deactivate', 'user.lifecycle.terminate'),
    bigNumber: changed(okta, '"00u1a2b3c4"', BIG),
    nobody: changed(okta, okta.slice(okta.indexOf('{"uuid"'), -3), ''),
    oneBad: changed(
      okta,
      ']}}',
      `,${okta.slice(okta.indexOf('{"uuid"'), -3).replace('"published":"2026-11-30T17:00:00.000Z",', '')},${okta.slice(okta.indexOf('{"uuid"'), -3).replace('0001', '0002').replace('00u1', '00u2')}]}}`,
    ),
    foreign: changed(okta, 'user.lifecycle.deactivate', 'user.lifecycle.suspend'),
    batch: {
      body: changed(okta, ']}}', `,${okta.slice(okta.indexOf('{"uuid"'), -3).replace('0001', '0002').replace('00u1', '00u2')}]}}`),
      events: 2,
    },
    wrong: changed(okta, '"1a2b3c4d-0001"', '7'),
    ping: {
      method: 'GET',
      headers: { 'x-okta-verification-challenge': 'aZ9"\\' },
      answer: '{"verification":"aZ9\\"\\\\"}',
    },
  },
  adp: {
    secret: 'a long random secret of ADP',
    sign: SIGN.adp,
    good: sampleOf('adp'),
    becomes: {
      type: 'employee.terminated',
      occurredAt: '2026-11-24T09:00:00.938+00:00',
      employee: { sourceId: 'G3B1C2D3E4F5', employeeNumber: '101652' },
      effective: { date: '2026-11-30', timeZone: 'America/New_York' },
      doubt: 'one-employment',
    },
    answered: ANSWER,
    unknownWord: changed(sampleOf('adp'), 'worker.terminate', 'worker.separate'),
    bigNumber: changed(sampleOf('adp'), '"101652"', BIG),
    nobody: '{"events":[]}',
    oneBad: listed(sampleOf('adp'), ['{"events":[', ']}'], (item) => [
      item,
      item.replace('"terminationDate":"2026-11-30"', '"x":1'),
      item.replace('-0001', '-0002'),
    ]),
    batch: { body: listed(sampleOf('adp'), ['{"events":[', ']}'], (item) => [item, item.replace('-0001', '-0002')]), events: 2 },
    foreign: changed(sampleOf('adp'), 'worker.terminate', 'worker.on-leave'),
    thin: { body: sampleOf('adp'), sourceId: 'G3B1C2D3E4F5' },
    wrong: changed(sampleOf('adp'), '"terminationDate":"2026-11-30"', '"terminationDate":null'),
  },
  paylocity: {
    secret: 'paylocity:correct horse battery',
    sign: SIGN.workday,
    good: sampleOf('paylocity'),
    becomes: {
      type: 'employee.terminated',
      employee: { sourceId: '10042', email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' },
      effective: { date: '2026-11-30', timeZone: 'America/Chicago' },
      doubt: 'one-employment',
    },
    answered: ANSWER,
    bigNumber: changed(sampleOf('paylocity'), '"10042"', BIG),
    thin: { body: sampleOf('paylocity'), sourceId: '10042' },
    wrong: changed(sampleOf('paylocity'), '"2026-11-30T00:00:00Z"', '"soon"'),
  },
  remote: {
    secret: HEX,
    sign: SIGN.remote,
    good: sampleOf('remote'),
    becomes: {
      type: 'employee.terminated',
      employee: {
        sourceId: '5df911a0-e8e9-412d-8aaf-a46ad193dd96',
        customFields: { 'DE:Remote ID': '5df911a0-e8e9-412d-8aaf-a46ad193dd96' },
      },
      effective: { immediate: true },
      doubt: 'one-employment',
    },
    answered: ANSWER,
    unknownWord: changed(sampleOf('remote'), 'offboarding.completed', 'offboarding.cancelled'),
    bigNumber: changed(sampleOf('remote'), '"5df911a0-e8e9-412d-8aaf-a46ad193dd96"', BIG),
    foreign: changed(sampleOf('remote'), 'offboarding.completed', 'employment.details.updated'),
    thin: { body: sampleOf('remote'), sourceId: '5df911a0-e8e9-412d-8aaf-a46ad193dd96' },
    wrong: changed(sampleOf('remote'), '"5df911a0-e8e9-412d-8aaf-a46ad193dd96"', 'null'),
    hasTime: true,
  },
  'employment-hero': {
    secret: HEX,
    sign: SIGN.employmentHero,
    good: sampleOf('employment-hero'),
    becomes: {
      type: 'employee.terminated',
      employee: {
        sourceId: '10042',
        email: 'ana@acme.test',
        givenName: 'Ana',
        familyName: 'Silva',
        customFields: { 'DE:Payroll ID': '10042' },
      },
      effective: { date: '2026-11-30', timeZone: 'Australia/Sydney' },
    },
    answered: ANSWER,
    unknownWord: changed(sampleOf('employment-hero'), 'EmployeeTerminated', 'EmployeeOffboarded'),
    bigNumber: changed(sampleOf('employment-hero'), '10042', BIG),
    foreign: changed(sampleOf('employment-hero'), 'EmployeeTerminated', 'EmployeeUpdated'),
    oneBad: listed(sampleOf('employment-hero'), ['"Notifications":[', ']}'], (item) => [
      item,
      item.replace('"EndDate"', '"x"'),
      item.replace('10042', '10043'),
    ]),
    thin: { body: sampleOf('employment-hero'), sourceId: '10042' },
    wrong: changed(sampleOf('employment-hero'), '10042', 'true'),
  },
  factorial: {
    secret: HEX,
    sign: SIGN.factorial,
    good: sampleOf('factorial'),
    becomes: {
      type: 'employee.terminated',
      employee: { sourceId: '10042', email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' },
      effective: { date: '2026-11-30', timeZone: 'Europe/Madrid' },
      doubt: 'withdrawable',
    },
    answered: ANSWER,
    bigNumber: changed(sampleOf('factorial'), '10042', BIG),
    thin: { body: sampleOf('factorial'), sourceId: '10042' },
    wrong: changed(sampleOf('factorial'), '"2026-11-30"', 'null'),
  },
  entra: {
    secret: HEX,
    sign: SIGN.entra,
    place: (body, secret) => body.replace(/("clientState":)"[^"]*"/g, `$1${JSON.stringify(secret)}`),
    good: entra,
    becomes: {
      type: 'employee.terminated',
      unconfirmed: true,
      employee: { sourceId: 'bcfc9744-0ab3-4ef3-ab0d-e728255d659c' },
      effective: { immediate: true },
    },
    answered: { status: 202, body: '' },
    ping: { query: { validationToken: 'Validation: of a URL' }, answer: 'Validation: of a URL' },
    unknownWord: changed(entra, '"updated"', '"offboarded"'),
    bigNumber: changed(entra, '"id":"bcfc9744-0ab3-4ef3-ab0d-e728255d659c"', `"id":${BIG}`),
    foreign: changed(entra, 'Users/bcfc9744', 'Groups/bcfc9744'),
    oneBad: listed(entra, ['"value":[', ']}'], (item) => [
      item,
      item.replace('"id":"bcfc9744', '"x":"bcfc9744'),
      item.replaceAll(/bcfc9744/g, 'bcfc9745').replace('lsg', 'lsh'),
    ]),
    batch: { body: listed(entra, ['"value":[', ']}'], (item) => [item, item.replace('lsg', 'lsh')]), events: 2 },
    thin: { body: entra, sourceId: 'bcfc9744-0ab3-4ef3-ab0d-e728255d659c' },
    wrong: changed(entra, '"id":"bcfc9744-0ab3-4ef3-ab0d-e728255d659c"', '"id":null'),
  },
  dayforce: {
    secret: 'dayforce:correct horse battery',
    sign: SIGN.successfactors,
    good: sampleOf('dayforce'),
    becomes: {
      type: 'employee.terminated',
      occurredAt: '2026-11-24T09:00:00Z',
      employee: { sourceId: '10042', employeeNumber: '10042' },
      effective: { date: '2026-11-30', timeZone: 'America/Toronto' },
      doubt: 'one-employment',
    },
    answered: { status: 200, body: /<Success>true</ },
    unknownWord: changed(sampleOf('dayforce'), '>Terminated<', '>RehiredCancelled<'),
    bigNumber: changed(sampleOf('dayforce'), '>10042<', `>${BIG}<`),
    foreign: changed(sampleOf('dayforce'), '>Terminated<', '>Hired<'),
    oneBad: listed(sampleOf('dayforce'), ['<Events>', '</Events>'], (item) => [
      item,
      item.replace(/<EffectiveDate>.*<\/EffectiveDate>/, ''),
      item.replace('-0001', '-0002'),
    ]),
    thin: { body: sampleOf('dayforce'), sourceId: '10042' },
    wrong: changed(sampleOf('dayforce'), '<EffectiveDate>2026-11-30</EffectiveDate>', ''),
  },
};

/** A delivery of a system, with its proof. */
export function proven(name: SystemName, body: string, sender: Parameters<Sign>[1]): { body: string; headers: Record<string, string> } {
  const { sign, place = (unchanged: string) => unchanged } = SPECIMENS[name];
  const placed = place(body, sender.secret);
  return { body: placed, headers: sign(placed, sender) };
}

/** Systems that have their proof in the body: a body that they could not have sent proves nothing. */
export const IN_BODY: readonly SystemName[] = ['entra'];

/** The configuration of a system in its page. */
export function configOf(name: SystemName): SourceConfig {
  const secretId = `${name}-secret`;
  const [config] = name === 'canonical' ? [{ scheme: STANDARD, secretId }] : configsOf(name, secretId);
  if (config === undefined) throw new Error(`the page of ${name} has no configuration; add the block of code`);
  return config;
}
