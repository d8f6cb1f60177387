import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { InvalidInput } from '../../../lambda/domain/failures.ts';
import { changed } from '../../support/systems.ts';
import { aSource, type Paged, sampleOf, understand } from '../../support/understanding.ts';

const meaning = async (...args: Parameters<typeof understand>) =>
  (await understand(...args)).events.map(({ event }) => {
    if (event.type !== 'employee.terminated') return event.type === 'employee.termination_rescinded' ? 'rescission' : event.type;
    return event.unconfirmed ? 'unconfirmed' : 'termination';
  });

const bambooOf = (employees: object[]) => JSON.stringify({ employees });
const bamboo = (changes: object, at = {}) => bambooOf([{ id: 5, action: 'Updated', changedFields: ['status'], ...at, fields: changes }]);
const BOTH = { changedFields: ['status', 'employmentStatus'] };
const hook = (employee: object, event = 'Employee.changed') => JSON.stringify({ hook: { event }, data: { id: 'e1', ...employee } });
const form = (fields: Record<string, string>) => String(new URLSearchParams(fields));
const gustoEvent = (type: string) => changed(sampleOf('gusto'), 'employee.termination_effective', type);
const oktaEvent = (type: string) => changed(sampleOf('okta'), 'user.lifecycle.deactivate', type);
const ukgEvent = (type: string, operation = 'Insert') =>
  changed(changed(sampleOf('ukg-pro'), 'EmployeeTerminationEvent', type), '"Insert"', JSON.stringify(operation));
const bambooAt = (time: string) => changed(sampleOf('bamboohr'), '2026-11-30T18:42:00+0000', time);
const personioAt = (time: string) => changed(sampleOf('personio'), '2026-11-30T06:00:03Z', time);
const personioNew = changed(sampleOf('personio'), 'employment.terminated', 'employment.ended');
const hibobNew = changed(sampleOf('hibob'), 'employee.left', 'employee.offboarded');
const soap = sampleOf('successfactors');

/** An Okta delivery with a deactivation for each list of targets. */
function oktaEvents(...lists: (readonly { id: string; type?: string }[] | null)[]): string {
  const events = lists.map((targets, at) => ({
    uuid: `e-${at}`,
    published: '2026-11-30T17:00:00.000Z',
    eventType: 'user.lifecycle.deactivate',
    target: targets?.map((target) => ({ type: 'User', ...target })) ?? null,
  }));
  return JSON.stringify({ data: { events } });
}

