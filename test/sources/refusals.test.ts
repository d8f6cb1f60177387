import { expect, it } from '@jest/globals';
import { InvalidInput } from '../../lambda/domain/failures.ts';
import { changed } from '../support/systems.ts';
import { type Paged, sampleOf, understand } from '../support/understanding.ts';

const NOTHING = 'came nothing';
const NO_JSON = 'delivery: wanted JSON, came text of 1 characters that is not';
const AN_ID = 'an id of 1 to 200 visible ASCII characters';
const NO_PERSON = 'event: payload: wanted the id of a person: person_id, person.id, employee_id or employee.id, came an object';

const left = (employee: object) => JSON.stringify({ employees: [{ id: 1 }, { changedFields: ['status'], ...employee }] });
const personio = (payload: object) => JSON.stringify({ event_name: 'employment.terminated', occurred_at: '2026-11-30T06:00:03Z', payload });
const soap = sampleOf('successfactors');
const workday = (piece: string, by: string) => changed(sampleOf('workday'), piece, by);

// what the person reads who has to find out why an event is in the quarantine
it.each<[Paged, string, string]>([
  ['bamboohr', '{', NO_JSON],
  ['bamboohr', '5', 'event: the whole: wanted an object, came a number'],
  ['bamboohr', '{"type":"employee.updated"}', `event: data: wanted an object, ${NOTHING}`],
  ['bamboohr', '{"employees":5}', 'delivery: employees: wanted an array, came a number'],
  ['bamboohr', '{"employees":[{}]}', `delivery: employees.0.id: wanted an id, ${NOTHING}`],
  [
    'bamboohr',
    left({ id: 'y'.repeat(129), fields: { status: 'Inactive' } }),
    'employee 1: employee.sourceId: wanted at most 128 characters, came a string of 129 characters',
  ],
  [
    'bamboohr',
    left({ id: 2, fields: { status: 'Active', workEmail: 'a b@acme.test' } }),
    'employee 1: employee.email: wanted an e-mail address, came a string of 13 characters',
  ],
  ['deel', '{"data":{}}', `event: data.meta: wanted an object, ${NOTHING}`],
  ['deel', '{"data":{"meta":{"event_type":"contract.terminated"}}}', `event: data.resource: wanted an object, ${NOTHING}`],
  [
    'deel',
    changed(sampleOf('deel'), '2026-11-30T00', '2026-02-30T00'),
    'resource 0: effective.date: wanted a date such as 2026-11-30, came a string of 10 characters',
  ],
  [
    'deel',
    changed(sampleOf('deel'), '2026-11-30T00:00:00.000Z', 'soon'),
    'resource 0: wanted a date such as 2026-11-30, came a string of 4 characters',
  ],
  ['finch', '{}', `event: event_type: wanted a string, ${NOTHING}`],
  ['finch', '{"event_type":"employment.updated"}', `event: data: wanted an object, ${NOTHING}`],
  ['gusto', '{}', `event: event_type: wanted a string, ${NOTHING}`],
  ['gusto', '{"event_type":"employee.rehired"}', `event: timestamp: wanted a number, ${NOTHING}`],
  ['gusto', '{"event_type":"employee.rehired","timestamp":1}', `event: entity_uuid: the whole: wanted an id, ${NOTHING}`],
  ['hibob', '{}', `event: type: wanted a string, ${NOTHING}`],
  ['hibob', '{"type":"employee.left","data":{}}', `event: data.employeeId: wanted an id, ${NOTHING}`],
  ['merge', '{}', `event: hook: wanted an object, ${NOTHING}`],
  ['merge', '{"hook":{"event":"Employee.changed"}}', `event: data: wanted an object, ${NOTHING}`],
  [
    'merge',
    '{"hook":{"event":"Employee.changed"},"data":{"id":"a b","employment_status":"INACTIVE","termination_date":"2026-11-30"}}',
    `event: data.id: the whole: wanted ${AN_ID}, came a string of 14 characters`,
  ],
  ['okta', '{}', `delivery: data: wanted an object, ${NOTHING}`],
  ['okta', changed(sampleOf('okta'), '"1a2b3c4d-0001"', '7'), 'event 0: uuid: wanted a string, came a number'],
  ['personio', '{}', `event: event_name: wanted a string, ${NOTHING}`],
  ['personio', '{"event_name":"employment.terminated"}', `event: occurred_at: wanted a string, ${NOTHING}`],
  ['personio', personio({ employment_id: '9' }), NO_PERSON],
  ['personio', personio({ person: {} }), NO_PERSON],
  [
    'personio',
    personio({ person_id: 'y'.repeat(129) }),
    'event: employee.sourceId: wanted at most 128 characters, came a string of 129 characters',
  ],
  ['rippling', '{', NO_JSON],
  ['rippling', 'x', `event: event_name: wanted a string, ${NOTHING}`],
  ['rippling', 'event_name=employee.terminated', `event: id: wanted an id, ${NOTHING}`],
  ['successfactors', 'x', 'delivery: wanted XML, came text of 1 characters that is not'],
  ['successfactors', soap.slice(0, -10), `delivery: wanted XML, came text of ${soap.length - 10} characters that is not`],
  ['successfactors', '<a/>', `delivery: Envelope: wanted an object, ${NOTHING}`],
  ['successfactors', `<!DOCTYPE a>${soap}`, 'delivery: wanted XML without a DTD, came one with it'],
  [
    'successfactors',
    changed(soap, 'eventId>e-1', 'eventId>a b'),
    `event 0: eventId: the whole: wanted ${AN_ID}, came a string of 17 characters`,
  ],
  [
    'successfactors',
    changed(soap, '<ns7:effectiveStartDate>2026-11-30</ns7:effectiveStartDate>', ''),
    `event 0: effectiveStartDate: wanted a string, ${NOTHING}`,
  ],
  [
    'successfactors',
    changed(soap, '2026-11-30', 'on 2026-11-30'),
    'event 0: wanted a date such as 2026-11-30, came a string of 13 characters',
  ],
  ['ukg-pro', '{}', `event: EventType: wanted a string, ${NOTHING}`],
  ['ukg-pro', '{"EventType":"EmployeeTerminationEvent"}', `event: EventId: wanted an id, ${NOTHING}`],
  ['workday', '[]', 'events: the whole: wanted at least 1, came a list of 0'],
  ['workday', workday('"Termination"', '{}'), 'event 0: type: the whole: wanted an id, came an object'],
  ['workday', workday('"Termination"', '""'), 'event 0: wanted a value at event, came none'],
  ['workday', workday('f3a1b2c4d5e60001', 'a b'), `event 0: id: the whole: wanted ${AN_ID}, came a string of 3 characters`],
  ['workday', workday('"10042"', '[1]'), 'event 0: employeeNumber: the whole: wanted an id, came a list of 1'],
  ['workday', workday('"2026-11-30-08:00"', 'null'), 'event 0: wanted a date at lastDayOfWork, came none'],
  ['workday', workday('2026-11-30-08:00', '30/11/2026'), 'event 0: wanted a date such as 2026-11-30, came a string of 10 characters'],
])('of %s: %j is refused in one line that says where, what was wanted and what came', async (system, text, says) => {
  await expect(understand(system, text)).rejects.toEqual(new InvalidInput(says));
});

it('keeps why it is no XML', async () => {
  await expect(understand('successfactors', '<a>')).rejects.toHaveProperty('cause', expect.anything());
});
