import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { InvalidInput } from '../../lambda/domain/failures.ts';
import { changed } from '../support/systems.ts';
import { type Paged, sampleOf, understand } from '../support/understanding.ts';

const meaning = async (...args: Parameters<typeof understand>) =>
  (await understand(...args)).events.map(({ event }) => {
    if (event.type === 'employee.termination_rescinded') return 'rescission';
    return event.unconfirmed ? 'unconfirmed' : 'termination';
  });

const bamboo = (changes: object, at = {}) =>
  JSON.stringify({ employees: [{ id: 5, action: 'Updated', changedFields: ['status'], ...at, fields: changes }] });
const hook = (employee: object, event = 'Employee.changed') => JSON.stringify({ hook: { event }, data: { id: 'e1', ...employee } });
const gustoEvent = (type: string) => changed(sampleOf('gusto'), 'employee.termination_effective', type);
const oktaEvent = (type: string) => changed(sampleOf('okta'), 'user.lifecycle.deactivate', type);
const ukgEvent = (type: string, operation = 'Insert') =>
  changed(changed(sampleOf('ukg-pro'), 'EmployeeTerminationEvent', type), '"Insert"', JSON.stringify(operation));
const soap = sampleOf('successfactors');

describe('what is a termination', () => {
  it.each<[Paged, string, string, object, string[]]>([
    ['bamboohr', 'a status whose value says so', bamboo({ status: { value: 'Inactive' } }), {}, ['termination']],
    [
      'bamboohr',
      'the flat form with names as shown',
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
    ['bamboohr', 'no word of what changed', bamboo({ status: { value: 'Inactive' } }, { changedFields: null }), {}, []],
    ['bamboohr', 'a rehire', bamboo({ status: { value: 'Active' } }), {}, ['rescission']],
    [
      'bamboohr',
      'two fields that contradict each other',
      bamboo({ status: 'Active', employmentStatus: 'Terminated' }, { changedFields: ['status', 'employmentStatus'] }),
      {},
      ['unconfirmed'],
    ],
    ['bamboohr', 'a status without its value', bamboo({ workEmail: { value: 'ana@acme.test' } }), {}, ['unconfirmed']],
    ['bamboohr', 'a status without its value, not asked about', bamboo({}), { unsaid: 'ignore' }, []],
    ['bamboohr', 'the event style', sampleOf('bamboohr', 1), {}, ['unconfirmed']],
    ['bamboohr', 'a deleted employee', changed(sampleOf('bamboohr', 1), 'employee.updated', 'employee.deleted'), {}, []],
    ['bamboohr', 'an action that deletes', bamboo({ status: 'Inactive' }, { action: 'Deleted' }), {}, []],
    ['bamboohr', 'nobody', '{"employees":[]}', {}, []],
    ['hibob', 'left, or garden leave', sampleOf('hibob'), {}, ['termination']],
    ['hibob', 'left, where the stage does not take garden leave', sampleOf('hibob'), { left: 'ignore' }, []],
    [
      'hibob',
      'access revoked',
      changed(sampleOf('hibob'), 'employee.left', 'employee.access.revoked.immediately'),
      { left: 'ignore' },
      ['termination'],
    ],
    ['hibob', 'inactivated, as on leave', changed(sampleOf('hibob'), 'employee.left', 'employee.inactivated'), {}, []],
    ['hibob', 'deleted', changed(sampleOf('hibob'), 'employee.left', 'employee.deleted'), {}, []],
    ['personio', 'terminated', sampleOf('personio'), {}, ['termination']],
    ['personio', 'a deleted employment', changed(sampleOf('personio'), 'employment.terminated', 'employment.deleted'), {}, []],
    ['gusto', 'effective, by its one name', gustoEvent('employee.termination_effective'), {}, ['termination']],
    ['gusto', 'effective, by its other name', gustoEvent('employee.terminated_effective'), {}, ['termination']],
    ['gusto', 'an announcement without a date', gustoEvent('employee.terminated'), {}, []],
    ['gusto', 'an announcement that HR is asked about', gustoEvent('employee.terminated'), { announced: 'ask' }, ['unconfirmed']],
    ...['employee.termination_cancelled', 'employee.rehired', 'employee.rehire_effective'].map(
      (type): [Paged, string, string, object, string[]] => ['gusto', type, gustoEvent(type), {}, ['rescission']],
    ),
    ['gusto', 'a cancelled rehire', gustoEvent('employee.rehire_cancelled'), {}, []],
    ['gusto', 'a type of every object', gustoEvent('constructor'), {}, []],
    ['workday', 'a rescinded termination', changed(sampleOf('workday'), 'Termination', 'Rescind Termination'), {}, ['rescission']],
    ['workday', 'a leave', changed(sampleOf('workday'), 'Termination', 'Leave of Absence'), {}, []],
    ['successfactors', 'a rehire', changed(soap, 'Information.Termination', 'Information.ReHire'), {}, ['rescission']],
    ['successfactors', 'other prefixes', soap.replaceAll('ns7:', 'ns3:').replaceAll('xmlns:ns7', 'xmlns:ns3'), {}, ['termination']],
    ['successfactors', 'a leave', changed(soap, 'Information.Termination', 'Information.LeaveOfAbsence'), {}, []],
    ['ukg-pro', 'a termination, perhaps of the future', ukgEvent('EmployeeTerminationEvent'), { comes: 'when-recorded' }, ['unconfirmed']],
    ['ukg-pro', 'a termination on its day', ukgEvent('EmployeeTerminationEvent'), { comes: 'when-due' }, ['termination']],
    ['ukg-pro', 'a termination that is deleted', ukgEvent('EmployeeTerminationEvent', 'Delete'), {}, ['rescission']],
    ['ukg-pro', 'a rehire', ukgEvent('EmployeeRehireEvent'), {}, ['rescission']],
    ['ukg-pro', 'a change of the employment', ukgEvent('EmployeeEmploymentChangeEvent'), {}, ['unconfirmed']],
    ['ukg-pro', "an event by the tenant's own name", ukgEvent('Left'), { terminations: ['Left'] }, ['termination']],
    ['rippling', 'terminated, perhaps in the future', sampleOf('rippling'), { comes: 'when-recorded' }, ['unconfirmed']],
    ['rippling', 'as JSON', '{"event_name":"employee.terminated","id":"5"}', {}, ['termination']],
    ['rippling', 'deleted', changed(sampleOf('rippling'), 'employee.terminated', 'employee.deleted'), {}, []],
    ['deel', 'a contract that ended', sampleOf('deel'), {}, ['termination']],
    ['deel', 'a contract that ended, no word when', changed(sampleOf('deel'), '"2026-11-30T00:00:00.000Z"', 'null'), {}, ['unconfirmed']],
    [
      'deel',
      'a contract that may have been followed by another',
      sampleOf('deel'),
      { terminations: [], ask: ['contract.terminated'] },
      ['unconfirmed'],
    ],
    ['deel', 'a changed status', changed(sampleOf('deel'), 'contract.terminated', 'contract.status.updated'), {}, []],
    ['merge', 'inactive with a last day', hook({ employment_status: 'INACTIVE', termination_date: '2026-11-30' }), {}, ['termination']],
    ['merge', 'active with a last day to come', hook({ employment_status: 'ACTIVE', termination_date: '2026-11-30' }), {}, []],
    ['merge', 'active', hook({ employment_status: 'ACTIVE' }), {}, []],
    ['merge', 'inactive without a last day, as on leave', hook({ employment_status: 'INACTIVE' }), {}, ['unconfirmed']],
    ['merge', 'an id alone', hook({}), {}, ['unconfirmed']],
    ['merge', 'an id alone, not asked about', hook({}), { unsaid: 'ignore' }, []],
    ['merge', 'a removed employee', hook({ employment_status: 'INACTIVE', termination_date: '2026-11-30' }, 'Employee.removed'), {}, []],
    ['finch', 'a change of the employment', sampleOf('finch'), {}, ['unconfirmed']],
    ['finch', 'a test', '{"event_type":"test"}', {}, []],
    ['okta', 'suspended, as on leave', oktaEvent('user.lifecycle.suspend'), {}, []],
    ['okta', 'suspended, where the stage says so', oktaEvent('user.lifecycle.suspend'), { suspended: 'termination' }, ['termination']],
    ['okta', 'activated', oktaEvent('user.lifecycle.activate'), {}, ['rescission']],
    ['okta', 'a deactivation that failed', changed(sampleOf('okta'), 'SUCCESS', 'FAILURE'), {}, []],
    [
      'okta',
      'a deactivated application',
      changed(sampleOf('okta'), '"type":"User","alternateId"', '"type":"AppInstance","alternateId"'),
      {},
      [],
    ],
  ])('%s: %s', async (system, _, text, settings, means) => {
    expect(await meaning(system, text, settings)).toEqual(means);
  });

  it('an unconfirmed one carries no key by which a user could be found', async () => {
    const { events } = await understand('bamboohr', bamboo({ workEmail: 'ana@acme.test', employeeNumber: '7' }), {
      employeeIdIs: 'employeeNumber',
    });

    expect(events.map(({ event }) => event.employee)).toEqual([{ sourceId: '5' }]);
  });
});

describe('when', () => {
  it.each<[string, Paged, string, object, object]>([
    [
      'the moment in the zone',
      'personio',
      '2026-11-30T22:30:00Z',
      { timeZone: 'Europe/Berlin' },
      { date: '2026-11-30', timeZone: 'Europe/Berlin' },
    ],
    [
      'midnight in the zone is the new day',
      'personio',
      '2026-11-29T23:00:00Z',
      { timeZone: 'Europe/Berlin' },
      { date: '2026-11-30', timeZone: 'Europe/Berlin' },
    ],
    ['the latest day where no zone is known', 'personio', '2026-11-29T23:00:00Z', { timeZone: undefined }, { date: '2026-11-30' }],
    ['an offset without colon', 'personio', '2026-11-30T23:30:00+0100', { timeZone: 'UTC' }, { date: '2026-11-30', timeZone: 'UTC' }],
    ['a time without a zone', 'personio', '2026-11-30 23:30:00', { timeZone: 'UTC' }, { date: '2026-11-30', timeZone: 'UTC' }],
  ])('%s', async (_, system, occurredAt, settings, effective) => {
    const { events } = await understand(system, changed(sampleOf(system), '2026-11-30T06:00:03Z', occurredAt), settings);

    expect(events).toMatchObject([{ event: { effective } }]);
    expect(events[0]?.event).toHaveProperty('effective', effective);
  });

  it('no date at all refuses the delivery', async () => {
    await expect(understand('personio', changed(sampleOf('personio'), '2026-11-30T06:00:03Z', 'soon'))).rejects.toThrow(InvalidInput);
    await expect(understand('merge', hook({ employment_status: 'INACTIVE', termination_date: 'soon' }))).rejects.toThrow(
      'event: wanted a date such as 2026-11-30, came a string of 4 characters',
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
  ])('of %s is its own, or made of the content', async (system, id) => {
    expect(await idsOf(system, sampleOf(system))).toEqual([expect.stringMatching(id)]);
  });

  it('differs where somebody leaves again at another time', async () => {
    for (const [system, time] of [
      ['hibob', '12-30T00'],
      ['bamboohr', '12-30T18'],
    ] as const) {
      const again = sampleOf(system).replace(/11-30T\d\d/, time);

      expect(await idsOf(system, again)).not.toEqual(await idsOf(system, sampleOf(system)));
    }
  });

  it('of several users of one Okta event tells them apart', async () => {
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
  ])("of a thin event has HR's own id, and as %s where the stage says so", async (_, employeeIdIs, employee) => {
    expect(await employeeOf('personio', sampleOf('personio'), { employeeIdIs })).toEqual(employee);
  });

  it('keeps the number that HR sends where its id is another', async () => {
    expect(await employeeOf('merge', sampleOf('merge'), { employeeIdIs: 'employeeNumber' })).toMatchObject({ employeeNumber: '10042' });
  });

  it('has no login where Okta knows none', async () => {
    expect(await employeeOf('okta', sampleOf('okta').replace('ana@acme.test', 'unknown'))).toEqual({ sourceId: '00u1a2b3c4' });
  });

  it('goes without an address that is none', async () => {
    expect(await employeeOf('okta', sampleOf('okta').replace('ana@acme.test', 'ana.silva'))).toEqual({
      sourceId: '00u1a2b3c4',
      ssoUsername: 'ana.silva',
    });
  });
});

describe('XML', () => {
  it.each([
    ['a DTD', `<!DOCTYPE a [<!ENTITY x "y">]>${soap}`],
    ['a DTD in other case', `<!doctype a SYSTEM "file:///etc/passwd">${soap}`],
    ['an entity that nobody declared', changed(soap, '10042', '&xxe;')],
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
  await expect(understand('successfactors', `<!DOCTYPE a>${soap}`)).rejects.toThrow('wanted XML without a DTD');
});

it.each<[Paged, string]>([
  ['hibob', '{"type":"employee.left","data":{}}'],
  ['hibob', '{"type":"employee.left","employee":{"email":"ana@acme.test"}}'],
  ['personio', '{"event_name":"employment.terminated","occurred_at":"2026-11-30T06:00:03Z","payload":{"employment_id":"9"}}'],
  ['gusto', '{"event_type":"employee.rehired","timestamp":1}'],
  ['finch', '{"event_type":"employment.updated","data":null}'],
  ['rippling', 'event_name=employee.terminated'],
])('%s that names nobody is refused: %s', async (system, text) => {
  await expect(understand(system, text)).rejects.toThrow(InvalidInput);
});

it('throws nothing but InvalidInput, whatever comes', async () => {
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
        if (value === undefined) throw new Error('wanted a value in the sample');
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