describe('a termination', () => {
  it.each<[Paged, string, string, object, string[]]>([
    ['bamboohr', 'a status with a value for it', bamboo({ status: { value: 'Inactive' } }), {}, ['termination']],
    [
      'bamboohr',
      'the flat form with the names that BambooHR shows',
      bamboo({ 'Employment Status': 'terminated' }, { changedFields: ['Employment Status'] }),
      {},
      ['termination'],
    ],
    ['bamboohr', 'a leave', bamboo({ status: { value: 'On Leave' } }), {}, []],
    [
      'bamboohr',
      'another contract',
      bamboo({ employmentStatus: { value: 'Contractor' } }, { changedFields: ['employmentStatus'] }),
      {},
      [],
    ],
    [
      'bamboohr',
      'a value that the stage adds',
      bamboo({ status: { value: 'Left us' } }),
      { terminatedValues: ['Left us'] },
      ['termination'],
    ],
    ['bamboohr', 'a status that did not change', bamboo({ status: { value: 'Inactive' } }, { changedFields: ['jobTitle'] }), {}, []],
    ['bamboohr', 'no list of changed fields', bamboo({ status: { value: 'Inactive' } }, { changedFields: null }), {}, ['unconfirmed']],
    ['bamboohr', 'nothing of what changed', bamboo({ status: 'Inactive' }, { changedFields: undefined }), {}, ['unconfirmed']],
    [
      'bamboohr',
      'another title of somebody whose address is sent too',
      bamboo({ workEmail: 'ana@acme.test' }, { changedFields: ['jobTitle'] }),
      {},
      [],
    ],
    ['bamboohr', 'no list of changed fields, of somebody who stays', bamboo({ status: 'Active' }, { changedFields: null }), {}, []],
    ['bamboohr', 'a word on no list', bamboo({ status: { value: 'Resigned' } }), {}, ['unconfirmed']],
    [
      'bamboohr',
      'a word on no list, beside a leave',
      bamboo({ status: 'Gone fishing', employmentStatus: 'On Leave' }, BOTH),
      {},
      ['unconfirmed'],
    ],
    ['bamboohr', 'a word that the stage ignores', bamboo({ status: 'Ausbildung' }), { ignoredValues: ['Ausbildung'] }, []],
    [
      'bamboohr',
      'a last day alone',
      bamboo({ terminationDate: '2026-12-31' }, { changedFields: ['terminationDate'] }),
      {},
      ['unconfirmed'],
    ],
    [
      'bamboohr',
      'a last day alone, in the event style',
      changed(sampleOf('bamboohr', 1), '"status"', '"terminationDate"'),
      {},
      ['unconfirmed'],
    ],
    [
      'bamboohr',
      'a last day beside a leave',
      bamboo({ status: 'On Leave' }, { changedFields: ['status', 'terminationDate'] }),
      {},
      ['unconfirmed'],
    ],
    ['bamboohr', 'a last day alone, not asked about', bamboo({}, { changedFields: ['terminationDate'] }), { unsaid: 'ignore' }, []],
    [
      'bamboohr',
      'a form of the event style',
      form({ type: 'employee.updated', 'data[employeeId]': '5', 'data[changedFields][0]': 'status' }),
      {},
      ['unconfirmed'],
    ],
    [
      'bamboohr',
      'a form of the field style',
      form({
        'employees[0][id]': '5',
        'employees[0][changedFields][]': 'status',
        'employees[0][fields][status][value]': 'Inactive',
        'employees[0][fields][workEmail][value]': 'ana@acme.test',
      }),
      {},
      ['termination'],
    ],
    [
      'bamboohr',
      'a form of two employees, the second rehired',
      form({
        'employees[0][id]': '5',
        'employees[0][changedFields][0]': 'jobTitle',
        'employees[1][id]': '6',
        'employees[1][changedFields]': 'status,employmentStatus',
        'employees[1][fields][status]': 'Active',
      }),
      {},
      ['rescission'],
    ],
    ['bamboohr', 'JSON with an equals sign in it', bamboo({ status: 'Inactive', customNote: 'grade=B' }), {}, ['termination']],
    ['bamboohr', 'a rehire', bamboo({ status: { value: 'Active' } }), {}, ['rescission']],
    [
      'bamboohr',
      'two fields that contradict each other',
      bamboo({ status: 'Active', employmentStatus: 'Terminated' }, BOTH),
      {},
      ['unconfirmed'],
    ],
    ['bamboohr', 'a status without its value', bamboo({ workEmail: { value: 'ana@acme.test' } }), {}, ['unconfirmed']],
    [
      'bamboohr',
      'a status without its value, and another with a value',
      bamboo({ status: null, employmentStatus: 'On Leave' }, BOTH),
      {},
      [],
    ],
    ['bamboohr', 'a status whose value is null', bamboo({ status: { value: null } }), {}, ['unconfirmed']],
    ['bamboohr', 'a status with an empty value', bamboo({ status: { value: '' } }), {}, ['unconfirmed']],
    ['bamboohr', 'the same, in a stage that lists an empty word', bamboo({ status: '' }), { terminatedValues: [''] }, ['unconfirmed']],
    ['bamboohr', 'an empty status, and another with a value', bamboo({ status: '', employmentStatus: 'On Leave' }, BOTH), {}, []],
    ['bamboohr', 'a status that is a number', bamboo({ status: { value: 7 } }), { terminatedValues: ['7'] }, ['termination']],
    ['bamboohr', 'a status without its value, not asked about', bamboo({}), { unsaid: 'ignore' }, []],
    ['bamboohr', 'the event style', sampleOf('bamboohr', 1), {}, ['unconfirmed']],
    ['bamboohr', 'a deleted employee', changed(sampleOf('bamboohr', 1), 'employee.updated', 'employee.deleted'), {}, []],
    ['bamboohr', 'an action that deletes', bamboo({ status: 'Inactive' }, { action: 'Deleted' }), {}, []],
    ['bamboohr', 'nobody', '{"employees":[]}', {}, []],
    ['hibob', 'left, or garden leave', sampleOf('hibob'), {}, ['termination']],
    ['hibob', 'left, in a stage that does not count garden leave', sampleOf('hibob'), { left: 'ignore' }, []],
    [
      'hibob',
      'access revoked',
      changed(sampleOf('hibob'), 'employee.left', 'employee.access.revoked.immediately'),
      { left: 'ignore' },
      ['termination'],
    ],
    ['hibob', 'inactivated, as on leave', changed(sampleOf('hibob'), 'employee.left', 'employee.inactivated'), {}, []],
    ['hibob', 'an event that is new', hibobNew, {}, ['unconfirmed']],
    ['hibob', 'deleted', changed(sampleOf('hibob'), 'employee.left', 'employee.deleted'), {}, []],
    ['personio', 'terminated', sampleOf('personio'), {}, ['termination']],
    ['personio', 'an event that is new', personioNew, {}, ['unconfirmed']],
    ['personio', 'a deleted employment', changed(sampleOf('personio'), 'employment.terminated', 'employment.deleted'), {}, []],
    ['gusto', 'effective, by its one name', gustoEvent('employee.termination_effective'), {}, ['termination']],
    ['gusto', 'effective, by its other name', gustoEvent('employee.terminated_effective'), {}, ['termination']],
    ['gusto', 'an announcement without a date', gustoEvent('employee.terminated'), {}, ['unconfirmed']],
    ['gusto', 'an announcement that nobody wants to know', gustoEvent('employee.terminated'), { announced: 'ignore' }, []],
    ['gusto', 'effective, where nobody wants to know of it before', sampleOf('gusto'), { announced: 'ignore' }, ['termination']],
    ['gusto', 'an announcement that HR is asked about', gustoEvent('employee.terminated'), { announced: 'ask' }, ['unconfirmed']],
    ...['employee.termination_cancelled', 'employee.rehired', 'employee.rehire_effective'].map(
      (type): [Paged, string, string, object, string[]] => ['gusto', type, gustoEvent(type), {}, ['rescission']],
    ),
    ['gusto', 'a cancelled rehire', gustoEvent('employee.rehire_cancelled'), {}, ['unconfirmed']],
    ['gusto', 'a contractor who is dismissed', gustoEvent('contractor.deactivation_effective'), {}, ['termination']],
    ['gusto', 'a dismissal that is typed in', gustoEvent('contractor.deactivated'), {}, ['unconfirmed']],
    ['gusto', 'a dismissal that is typed in, asked about', gustoEvent('contractor.deactivated'), { announced: 'ask' }, ['unconfirmed']],
    ['gusto', 'a dismissal that is cancelled', gustoEvent('contractor.deactivation_cancelled'), {}, ['rescission']],
    ['gusto', 'a contractor who is back', gustoEvent('contractor.reactivation_effective'), {}, ['rescission']],
    ['gusto', 'a contractor who will be back', gustoEvent('contractor.reactivated'), {}, ['employee.sign_of_life']],
    ['gusto', 'a contractor who will not be back after all', gustoEvent('contractor.reactivation_cancelled'), {}, ['unconfirmed']],
    ['gusto', 'an event that is new', gustoEvent('employee.offboarded'), {}, ['unconfirmed']],
    ['gusto', 'a new contractor', gustoEvent('contractor.onboarded'), {}, []],
    ['gusto', 'a type of every object', gustoEvent('constructor'), {}, []],
    ['workday', 'a rescinded termination', changed(sampleOf('workday'), 'Termination', 'Rescind Termination'), {}, ['rescission']],
    [
      'paylocity',
      'without a date, because it is sent on the day',
      changed(sampleOf('paylocity'), '"2026-11-30T00:00:00Z"', 'null'),
      {},
      ['termination'],
    ],
    ['workday', 'a leave', changed(sampleOf('workday'), 'Termination', 'Leave of Absence'), {}, []],
    ['successfactors', 'a rehire', changed(soap, 'Information.Termination', 'Information.ReHire'), {}, ['rescission']],
    ['successfactors', 'other prefixes', soap.replaceAll('ns7:', 'ns3:').replaceAll('xmlns:ns7', 'xmlns:ns3'), {}, ['termination']],
    ['successfactors', 'an event that is new', changed(soap, 'Information.Termination', 'Information.Offboarding'), {}, ['unconfirmed']],
    ['successfactors', 'no envelope', soap.replace(/^.*?<soapenv:Body>|<\/soapenv:Body>.*$/g, ''), {}, ['termination']],
    ['successfactors', 'a leave', changed(soap, 'Information.Termination', 'Information.LeaveOfAbsence'), {}, []],
    ['ukg-pro', 'a termination, perhaps of the future', ukgEvent('EmployeeTerminationEvent'), { comes: 'when-recorded' }, ['unconfirmed']],
    ['ukg-pro', 'a termination on its day', ukgEvent('EmployeeTerminationEvent'), { comes: 'when-due' }, ['termination']],
    ['ukg-pro', 'a termination that is deleted', ukgEvent('EmployeeTerminationEvent', 'Delete'), {}, ['rescission']],
    ['ukg-pro', 'an event that is new', ukgEvent('EmployeeSeparationEvent'), { comes: 'when-due' }, ['unconfirmed']],
    ['ukg-pro', 'a rehire', ukgEvent('EmployeeRehireEvent'), {}, ['rescission']],
    ['ukg-pro', 'a change of the employment', ukgEvent('EmployeeEmploymentChangeEvent'), {}, ['unconfirmed']],
    ['ukg-pro', "an event by the tenant's own name", ukgEvent('Left'), { terminations: ['Left'] }, ['termination']],
    [
      'ukg-pro',
      'a termination by a name that does not sound so',
      ukgEvent('EmployeeOut'),
      { terminations: ['EmployeeOut'] },
      ['termination'],
    ],
    ['ukg-pro', 'a rehire by a name that does not sound so', ukgEvent('EmployeeBack'), { rescissions: ['EmployeeBack'] }, ['rescission']],
    ['ukg-pro', 'a termination whose deletion is withdrawn', ukgEvent('EmployeeTerminationEvent', 'Undelete'), {}, ['termination']],
    ['ukg-pro', 'a termination that is perhaps deleted', ukgEvent('EmployeeTerminationEvent', 'DeleteRequested'), {}, ['termination']],
    ['rippling', 'terminated, perhaps in the future', sampleOf('rippling'), { comes: 'when-recorded' }, ['unconfirmed']],
    ['rippling', 'as JSON with a space before it', ' {"event_name":"employee.terminated","id":"5"}', {}, ['termination']],
    ['rippling', 'as JSON', '{"event_name":"employee.terminated","id":"5"}', {}, ['termination']],
    ['rippling', 'as a form with a list in it', `${sampleOf('rippling')}&tags[]=a`, {}, ['termination']],
    ['rippling', 'an event that is new', changed(sampleOf('rippling'), 'employee.terminated', 'employee.offboarded'), {}, ['unconfirmed']],
    ['rippling', 'deleted', changed(sampleOf('rippling'), 'employee.terminated', 'employee.deleted'), {}, []],
    ['deel', 'a contract that ended', sampleOf('deel'), {}, ['termination']],
    ['deel', 'a contract that ended without a date', changed(sampleOf('deel'), '"2026-11-30T00:00:00.000Z"', 'null'), {}, ['unconfirmed']],
    ['deel', 'a contract that another may follow', sampleOf('deel'), { terminations: [], ask: ['contract.terminated'] }, ['unconfirmed']],
    [
      'deel',
      'a new contract',
      changed(sampleOf('deel'), 'contract.terminated', 'contract.created').replace(
        '"completion_date"',
        '"worker":{"email":"ana@acme.test"},"x"',
      ),
      {},
      ['employee.sign_of_life'],
    ],
    ['deel', 'a new contract of nobody yet', changed(sampleOf('deel'), 'contract.terminated', 'contract.created'), {}, []],
    [
      'deel',
      'a termination by a name that does not sound so',
      changed(sampleOf('deel'), 'contract.terminated', 'contract.completed'),
      { terminations: ['contract.completed'] },
      ['termination'],
    ],
    [
      'deel',
      'an event that the stage asks about, by a name that does not sound so',
      changed(sampleOf('deel'), 'contract.terminated', 'contract.completed'),
      { ask: ['contract.completed'] },
      ['unconfirmed'],
    ],
    ['deel', 'an event that is new', changed(sampleOf('deel'), 'contract.terminated', 'contract.ended'), {}, ['unconfirmed']],
    ['deel', 'a changed status', changed(sampleOf('deel'), 'contract.terminated', 'contract.status.updated'), {}, []],
    ['merge', 'inactive with a last day', hook({ employment_status: 'INACTIVE', termination_date: '2026-11-30' }), {}, ['termination']],
    [
      'merge',
      'active with a last day to come',
      hook({ employment_status: 'ACTIVE', termination_date: '2026-11-30', modified_at: '2026-11-30T08:00:00Z' }),
      {},
      [],
    ],
    [
      'merge',
      'active with a last day that is over',
      hook({ employment_status: 'ACTIVE', termination_date: '2026-11-30', modified_at: '2026-12-01T08:00:00Z' }),
      {},
      ['unconfirmed'],
    ],
    [
      'merge',
      'active with a last day, nobody says when',
      hook({ employment_status: 'ACTIVE', termination_date: '2026-11-30' }),
      {},
      ['unconfirmed'],
    ],
    ['merge', 'the same, not asked about', hook({ employment_status: 'ACTIVE', termination_date: '2026-11-30' }), { unsaid: 'ignore' }, []],
    ['merge', "a status in the HR system's own words", hook({ employment_status: 'Resigned' }), {}, ['unconfirmed']],
    ['merge', 'a changed employment', hook({ employee: 'e7' }, 'Employment.changed'), {}, ['unconfirmed']],
    ['merge', 'a changed employment, not asked about', hook({ employee: 'e7' }, 'Employment.changed'), { unsaid: 'ignore' }, []],
    ['merge', 'an event that is new', hook({}, 'Employee.offboarded'), {}, ['unconfirmed']],
    ['merge', 'active', hook({ employment_status: 'ACTIVE' }), {}, []],
    ['merge', 'inactive without a last day, as on leave', hook({ employment_status: 'INACTIVE' }), {}, ['unconfirmed']],
    ['merge', 'an id alone', hook({}), {}, ['unconfirmed']],
    ['merge', 'an id alone, not asked about', hook({}), { unsaid: 'ignore' }, []],
    [
      'merge',
      'a removed employee',
      hook({ employment_status: 'INACTIVE', termination_date: '2026-11-30' }, 'Employee.removed'),
      {},
      ['unconfirmed'],
    ],
    ['finch', 'a change of the employment', sampleOf('finch'), {}, ['unconfirmed']],
    ['finch', 'an event that is new', changed(sampleOf('finch'), 'employment.updated', 'employment.terminated'), {}, ['unconfirmed']],
    ['finch', 'a test', '{"event_type":"test"}', {}, []],
    ['okta', 'suspended, as on leave', oktaEvent('user.lifecycle.suspend'), {}, []],
    ['okta', 'suspended, in a stage that counts it', oktaEvent('user.lifecycle.suspend'), { suspended: 'termination' }, ['termination']],
    ['okta', 'activated', oktaEvent('user.lifecycle.activate'), {}, ['employee.sign_of_life']],
    [
      'okta',
      'activated, and Okta does not know whether it was done',
      changed(oktaEvent('user.lifecycle.activate'), 'SUCCESS', 'UNKNOWN'),
      {},
      ['employee.sign_of_life'],
    ],
    [
      'okta',
      'an activation of what is no user',
      changed(oktaEvent('user.lifecycle.activate'), '"type":"User","alternateId"', '"type":"AppUser","alternateId"'),
      {},
      [],
    ],
    ['okta', 'sent the activation mail again', oktaEvent('user.lifecycle.reactivate'), {}, []],
    ['okta', 'a deactivation without an outcome', changed(sampleOf('okta'), '{"result":"SUCCESS"}', 'null'), {}, ['termination']],
    ['okta', 'a deactivation whose outcome has no result', changed(sampleOf('okta'), '"SUCCESS"', 'null'), {}, ['termination']],
    ['okta', 'a deactivation whose outcome is empty', changed(sampleOf('okta'), '"result":"SUCCESS"', ''), {}, ['termination']],
    ['okta', 'a new user', oktaEvent('user.lifecycle.create'), {}, []],
    ['okta', 'a deactivation that failed', changed(sampleOf('okta'), 'SUCCESS', 'FAILURE'), {}, []],
    ['okta', 'an event that is new', oktaEvent('user.lifecycle.terminate'), {}, ['unconfirmed']],
    ['okta', 'a deactivation that failed', changed(oktaEvent('user.lifecycle.deactivate'), '"SUCCESS"', '"FAILURE"'), {}, []],
    [
      'okta',
      'a deactivation of which Okta does not know',
      changed(oktaEvent('user.lifecycle.deactivate'), '"SUCCESS"', '"UNKNOWN"'),
      {},
      ['unconfirmed'],
    ],
    ['ukg-pro', 'a deleted row, in capitals', ukgEvent('EmployeeTerminationEvent', 'DELETE'), { comes: 'when-due' }, ['rescission']],
    ['ukg-pro', 'a changed row', ukgEvent('EmployeeTerminationEvent', 'Update'), { comes: 'when-due' }, ['termination']],
    [
      'rippling',
      'a list of two',
      '[{"event_name":"employee.terminated","id":"1"},{"event_name":"employee.hired","id":"2"}]',
      { comes: 'when-due' },
      ['termination'],
    ],
    ['hibob', 'a time as a number', '{"type":"employee.left","triggeredAt":1795510800000,"data":{"employeeId":"1"}}', {}, ['termination']],
    ['okta', 'a factor that is no longer used', oktaEvent('user.mfa.factor.deactivate'), {}, []],
  ])('%s: %s', async (system, _, text, settings, means) => {
    expect(await meaning(system, text, settings)).toEqual(means);
  });

  it('that is unconfirmed has no key that could find a user', async () => {
    const { events } = await understand('bamboohr', bamboo({ workEmail: 'ana@acme.test', employeeNumber: '7' }), {
      employeeIdIs: 'employeeNumber',
    });

    expect(events.map(({ event }) => event.employee)).toEqual([{ sourceId: '5' }]);
  });
});

