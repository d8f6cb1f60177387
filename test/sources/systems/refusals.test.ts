import { expect, it } from '@jest/globals';
import { InvalidInput } from '../../../lambda/domain/failures.ts';
import { changed } from '../../support/systems.ts';
import { type Paged, sampleOf, understand } from '../../support/understanding.ts';

const NOTHING = 'got nothing';
const NO_WORKFLOW =
  'event: expected event_name, got none; if the Workflow Studio wrote this, say in settings.workflow what its fields mean';
const NOT_JSON = 'delivery: expected JSON, got text of 1 characters that is not';
const AN_ID = 'an id of 1 to 200 visible ASCII characters';
const NO_PERSON = 'event: payload: expected the id of a person: person_id, person.id, employee_id or employee.id, got an object';

const left = (employee: object) => JSON.stringify({ employees: [{ id: 1 }, { changedFields: ['status'], ...employee }] });
const personio = (payload: object) => JSON.stringify({ event_name: 'employment.terminated', occurred_at: '2026-11-30T06:00:03Z', payload });
const soap = sampleOf('successfactors');
const workday = (piece: string, by: string) => changed(sampleOf('workday'), piece, by);

// A person reads these lines to find out why a delivery is in the quarantine.
it.each<[Paged, string, string]>([
  [
    'adp',
    changed(sampleOf('adp'), '"COMPLETED"', '"REJECTED"'),
    'event 0: expected a value at eventStatusCode.codeValue that the stage knows, got another one; add it to one of the lists in mapping.conditions',
  ],
  ['adp', changed(sampleOf('adp'), '"COMPLETED"', '{}'), 'event 0: eventStatusCode.codeValue: the whole: expected an id, got an object'],
  [
    'adp',
    changed(changed(sampleOf('adp'), 'worker.terminate', 'worker.rehire'), '"COMPLETED"', '"CANCELED"'),
    'event 0: expected a termination, got a withdrawn rescission; ask HR about the person',
  ],
  ['bamboohr', '{', NOT_JSON],
  ['bamboohr', '5', 'event: the whole: expected an object, got a number'],
  ['bamboohr', '{"type":"employee.updated"}', `event: data: expected an object, ${NOTHING}`],
  ['bamboohr', '{"employees":5}', 'delivery: employees: expected an array, got a number'],
  ['bamboohr', '{"employees":[{"changedFields":["status"]}]}', `employee 0: id: expected an id, ${NOTHING}`],
  ['bamboohr', '{"employees":[null]}', 'employee 0: the whole: expected an object, got null'],
  ['bamboohr', 'data=1&data[employeeId]=2', 'delivery: expected a form, got a name with both a value and parts'],
  ['bamboohr', `${'a[b]'.replace('[b]', '[b]'.repeat(9))}=2`, 'delivery: expected a form with names of at most 8 parts, got 9'],
  [
    'bamboohr',
    left({ id: 'y'.repeat(129), fields: { status: 'Inactive' } }),
    'employee 1: employee.sourceId: expected at most 128 characters, got a string of 129 characters',
  ],
  [
    'bamboohr',
    left({ id: 2, fields: { status: 'Active', workEmail: 'a b@acme.test' } }),
    'employee 1: employee.email: expected an e-mail address, got a string of 13 characters',
  ],
  [
    'bamboohr',
    left({ id: 2, fields: { status: 'Inactive', employeeNumber: 1.5e300 } }),
    'employee 1: field: the whole: expected a number written with all its digits, got a number',
  ],
  ['deel', '{"data":{}}', `event: data.meta: expected an object, ${NOTHING}`],
  ['deel', '{"data":{"meta":{"event_type":"contract.terminated"}}}', `event: data.resource: expected an object, ${NOTHING}`],
  [
    'deel',
    changed(sampleOf('deel'), '2026-11-30T00', '2026-02-30T00'),
    'resource 0: effective.date: expected a date such as 2026-11-30, got a string of 10 characters',
  ],
  [
    'deel',
    changed(sampleOf('deel'), '2026-11-30T00:00:00.000Z', 'soon'),
    'resource 0: expected a date such as 2026-11-30, got a string of 4 characters',
  ],
  ['entra', '{}', `delivery: value: expected an array, ${NOTHING}`],
  ['finch', '{}', `event: event_type: expected a string, ${NOTHING}`],
  ['finch', '{"event_type":"employment.updated"}', `event: data: expected an object, ${NOTHING}`],
  ['gusto', '{}', `event: event_type: expected a string, ${NOTHING}`],
  ['gusto', '{"event_type":"employee.rehired"}', `event: timestamp: expected a number, ${NOTHING}`],
  ['gusto', '{"event_type":"employee.rehired","timestamp":1}', `event: entity_uuid: the whole: expected an id, ${NOTHING}`],
  ['hibob', '{', NOT_JSON],
  ['hibob', '{}', `event: type: expected a string, ${NOTHING}`],
  ['hibob', '{"type":"employee.left","data":{}}', `event: data.employeeId: expected an id, ${NOTHING}`],
  ['merge', '{}', `event: hook: expected an object, ${NOTHING}`],
  ['merge', '{"hook":{"event":"Employee.changed"}}', `event: data: expected an object, ${NOTHING}`],
  [
    'merge',
    '{"hook":{"event":"Employee.changed"},"data":{"id":"a b","employment_status":"INACTIVE","termination_date":"2026-11-30"}}',
    `event: data.id: the whole: expected ${AN_ID}, got a string of 14 characters`,
  ],
  ['merge', '{"hook":{"event":"Employment.changed"}}', `event: data: expected an object, ${NOTHING}`],
  ['merge', '{"hook":{"event":"Employee.removed"}}', `event: data: expected an object, ${NOTHING}`],
  ['okta', '{}', `delivery: data: expected an object, ${NOTHING}`],
  ['okta', '{"data":{"events":[{}]}}', `event 0: eventType: expected a string, ${NOTHING}`],
  [
    'okta',
    changed(sampleOf('okta'), '"type":"User","alternateId"', '"type":"AppUser","alternateId"'),
    "event 0: expected a target of type User, got none; look up the person in Okta's system log",
  ],
  [
    'okta',
    sampleOf('okta').replace(/"target":\[.*?\]/, '"target":null'),
    "event 0: expected a target of type User, got none; look up the person in Okta's system log",
  ],
  ['okta', changed(sampleOf('okta'), '"1a2b3c4d-0001"', '7'), 'event 0: uuid: expected a string, got a number'],
  ['personio', '{}', `event: event_name: expected a string, ${NOTHING}`],
  ['personio', '{"event_name":"employment.terminated"}', `event: occurred_at: expected a string, ${NOTHING}`],
  ['personio', personio({ employment_id: '9' }), NO_PERSON],
  ['personio', personio({ person: {} }), NO_PERSON],
  [
    'personio',
    personio({ person_id: 'y'.repeat(129) }),
    'event: employee.sourceId: expected at most 128 characters, got a string of 129 characters',
  ],
  ['rippling', '{', NOT_JSON],
  ['rippling', 'x', NO_WORKFLOW],
  ['rippling', '{"secureKey":"abc","email":"ana@acme.test"}', NO_WORKFLOW],
  ['rippling', 'event_name=employee.terminated', `event: id: expected an id, ${NOTHING}`],
  [
    'rippling',
    `[{"event_name":"employee.hired","id":"2"},{"event_name":"employee.offboarded","id":"${'y'.repeat(129)}"}]`,
    'event 1: employee.sourceId: expected at most 128 characters, got a string of 129 characters',
  ],
  ['successfactors', 'x', 'delivery: expected XML, got text of 1 characters that is not XML'],
  ['successfactors', soap.slice(0, -10), `delivery: expected XML, got text of ${soap.length - 10} characters that is not XML`],
  ['successfactors', '<a/>', `delivery: Envelope: expected an object, ${NOTHING}`],
  [
    'successfactors',
    changed(soap, '2026-12-01', '2026-02-30'),
    'event 0: effective.date: expected a date such as 2026-11-30, got a string of 10 characters',
  ],
  ['successfactors', '<ExternalEvent/>', 'delivery: ExternalEvent: expected an object, got an empty string'],
  ['successfactors', `<!DOCTYPE a>${soap}`, 'delivery: expected XML without a DTD, got a DTD'],
  [
    'successfactors',
    changed(soap, 'eventId>e-1', 'eventId>a b'),
    `event 0: eventId: the whole: expected ${AN_ID}, got a string of 17 characters`,
  ],
  [
    'successfactors',
    changed(soap, '<ns7:effectiveStartDate>2026-12-01</ns7:effectiveStartDate>', ''),
    `event 0: effectiveStartDate: expected a string, ${NOTHING}`,
  ],
  [
    'successfactors',
    changed(soap, '2026-12-01', 'on 2026-11-30'),
    'event 0: expected a date such as 2026-11-30, got a string of 13 characters',
  ],
  ['ukg-pro', '{}', `event: EventType: expected a string, ${NOTHING}`],
  ['ukg-pro', '{"EventType":"EmployeeTerminationEvent"}', `event: EventId: expected an id, ${NOTHING}`],
  ['workday', '{', NOT_JSON],
  ['workday', JSON.stringify(Array(501).fill({})), 'events: the whole: expected at most 500 events, got a list of 501'],
  [
    'workday',
    workday('"Termination"', '"Terminate Employee"'),
    'event 0: expected a value at event that the stage knows, got another one; add it to one of the lists in mapping.type',
  ],
  ['workday', workday('"Termination"', '{}'), 'event 0: type: the whole: expected an id, got an object'],
  ['workday', workday('"Termination"', '""'), 'event 0: expected a value at event, got none'],
  ['workday', workday('f3a1b2c4d5e60001', 'a b'), `event 0: id: the whole: expected ${AN_ID}, got a string of 3 characters`],
  ['workday', workday('"f3a1b2c4d5e60001"', '{}'), 'event 0: id: the whole: expected an id, got an object'],
  ['workday', workday('"2026-11-24T09:00:00Z"', '{}'), 'event 0: occurredAt: the whole: expected an id, got an object'],
  ['workday', workday('"2026-11-30-08:00"', '{}'), 'event 0: effectiveDate: the whole: expected an id, got an object'],
  ['workday', workday('"10042"', '[1]'), 'event 0: employeeNumber: the whole: expected an id, got a list of 1'],
  ['workday', workday('"2026-11-30-08:00"', 'null'), 'event 0: expected a date at lastDayOfWork, got none'],
  ['workday', workday('2026-11-30-08:00', '30/11/2026'), 'event 0: expected a date such as 2026-11-30, got a string of 10 characters'],
])('of %s: %j is refused with one line that says where, what was expected and what is there', async (system, text, says) => {
  await expect(understand(system, text)).rejects.toEqual(new InvalidInput(says));
});

it('keeps the cause if a body is not XML', async () => {
  await expect(understand('successfactors', '<a>')).rejects.toHaveProperty('cause', expect.anything());
});