describe('the other content of a delivery', () => {
  it.each<[Paged, string, string, number, number]>([
    ['bamboohr', 'one of three employees', bambooOf([{ id: 5, changedFields: ['status'] }, { id: 6 }, { id: 7 }]), 1, 2],
    ['bamboohr', 'a deleted one', '{"type":"employee.deleted","data":{"employeeId":"5","changedFields":["status"]}}', 0, 1],
    ['merge', 'the name of an event with more after it', hook({}, 'Employee.changed.later'), 0, 1],
    ['merge', 'the name of a change of employment with more after it', hook({ employee: 'e7' }, 'Employment.changed.later'), 0, 1],
    ['merge', 'the name of a removal with more after it', hook({}, 'Employee.removed.later'), 0, 1],
    ['rippling', 'items that are none', '[null,7,"x",{"event_name":"employee.terminated","id":"1"}]', 1, 0],
    ['merge', 'the name of an event with more before it', hook({}, 'hris.employee.UPDATED'), 1, 0],
    ['merge', 'an event of another model', hook({}, 'FormerEmployee.changed'), 0, 1],
    ['okta', 'several users of one event', oktaEvents([{ id: '1' }, { id: '2' }], [{ id: '3' }]), 3, 0],
    ['okta', 'events without users', oktaEvents([{ id: '1' }], [{ id: '3', type: 'AppUser' }], null, [{ id: '4' }]), 2, 0],
  ])('of %s is counted: %s', async (system, _, text, events, ignored) => {
    const understood = await understand(system, text);

    expect([understood.events.length, understood.ignored]).toEqual([events, ignored]);
  });
});

describe('the time', () => {
  it.each<[string, string, object, object]>([
    ['the day in the zone', '2026-11-30T22:30:00Z', { timeZone: 'Europe/Berlin' }, { date: '2026-11-30', timeZone: 'Europe/Berlin' }],
    [
      'the new day at midnight in the zone',
      '2026-11-29T23:00:00Z',
      { timeZone: 'Europe/Berlin' },
      { date: '2026-11-30', timeZone: 'Europe/Berlin' },
    ],
    ['the latest day if no zone is known', '2026-11-29T23:00:00Z', { timeZone: undefined }, { date: '2026-11-30' }],
    ['read with an offset without colon', '2026-11-30T23:30:00+0100', { timeZone: 'UTC' }, { date: '2026-11-30', timeZone: 'UTC' }],
    [
      'read with a space before the time and no colon',
      '2026-11-30 00:30:00+0100',
      { timeZone: 'UTC' },
      { date: '2026-11-29', timeZone: 'UTC' },
    ],
    ['read without a zone', '2026-11-30 23:30:00', { timeZone: 'UTC' }, { date: '2026-11-30', timeZone: 'UTC' }],
  ])('of a last day is %s', async (_, occurredAt, settings, effective) => {
    const { events } = await understand('personio', personioAt(occurredAt), settings);

    expect(events).toMatchObject([{ event: { effective } }]);
    expect(events[0]?.event).toHaveProperty('effective', effective);
  });

  it.each<[string, string, string | undefined]>([
    ['if it has no zone, the latest that it can be', '2026-11-30 23:30:00', '2026-11-30T23:30:00-12:00'],
    ['unknown if it is a date alone', '2026-11-30', undefined],
  ])('of an event is, %s', async (_, written, occurredAt) => {
    expect((await understand('personio', personioAt(written))).events[0]?.event.occurredAt).toBe(occurredAt);
  });

  it.each<[string, string, string | undefined]>([
    ['milliseconds', '1795510800000', '2026-11-24T09:00:00.000Z'],
    ['text', '2026-11-24T10:00:00+0100', '2026-11-24T10:00:00+01:00'],
    ['seconds', '1795510800', '2026-11-24T09:00:00.000Z'],
    ['more digits than milliseconds have', '17955108000000', undefined],
    ['fewer digits than milliseconds have', '179551080000', undefined],
    ['digits behind a letter', 'a1795510800000', undefined],
  ])('of an event of SuccessFactors may be %s', async (_, written, occurredAt) => {
    const text = soap.replaceAll('1795510800000', written);

    expect((await understand('successfactors', text)).events[0]?.event.occurredAt).toBe(occurredAt);
  });

  it.each([
    ['the last day itself', 'employee.left', {}],
    ['a time before the last day, if HR ends access at once', 'employee.access.revoked.immediately', { beforeLastDay: true }],
  ])('of an event of HiBob may be %s', async (_, type, beforeLastDay) => {
    const [found] = (await understand('hibob', changed(sampleOf('hibob'), 'employee.left', type), { employeeIdIs: undefined })).events;

    expect(found?.event).toEqual({
      type: 'employee.terminated',
      employee: { sourceId: '3332883894235038137' },
      effective: { immediate: true },
      ...beforeLastDay,
    });
  });

  it.each<[Paged, string, string]>([
    ['deel', '2026-11-24T09:00:00.000Z', changed(sampleOf('deel'), '"2026-11-24T09:00:00.000Z"', '1795510800000')],
    [
      'bamboohr',
      '2026-11-24T09:00:00.000Z',
      changed(sampleOf('bamboohr', 1), /"timestamp":"[^"]+"/.exec(sampleOf('bamboohr', 1))?.[0] ?? '', '"timestamp":1795510800'),
    ],
    ['gusto', '2026-11-24T09:00:00.000Z', changed(sampleOf('gusto'), '1795939200', '1795510800000')],
    ['gusto', '2286-11-20T17:46:39.000Z', changed(sampleOf('gusto'), '1795939200', '9999999999')],
  ])('of an event of %s may be a number of seconds or milliseconds: %s', async (system, occurredAt, text) => {
    expect((await understand(system, text)).events[0]?.event.occurredAt).toBe(occurredAt);
  });

  it.each<[Paged, string, string, object]>([
    [
      'merge',
      'the last day that is over',
      hook({ employment_status: 'ACTIVE', termination_date: '2026-11-30', modified_at: '2026-12-01T08:00:00Z' }),
      { effective: { date: '2026-11-30' } },
    ],
    [
      'successfactors',
      'the day before the date',
      changed(soap, 'Information.Termination', 'Information.Offboarding'),
      { effective: { date: '2026-11-30' }, occurredAt: '2026-11-24T09:00:00.000Z' },
    ],
  ])('at which %s is asked about an event is %s', async (system, _, text, event) => {
    expect((await understand(system, text)).events).toMatchObject([{ event: { unconfirmed: true, ...event } }]);
  });

  it('is required: a delivery without a date is refused', async () => {
    await expect(understand('personio', changed(sampleOf('personio'), '2026-11-30T06:00:03Z', 'soon'))).rejects.toThrow(InvalidInput);
    await expect(understand('merge', hook({ employment_status: 'INACTIVE', termination_date: 'soon' }))).rejects.toThrow(
      'event: expected a date such as 2026-11-30, got a string of 4 characters',
    );
  });
});

describe('the id of an event', () => {
  const idsOf = async (...args: Parameters<typeof understand>) => (await understand(...args)).events.map(({ eventId }) => eventId);

  it.each<[Paged, RegExp]>([
    ['bamboohr', /^evt_[0-9a-f]{40}$/],
    ['deel', /^evt_[0-9a-f]{40}$/],
    ['finch', /^evt_[0-9a-f]{40}$/],
    ['gusto', /^03ffbf0c-48a9-4f1c-932a-546413a26ad1$/],
    ['hibob', /^evt_[0-9a-f]{40}$/],
    ['merge', /^0958cbc6-6040-430a-848e-aafacbadf4ae\.2026-11-30$/],
    ['okta', /^1a2b3c4d-0001$/],
    ['personio', /^evt_[0-9a-f]{40}$/],
    ['rippling', /^evt_[0-9a-f]{40}$/],
    ['successfactors', /^a3f5c2d0-0001\.e-1$/],
    ['ukg-pro', /^459469162$/],
    ['workday', /^f3a1b2c4d5e60001$/],
  ])('of %s is its own, or made from the content', async (system, id) => {
    expect(await idsOf(system, sampleOf(system))).toEqual([expect.stringMatching(id)]);
  });

  it.each<[Paged, string, string]>([
    ['hibob', sampleOf('hibob'), sampleOf('hibob').replace('11-30T00', '12-30T00')],
    ['bamboohr', sampleOf('bamboohr'), sampleOf('bamboohr').replace('11-30T18', '12-30T18')],
    ['merge', hook({ modified_at: '2026-11-30T00:00:00Z' }), hook({ modified_at: '2026-12-30T00:00:00Z' })],
    ['bamboohr', bambooAt('30 Nov 2026'), bambooAt('30 Dec 2026')],
    ['personio', personioAt('2026-11-30 23:30:00'), personioAt('2026-11-30 23:31:00')],
    ...['Employment.changed', 'Employee.removed'].map((type): [Paged, string, string] => [
      'merge',
      hook({ employee: 'e7', modified_at: '2026-11-30T00:00:00Z' }, type),
      hook({ employee: 'e7', modified_at: '2026-12-30T00:00:00Z' }, type),
    ]),
    ['hibob', hibobNew, hibobNew.replace('11-30T00', '12-30T00')],
    ['personio', personioNew, personioNew.replace('11-30T06', '12-30T06')],
  ])('of %s differs if somebody leaves again at another time', async (system, once, again) => {
    expect(await idsOf(system, again)).not.toEqual(await idsOf(system, once));
  });

  it('is the same for one time in two spellings', async () => {
    expect(await idsOf('personio', personioAt('2026-11-30 06:00:03+0100'))).toEqual(
      await idsOf('personio', personioAt('2026-11-30T06:00:03+01:00')),
    );
  });

  it.each<[Paged, string, string]>([
    ['hibob', sampleOf('hibob'), 'evt_3ba8032f8929224326c8a2409c4e53c3c2b5101b'],
    ['hibob', '{"type":"employee.left","data":{"employeeId":"7"}}', 'evt_252f6a6f667ab49b21fa807f4976bd83819195c6'],
    ['merge', hook({}), 'evt_6f7e51737a0f9780077b84d31c9b178ceb74abab'],
    ['deel', sampleOf('deel'), 'evt_9cd040a7ef4ab3125784d1afd75758bc8a50fca4'],
    [
      'entra',
      '{"value":[{"changeType":"updated","resource":"Users/u1","resourceData":{"id":"u1"}}]}',
      'evt_a849979b06e950d92186ec157ef4990841647b12',
    ],
    ['deel', changed(sampleOf('deel'), '"2026-11-24T09:00:00.000Z"', 'null'), 'evt_a9d08c957db6c034a48cd2474c7f406500f3fab0'],
    ['deel', changed(sampleOf('deel'), ',"timestamp":"2026-11-24T09:00:00.000Z"', ''), 'evt_a9d08c957db6c034a48cd2474c7f406500f3fab0'],
  ])('of %s stays the same in every release, because a redelivery must be recognised: %s', async (system, text, id) => {
    expect(await idsOf(system, text)).toEqual([id]);
  });

  it('from the content differs between sources, and a signed id takes precedence', () => {
    const body = JSON.parse(sampleOf('hibob'));
    const [one, other] = ['hr', 'emea'].map((name) => aSource('hibob', {}, name));

    expect(one?.understand(body, undefined).events[0]?.eventId).not.toBe(other?.understand(body, undefined).events[0]?.eventId);
    expect(one?.understand(body, 'msg_1')).toMatchObject({ events: [{ eventId: 'msg_1' }] });
  });

  it('of several users of one Okta event distinguishes them', async () => {
    const target = '{"id":"00u9","type":"User","alternateId":"eve@acme.test"}';
    expect(await idsOf('okta', changed(sampleOf('okta'), '"target":[', `"target":[${target},`))).toEqual([
      '1a2b3c4d-0001.00u9',
      '1a2b3c4d-0001.00u1a2b3c4',
    ]);
  });
});

describe('the employee', () => {
  const employeeOf = async (...args: Parameters<typeof understand>) => (await understand(...args)).events[0]?.event.employee;

  it('of HiBob v1 has an address and a name', async () => {
    const v1 =
      '{"type":"employee.left","creationDate":"2026-11-30","employee":{"id":"7","email":"ana@acme.test","firstName":"Ana","surname":"Silva"}}';

    expect(await employeeOf('hibob', v1, { employeeIdIs: undefined })).toEqual({
      sourceId: '7',
      email: 'ana@acme.test',
      givenName: 'Ana',
      familyName: 'Silva',
    });
  });

  it.each([
    ['the employee number', 'employeeNumber', { sourceId: '8842', employeeNumber: '8842' }],
    ['a custom field', 'DE:Personio ID', { sourceId: '8842', customFields: { 'DE:Personio ID': '8842' } }],
    ['nothing', undefined, { sourceId: '8842' }],
  ])("of a thin event has HR's own id, and has it as %s if the stage says so", async (_, employeeIdIs, employee) => {
    expect(await employeeOf('personio', sampleOf('personio'), { employeeIdIs })).toEqual(employee);
  });

  it('keeps the number that HR sends, even if its id is another', async () => {
    expect(await employeeOf('merge', sampleOf('merge'), { employeeIdIs: 'employeeNumber' })).toMatchObject({ employeeNumber: '10042' });
  });

  it.each(['null', '""', '" "'])("is known by HR's own id if the number that HR sends is %s", async (number) => {
    const text = changed(sampleOf('merge'), '"10042"', number);

    expect(await employeeOf('merge', text, { employeeIdIs: 'employeeNumber' })).toHaveProperty(
      'employeeNumber',
      '0958cbc6-6040-430a-848e-aafacbadf4ae',
    );
  });

  it.each(['null', '""'])('has no number and no name if HR sends none: %s', async (none) => {
    const text = sampleOf('merge').replace('"10042"', none).replace('"Ana"', '"  "').replace('"Silva"', none);

    expect(await employeeOf('merge', text)).toEqual({ sourceId: '0958cbc6-6040-430a-848e-aafacbadf4ae', email: 'ana@acme.test' });
  });

  it.each([
    ['person_id', { person_id: 8842 }],
    ['person', { person: { id: '8842' } }],
    ['employee_id', { employee_id: '8842' }],
    ['employee', { employee: { id: 8842 } }],
    ['the person before the employee', { employee: { id: 9 }, employee_id: 9, person: { id: '8842' } }],
  ])('of Personio is %s', async (_, payload) => {
    const text = JSON.stringify({ event_name: 'employment.terminated', occurred_at: '2026-11-30T06:00:03Z', payload });

    expect(await employeeOf('personio', text)).toMatchObject({ sourceId: '8842' });
  });

  it.each([
    ['as the API names them', { employeeNumber: 10042, firstName: { value: 'Ana' }, last_name: 'Silva', workEmail: 'ana@acme.test' }],
    [
      'as BambooHR shows them',
      { 'Employee #': { value: 10042 }, 'First Name': 'Ana', 'Last Name': { value: 'Silva' }, 'Work Email': 'ana@acme.test' },
    ],
  ])('of BambooHR has its fields %s', async (_, fields) => {
    expect(await employeeOf('bamboohr', bamboo({ status: 'Inactive', jobTitle: null, ...fields }))).toEqual({
      sourceId: '5',
      email: 'ana@acme.test',
      employeeNumber: '10042',
      givenName: 'Ana',
      familyName: 'Silva',
    });
  });

  it('has no login if Okta knows none', async () => {
    expect(await employeeOf('okta', sampleOf('okta').replace('ana@acme.test', 'unknown'))).toEqual({
      sourceId: '00u1a2b3c4',
      displayName: 'Ana Silva',
    });
  });

  it('has no address if the value is not an address', async () => {
    expect(await employeeOf('okta', sampleOf('okta').replace('ana@acme.test', 'ana.silva'))).toEqual({
      sourceId: '00u1a2b3c4',
      ssoUsername: 'ana.silva',
      displayName: 'Ana Silva',
    });
  });
});

describe("Workday's own body", () => {
  const mapped = (body: unknown, mapping: object, settings: object = {}) =>
    understand('workday', JSON.stringify(body), { ...settings, mapping: { type: { path: 'what', terminated: ['left'] }, ...mapping } });
  const employeesOf = async (...args: Parameters<typeof mapped>) => (await mapped(...args)).events.map(({ event }) => event.employee);

  it('has its events at the path that the stage names', async () => {
    const body = { Report: { Entries: [{ Rows: [{ what: 'left', nr: 1 }, { what: 'moved' }] }] } };
    const { events, ignored } = await mapped(body, { events: 'Report.Entries[0].Rows', employeeNumber: 'nr' });

    expect(events.map(({ event }) => event)).toEqual([
      { type: 'employee.terminated', employee: { employeeNumber: '1' }, effective: { immediate: true } },
    ]);
    expect(ignored).toBe(1);
  });

  it('has each field at its path', async () => {
    const body = { what: 'left', id: 7, sso: 'ana', worker: { emails: [{}, { at: 'ana@acme.test' }], names: ['Ana', 'Silva'] } };
    const mapping = {
      sourceId: 'id',
      ssoUsername: 'sso',
      email: 'worker.emails[1].at',
      givenName: 'worker.names[0]',
      familyName: 'worker.names[1]',
    };

    expect(await employeesOf(body, mapping)).toEqual([
      { sourceId: '7', ssoUsername: 'ana', email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' },
    ]);
  });

  it.each<[string, unknown]>([
    ['is null', null],
    ['is empty', { name: '' }],
    ['is null at its end', { name: null }],
    ['is text, whose letters are not a list', { name: 'Ana' }],
    ['is inherited', { name: { toString: undefined } }],
  ])('may lack a value that %s', async (_, worker) => {
    const body = { what: 'left', nr: 1, worker };

    expect(await employeesOf(body, { employeeNumber: 'nr', givenName: 'worker.name[0]', familyName: 'worker.name.length' })).toEqual([
      { employeeNumber: '1' },
    ]);
    expect(await employeesOf(body, { employeeNumber: 'nr', givenName: 'worker.constructor.name' })).toEqual([{ employeeNumber: '1' }]);
  });

  it('sets no custom field from an id that is not mapped', async () => {
    expect(await employeesOf({ what: 'left', nr: 1 }, { employeeNumber: 'nr' }, { employeeIdIs: 'DE:Workday ID' })).toEqual([
      { employeeNumber: '1' },
    ]);
  });
});

describe("conditions in Workday's mapping", () => {
  const mapping = {
    events: 'events',
    type: { path: 'eventNameCode.codeValue', terminated: ['worker.terminate'], ignored: ['worker.terminate.draft'] },
    conditions: [
      { path: 'eventStatusCode.codeValue', counts: ['COMPLETED'], rescinds: ['CANCELED'], ignored: ['PENDING'] },
      { path: 'data.output.worker.workerStatus.statusCode.codeValue', counts: ['T'] },
    ],
    employeeNumber: 'data.output.worker.workerID.idValue',
  };
  const adp = (name: string, status: string | undefined, worker = 'T') =>
    JSON.stringify({
      events: [
        {
          eventNameCode: { codeValue: name },
          eventStatusCode: { codeValue: status },
          data: { output: { worker: { workerID: { idValue: '101652' }, workerStatus: { statusCode: { codeValue: worker } } } } },
        },
      ],
    });

  it.each([
    ['that all hold', adp('worker.terminate', 'COMPLETED'), ['termination']],
    ['one of which says that it was withdrawn', adp('worker.terminate', 'CANCELED'), ['rescission']],
    ['one of which says that nothing has happened yet', adp('worker.terminate', 'PENDING'), []],
    ['of an event of another type', adp('worker.hire', 'COMPLETED'), []],
    ['of which an event of another type has a value that no list has', adp('worker.hire', 'REJECTED'), []],
    ['of an event whose type is to be ignored', adp('worker.terminate.draft', 'COMPLETED'), []],
  ])('%s', async (_, text, means) => {
    expect(await meaning('workday', text, { mapping })).toEqual(means);
  });

  it('hold without a value if the stage lists the empty one', async () => {
    const [first, ...others] = mapping.conditions;
    const conditions = [{ ...first, counts: ['COMPLETED', ''] }, ...others];

    expect(await meaning('workday', adp('worker.terminate', undefined), { mapping: { ...mapping, conditions } })).toEqual(['termination']);
  });

  it.each([
    ['leave a later date in doubt if none of them withdraws', [{ path: 'status', counts: ['done'] }], 'withdrawable'],
    ['leave no doubt if one of them withdraws', [{ path: 'status', counts: ['done'], rescinds: ['undone'] }], undefined],
  ])('%s', async (_, conditions, doubt) => {
    const own = { type: { path: 'what', terminated: ['left'] }, conditions, employeeNumber: 'nr', effectiveDate: 'last' };
    const { events } = await understand('workday', '{"what":"left","status":"done","nr":1,"last":"2026-11-30"}', { mapping: own });

    expect(events).toMatchObject([{ event: { type: 'employee.terminated' } }]);
    expect(events[0]?.event).toHaveProperty('doubt', doubt);
  });

  it.each([
    ['another status', adp('worker.terminate', 'REJECTED')],
    ['no status', adp('worker.terminate', undefined)],
    ['a worker who is active', adp('worker.terminate', 'COMPLETED', 'A')],
    ['a type that sounds like a leaving', adp('worker.separate', 'COMPLETED')],
  ])('keep an event with %s for a person', async (_, text) => {
    await expect(understand('workday', text, { mapping })).rejects.toThrow(
      'that the stage knows, got another one; add it to one of the lists in',
    );
  });
});

describe("Workday's XML", () => {
  const mapping = {
    type: { path: 'Event', terminated: ['Termination'] },
    employeeNumber: 'Worker_ID',
    email: 'Email',
    effectiveDate: 'Last_Day',
  };
  const row = (number: string) =>
    `<wd:Report_Entry><wd:Event>Termination</wd:Event><wd:Worker_ID>${number}</wd:Worker_ID><wd:Email>ana@acme.test</wd:Email><wd:Last_Day>2026-11-30-08:00</wd:Last_Day></wd:Report_Entry>`;
  const report = (...rows: string[]) =>
    `<?xml version="1.0"?><wd:Report_Data xmlns:wd="urn:com.workday.report/x">${rows.join('')}</wd:Report_Data>`;
  const numbers = async (text: string) =>
    (await understand('workday', text, { mapping })).events.map(({ event }) => event.employee.employeeNumber);

  it.each([
    ['several rows', report(row('0007'), row('9007199254740993')), ['0007', '9007199254740993']],
    ['one row', report(row('10042')), ['10042']],
    ['one row, behind a blank line', `\n ${report(row('10042')).slice('<?xml version="1.0"?>'.length)}`, ['10042']],
    ['no row', report(), []],
  ])('of %s is read as the same report in JSON', async (_, text, found) => {
    expect(await numbers(text)).toEqual(found);
  });
});

describe('a body in the encoding that it declares', () => {
  const xml = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>${soap.replace('10042', 'Zoë')}`;
  const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
  const deliveryOf = (body: Buffer, contentType = 'text/xml') => ({ headers: new Map([['content-type', contentType]]), body });

  it.each<[string, { headers: Map<string, string>; body: Buffer }]>([
    ['UTF-8', deliveryOf(Buffer.from(xml('UTF-8')))],
    ['UTF-8 without a declaration', deliveryOf(Buffer.from(soap.replace('10042', 'Zoë')))],
    ['UTF-8 with a mark', deliveryOf(Buffer.from(`\uFEFF${xml('UTF-8')}`))],
    ['ISO-8859-1', deliveryOf(Buffer.from(xml('ISO-8859-1'), 'latin1'))],
    ['ISO-8859-1 as the header says', deliveryOf(Buffer.from(soap.replace('10042', 'Zoë'), 'latin1'), 'text/xml; charset="iso-8859-1"')],
    ['UTF-16 with a mark', deliveryOf(utf16(xml('UTF-16')))],
    ['UTF-16 without a mark', deliveryOf(Buffer.from(xml('UTF-16'), 'utf16le'))],
    ['UTF-16, the other way round', deliveryOf(utf16(xml('UTF-16')).swap16())],
    ['UTF-16 without a mark, the other way round', deliveryOf(Buffer.from(xml('UTF-16'), 'utf16le').swap16())],
    [
      'ISO-8859-1 as the header says, without a space',
      deliveryOf(Buffer.from(soap.replace('10042', 'Zoë'), 'latin1'), 'text/xml;charset=ISO-8859-1'),
    ],
    [
      'UTF-8 with a mark although the header says ISO-8859-1',
      deliveryOf(Buffer.from(`\uFEFF${soap.replace('10042', 'Zoë')}`), 'text/xml; charset=iso-8859-1'),
    ],
    ['UTF-8 without a header', { headers: new Map(), body: Buffer.from(soap.replace('10042', 'Zoë')) }],
    [
      'UTF-8, whatever an instruction behind the beginning says',
      deliveryOf(Buffer.from(`<!--<?xml version="1.0" encoding="ISO-8859-1"?>-->${soap.replace('10042', 'Zoë')}`)),
    ],
    ['UTF-16 although the header says UTF-8', deliveryOf(utf16(xml('UTF-16')), 'text/xml; charset=utf-8')],
  ])('%s', async (_, delivery) => {
    const source = aSource('successfactors');
    const { events } = source.understand(await source.read(source.decode(delivery)), undefined);

    expect(events.map(({ event }) => event.employee.sourceId)).toEqual(['Zoë']);
  });

  it.each([
    ['other bytes than it declares', Buffer.from(xml('UTF-8'), 'latin1'), 'expected text in UTF-8, got other bytes'],
    ['an encoding that nobody uses', Buffer.from(xml('EBCDIC-CP-US')), 'expected XML in UTF-8, UTF-16 or ISO-8859, got another encoding'],
  ])('is refused with %s', (_, body, says) => {
    expect(() => aSource('successfactors').decode(deliveryOf(body))).toThrow(says);
  });

  it('is UTF-8 for JSON, whatever it is for XML of the same source', () => {
    const workday = aSource('workday');

    expect(workday.decode(deliveryOf(utf16('<?xml version="1.0"?><a>Zoë</a>')))).toBe('<?xml version="1.0"?><a>Zoë</a>');
    expect(workday.decode(deliveryOf(Buffer.from('{"a":"<Zoë"}')))).toBe('{"a":"<Zoë"}');
    expect(() => workday.decode(deliveryOf(Buffer.from('{"a":"Zoë"}', 'latin1')))).toThrow('expected UTF-8');
  });

  it.each([
    ['XML', Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>Zoë</a>', 'latin1')],
    ['XML behind a blank line', Buffer.from('\r\n<?xml version="1.0" encoding="ISO-8859-1"?><a>Zoë</a>', 'latin1')],
    ['XML behind a space', Buffer.from(' <?xml version="1.0" encoding="ISO-8859-1"?><a>Zoë</a>', 'latin1')],
    ['JSON in UTF-16 with a mark', utf16('{"a":"Zoë"}')],
  ])('is understood of a source that may send both: %s', (_, body) => {
    expect(aSource('workday').decode(deliveryOf(body))).toContain('Zoë');
  });

  it.each([
    ['JSON', '{"a":"Zoë"}', 'delivery: expected UTF-8, got other bytes; send the body in UTF-8'],
    ['XML', '<a>Zoë</a>', 'delivery: expected text in utf-8, got other bytes; send the body as its header and its first line say'],
  ])('is refused with the mark of UTF-8 before other bytes, in words for %s', (_, text, says) => {
    const body = Buffer.concat([Buffer.from('\uFEFF'), Buffer.from(text, 'latin1')]);

    expect(() => aSource('workday').decode(deliveryOf(body))).toThrow(new InvalidInput(says));
  });
});

describe("what Rippling's Workflow Studio posts", () => {
  const workflow = { email: 'email', id: 'run', employeeNumber: 'nr' };
  const body = '{"secureKey":"abc","email":"ana@acme.test","run":"w-1","nr":7,"last":"2026-11-30"}';

  it('is a termination of the fields that the stage names', async () => {
    const { events } = await understand('rippling', body, { workflow, employeeIdIs: undefined });

    expect(events).toMatchObject([
      { eventId: 'w-1', event: { employee: { email: 'ana@acme.test', employeeNumber: '7' }, effective: { immediate: true } } },
    ]);
  });

  it('waits for its date, and is then doubtful', async () => {
    const settings = { comes: 'when-recorded', workflow: { ...workflow, effectiveDate: 'last' }, timeZone: 'UTC' };

    expect((await understand('rippling', body, settings)).events[0]?.event).toMatchObject({
      effective: { date: '2026-11-30', timeZone: 'UTC' },
      doubt: 'one-employment',
    });
    await expect(understand('rippling', body.replace('"2026-11-30"', 'null'), settings)).rejects.toThrow(
      'event: expected a date at last, got none',
    );
  });

  it.each([
    ['"w-1"', '{}', 'event: id: the whole: expected an id, got an object'],
    ['"w-1"', '"w 1"', 'event: id: the whole: expected an id of 1 to 200 visible ASCII characters, got a string of 3 characters'],
    ['"2026-11-30"', '[1]', 'event: effectiveDate: the whole: expected an id, got a list of 1'],
  ])('is refused with one line that names the field, if %s is %s', async (piece, by, says) => {
    const settings = { workflow: { ...workflow, effectiveDate: 'last' } };

    await expect(understand('rippling', changed(body, piece, by), settings)).rejects.toEqual(new InvalidInput(says));
  });

  it('is refused by a stage that says neither a date nor that it comes on the day', () => {
    expect(() => aSource('rippling', { comes: 'when-recorded', workflow })).toThrow();
  });
});

describe('a form', () => {
  it.each<[string, string, object]>([
    ['parts that are numbered from 0 are a list', 'a[0]=1&a[1]=2', { a: ['1', '2'] }],
    ['parts of which only some are numbered are none', 'a[0]=1&a[x]=2', { a: { 0: '1', x: '2' } }],
    ['empty brackets are the next place of a list', 'a[]=1&a[]=2&b[c][]=3', { a: ['1', '2'], b: { c: ['3'] } }],
    ['a bracket within a name is a part of the name', 'a[x]y]=1&c]d=2', { a: { 'x]y': '1' }, 'c]d': '2' }],
    ['eight levels are not too deep', `a${'[b]'.repeat(8)}=1`, { a: { b: { b: { b: { b: { b: { b: { b: { b: '1' } } } } } } } } }],
  ])('%s: %s', async (_, text, content) => {
    expect(await aSource('bamboohr').read(text)).toEqual(content);
  });
});

describe('XML', () => {
  it('is read as elements by their name alone, whatever instructions are between them', async () => {
    const text = '<?xml version="1.0"?><?pi x?><n:a xmlns:n="urn:n"><n:b>1<?pi y?></n:b><event>007</event></n:a>';

    expect(await aSource('successfactors').read(text)).toEqual({ a: { b: '1', event: ['007'] } });
  });

  it('has the characters that it refers to, by name or number', async () => {
    const text =
      '<a><b>o&#39;brien&#x40;acme&amp;co&lt;&gt;&quot;&apos;</b><c>&#252;&#x1F600;</c><d><![CDATA[A&B &#39;]]></d><!-- R&D --></a>';

    expect(await aSource('successfactors').read(text)).toEqual({ a: { b: "o'brien@acme&co<>\"'", c: 'ü😀', d: 'A&B &#39;' } });
  });

  it.each(['&xxe;', '&nbsp;', 'A & B', '&#;', '&#99999999;', '&a<!-- -->mp;'])(
    'is refused with %s, which refers to no character',
    async (reference) => {
      await expect(understand('successfactors', changed(soap, '10042', reference))).rejects.toThrow('references to characters');
    },
  );

  it.each([
    ['a DTD', `<!DOCTYPE a [<!ENTITY x "y">]>${soap}`],
    ['a DTD in other case', `<!doctype a SYSTEM "file:///etc/passwd">${soap}`],
    ['tags that do not close', soap.slice(0, -10)],
    ['a prototype', changed(soap, '<ns7:effective>future</ns7:effective>', '<__proto__><polluted>1</polluted></__proto__>')],
  ])('with %s does no harm', async (_, text) => {
    const read = await understand('successfactors', text).catch((failure: unknown) => failure);

    if (read instanceof Error) expect(read).toBeInstanceOf(InvalidInput);
    else expect(JSON.stringify(read)).not.toMatch(/root:|polluted/);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

it('XML with a DTD is refused before it is parsed', async () => {
  await expect(understand('successfactors', `<!DOCTYPE a>${soap}`)).rejects.toThrow('expected XML without a DTD');
});

it.each<[Paged, string]>([
  ['hibob', '{"type":"employee.left","data":{}}'],
  ['hibob', '{"type":"employee.left","employee":{"email":"ana@acme.test"}}'],
  ['personio', '{"event_name":"employment.terminated","occurred_at":"2026-11-30T06:00:03Z","payload":{"employment_id":"9"}}'],
  ['gusto', '{"event_type":"employee.rehired","timestamp":1}'],
  ['finch', '{"event_type":"employment.updated","data":null}'],
  ['rippling', 'event_name=employee.terminated'],
])('%s without an employee is refused: %s', async (system, text) => {
  await expect(understand(system, text)).rejects.toThrow(InvalidInput);
});

it('throws nothing but InvalidInput, whatever the delivery', async () => {
  const names = [
    'bamboohr',
    'deel',
    'finch',
    'gusto',
    'hibob',
    'merge',
    'okta',
    'personio',
    'rippling',
    'successfactors',
    'ukg-pro',
    'workday',
  ] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.nat(),
      fc.oneof(fc.json(), fc.string(), fc.constantFrom('null', '[]', '""', '-1')),
      async (system, at, piece) => {
        const sample = sampleOf(system);
        const values = [...sample.matchAll(/(?<=[:=>])("[^"]*"|\d+|[\w.-]+)(?=[,}\]&<])/g)];
        const value = values[at % values.length];
        if (value === undefined) throw new Error('expected a value in the sample');
        const text = sample.slice(0, value.index) + piece + sample.slice(value.index + value[0].length);
        try {
          const { events, ignored } = await understand(system, text);
          expect(events.length + ignored).toBeGreaterThanOrEqual(0);
        } catch (failure) {
          expect(failure).toBeInstanceOf(InvalidInput);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
