import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { InvalidInput } from '../../../lambda/domain/failures.ts';
import { understandCanonical } from '../../../lambda/sources/systems/canonical.ts';
import { sourceOf } from '../../../lambda/sources/systems/registry.ts';
import { STANDARD, terminationItem } from '../../support/deliveries.ts';

const understand = (body: unknown, signedId?: string) => understandCanonical(body, { source: 'hr', signedId });
const idsOf = (body: unknown, signedId?: string) => understand(body, signedId).events.map(({ eventId }) => eventId);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('an event', () => {
  it('is read with its time, leaver and effective time', () => {
    const [found] = understand(terminationItem(), 'msg_1').events;

    expect(found).toEqual({
      eventId: 'msg_1',
      digest: sha256(
        '{"effective":{"date":"2026-11-30","timeZone":"Europe/Amsterdam"},"employee":{"email":"ana@acme.test"},"type":"employee.terminated"}',
      ),
      event: {
        type: 'employee.terminated',
        occurredAt: '2026-11-24T08:59:00Z',
        employee: { email: 'ana@acme.test' },
        effective: { date: '2026-11-30', timeZone: 'Europe/Amsterdam' },
      },
    });
  });

  it('is read as a rescission', () => {
    const rescission = {
      type: 'employee.termination_rescinded',
      data: { id: 'r-1', employee: { employeeNumber: '10042' }, rescinds: 'msg_1' },
    };

    expect(understand(rescission).events).toEqual([
      {
        eventId: 'r-1',
        digest: sha256('{"employee":{"employeeNumber":"10042"},"rescinds":"msg_1","type":"employee.termination_rescinded"}'),
        event: { type: 'employee.termination_rescinded', employee: { employeeNumber: '10042' }, rescinds: 'msg_1' },
      },
    ]);
  });

  it('may have unknown fields', () => {
    const strange = terminationItem({ version: 3, data: { employee: { email: 'ana@acme.test', shoeSize: 39 }, reason: 'resigned' } });

    expect(JSON.stringify(understand(strange))).not.toMatch(/version|shoeSize|reason/);
  });

  it('may have a hundred custom fields', () => {
    expect(understand(terminationItem({ data: { employee: { customFields: customFields(100) } } })).events).toHaveLength(1);
  });

  it('is ignored and counted if its type is not ours', () => {
    expect(understand([{ type: 'employee.created' }, terminationItem(), { type: 'constructor', data: null }], 'msg_1')).toMatchObject({
      events: [{ eventId: 'msg_1.1' }],
      ignored: 2,
    });
  });
});

describe('a type that is not ours and sounds like a leaving', () => {
  it.each([
    'employee.terminate',
    'employee.offboarded',
    'EmployeeTerminated',
    'employment.ended',
    'employee.rehired',
    'termination.rescinded',
  ])('is refused, so that the sender hears of it: %s', (type) => {
    expect(() => understand(terminationItem({ type }))).toThrow(
      new InvalidInput(
        'event: type: expected employee.terminated, employee.termination_rescinded, employee.sign_of_life or another matter, got a type that sounds like a leaving',
      ),
    );
  });

  it.each(['employee.on_leave', 'leave.ended', 'employee.leave_ended', 'contract.amended', 'department.changed'])(
    'is ignored if it only looks like one: %s',
    (type) => {
      expect(understand({ type }, 'msg_1')).toEqual({ events: [], ignored: 1 });
    },
  );
});

describe('the event id', () => {
  it.each([
    ["HR's own id, before any other", terminationItem({ data: { id: 'hr-7' } }), 'msg_1', ['hr-7']],
    ['the signed id of the delivery', terminationItem(), 'msg_1', ['msg_1']],
    ['the signed id and the place in a list', [terminationItem()], 'msg_1', ['msg_1.0']],
    [
      'the signed id and the place among all items of a list',
      [{ type: 'other' }, terminationItem(), terminationItem({ data: { id: 'hr-7' } }), terminationItem({ timestamp: undefined })],
      'msg_1',
      ['msg_1.1', 'hr-7', 'msg_1.3'],
    ],
    [
      "HR's own id and the place, of the same content",
      [terminationItem({ data: { id: 'hr-7' } }), terminationItem()],
      'msg_1',
      ['hr-7', 'msg_1.1'],
    ],
  ])('is %s', (_, body, signedId, ids) => {
    expect(idsOf(body, signedId)).toEqual(ids);
  });

  it('is the same for a source that a stage configures', () => {
    const source = sourceOf('hr', { secretId: 's', scheme: STANDARD });

    expect(source.understand(terminationItem(), 'msg_1')).toEqual(understand(terminationItem(), 'msg_1'));
    expect(source.understand(terminationItem(), undefined)).toEqual(understand(terminationItem()));
  });

  it('is read from JSON alone', () => {
    expect(() => sourceOf('hr', { secretId: 's', scheme: STANDARD }).read('type=employee.terminated')).toThrow(
      new InvalidInput('delivery: expected JSON, got text of 24 characters that is not'),
    );
  });

  it('cannot depend on settings, because the system has none', () => {
    expect(() => sourceOf('hr', { secretId: 's', scheme: STANDARD, settings: { left: 'ignore' } })).toThrow(
      new InvalidInput('settings: the whole: expected no key "left", got an object'),
    );
  });

  it('is a digest of source, type, time and content if nothing else is signed', () => {
    const content =
      '{"effective":{"date":"2026-11-30","timeZone":"Europe/Amsterdam"},"employee":{"email":"ana@acme.test"},"source":"hr","timestamp":"2026-11-24T08:59:00Z","type":"employee.terminated"}';

    expect(idsOf(terminationItem())).toEqual([`evt_${sha256(content).slice(0, 40)}`]);
    expect(idsOf([terminationItem()])).toEqual(idsOf(terminationItem()));
  });

  it.each([
    ['time', { timestamp: '2026-11-24T08:59:01Z' }],
    ['employee', { data: { employee: { email: 'eve@acme.test' } } }],
    ['effective time', { data: { effective: { immediate: true } } }],
  ])('differs if the %s differs', (_, changes) => {
    expect(idsOf(terminationItem(changes))).not.toEqual(idsOf(terminationItem()));
  });

  it('differs between sources, but not with the order of keys', () => {
    const turned = { data: { effective: { timeZone: 'Europe/Amsterdam', date: '2026-11-30' }, employee: { email: 'ana@acme.test' } } };

    expect(idsOf(terminationItem(turned))).toEqual(idsOf(terminationItem()));
    expect(understandCanonical(terminationItem(), { source: 'other', signedId: undefined }).events[0]?.eventId).not.toBe(
      idsOf(terminationItem())[0],
    );
  });
});

describe('the digest', () => {
  it('depends on the content alone, not on id, time or source', () => {
    const digests = [terminationItem(), terminationItem({ timestamp: undefined }), terminationItem({ data: { id: 'hr-7' } })].map(
      (item) => understand(item).events[0]?.digest,
    );

    expect(new Set(digests).size).toBe(1);
  });
});

describe('a list', () => {
  it.each([
    ['by its own id', terminationItem({ data: { id: 'hr-7' } }), 'msg_1', ['hr-7']],
    ['by its content', terminationItem(), undefined, idsOf(terminationItem())],
    ['by its content, though the place makes the id', terminationItem(), 'msg_1', ['msg_1.0']],
  ])('has the same event once, recognised %s', (_, item, signedId, ids) => {
    expect(idsOf([item, item, item], signedId)).toEqual(ids);
  });

  it('has the first of two events that differ in time alone', () => {
    const items = ['2026-11-24T08:00:00Z', '2026-11-24T09:00:00Z'].map((timestamp) => terminationItem({ timestamp, data: { id: 'a' } }));

    expect(understand(items).events).toMatchObject([{ eventId: 'a', event: { occurredAt: '2026-11-24T08:00:00Z' } }]);
  });

  it('is refused if two events have one id and different content', () => {
    const items = [terminationItem({ data: { id: 'a' } }), terminationItem({ data: { id: 'a', effective: { immediate: true } } })];

    expect(() => understand(items)).toThrow('event 1: expected an id of its own');
  });

  it('is refused if one item is malformed', () => {
    expect(() => understand([terminationItem(), terminationItem({ data: { effective: {} } })])).toThrow(
      'event 1: data.effective: expected exactly one of date, at or immediate, got an object',
    );
  });

  it('may have 500 items, and neither 0 nor 501', () => {
    const items = (count: number) => Array.from({ length: count }, (_, at) => terminationItem({ data: { id: `e${at}` } }));

    expect(understand(items(500)).events).toHaveLength(500);
    for (const count of [0, 501]) {
      expect(() => understand(items(count))).toThrow(
        new InvalidInput(`delivery: the whole: expected a list of 1 to 500 events, got a list of ${count}`),
      );
    }
  });
});

describe('a malformed delivery', () => {
  it.each([
    ['null', null],
    ['a number', 5],
    ['a string', 'employee.terminated'],
    ['a list in a list', [[terminationItem()]]],
    ['no type', { data: {} }],
    ['a type that is not a string', terminationItem({ type: 5 })],
    ['an empty type', terminationItem({ type: '' })],
    ['no data', { type: 'employee.terminated' }],
    ['data that is a list', { type: 'employee.terminated', data: [] }],
    ['a time without offset', terminationItem({ timestamp: '2026-11-24T09:00:00' })],
    ['a time that is null', terminationItem({ timestamp: null })],
    ['no employee', { type: 'employee.terminated', data: { effective: { immediate: true } } }],
    ['an employee without any key', terminationItem({ data: { employee: { givenName: 'Ana' } } })],
    ['an employee number that is a number', terminationItem({ data: { employee: { employeeNumber: 10042 } } })],
    ['a blank e-mail address', terminationItem({ data: { employee: { email: '  ' } } })],
    ['a custom field without DE:', terminationItem({ data: { employee: { customFields: { 'HR ID': '1' } } } })],
    ['more custom fields than a message can have', terminationItem({ data: { employee: { customFields: customFields(101) } } })],
    ['no effective time', { type: 'employee.terminated', data: { employee: { email: 'ana@acme.test' } } }],
    ['two effective times', terminationItem({ data: { effective: { immediate: true, at: '2026-11-30T17:00:00Z' } } })],
    ['immediate: false', terminationItem({ data: { effective: { immediate: false } } })],
    ['an impossible date', terminationItem({ data: { effective: { date: '2026-02-30' } } })],
    ['an unknown time zone', terminationItem({ data: { effective: { date: '2026-11-30', timeZone: 'Europe/Atlantis' } } })],
    ['an id with a space', terminationItem({ data: { id: 'a b' } })],
    ['an id that is null', terminationItem({ data: { id: null } })],
    ['a polluted prototype', JSON.parse('{"__proto__": {"type": "employee.terminated", "data": {}}}')],
    [
      'a leaver in a prototype',
      JSON.parse(
        '{"type":"employee.terminated","data":{"__proto__":{"employee":{"email":"ana@acme.test"},"effective":{"immediate":true}}}}',
      ),
    ],
  ])('is refused: %s', (_, body) => {
    expect(() => understand(body)).toThrow(InvalidInput);
  });

  it('is refused if a signed id cannot be an event id', () => {
    expect(() => understand(terminationItem(), 'a b')).toThrow(
      new InvalidInput('webhook-id: the whole: expected an id of 1 to 200 visible ASCII characters, got a string of 3 characters'),
    );
    expect(() => understand([terminationItem()], 'x'.repeat(200))).toThrow(InvalidInput);
  });

  it('is refused with one line that contains nothing personal', () => {
    const secret = 'Ana-Silva-10042';
    for (const employee of [{ email: secret }, { customFields: { [secret]: 'x' } }, { customFields: { 'DE:HR ID': [secret] } }]) {
      const line = messageOf(() => understand(terminationItem({ data: { employee } })));

      expect(line).toMatch(/^event: data\.employee\.\S.*expected.*got [^\n]*$/);
      expect(line).not.toContain(secret);
    }
  });

  it('pollutes no prototype', () => {
    const evil = JSON.parse('{"email":"ana@acme.test","__proto__":{"polluted":true},"customFields":{"__proto__":"x","constructor":"y"}}');

    expect(() => understand(terminationItem({ data: { employee: evil } }))).toThrow(InvalidInput);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

it('throws nothing but InvalidInput, whatever the delivery', () => {
  const leaf = fc.oneof(fc.jsonValue(), fc.constantFrom('employee.terminated', 'ana@acme.test', '2026-11-30', true, 'DE:a'));
  const shaped = fc.record(
    {
      type: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('employee.terminated', 'employee.termination_rescinded') }, leaf),
      timestamp: leaf,
      data: fc.oneof(
        leaf,
        fc.record({ id: leaf, employee: fc.oneof(leaf, fc.record({ email: leaf, customFields: leaf })), effective: leaf }),
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(shaped, fc.array(shaped, { maxLength: 3 }), leaf),
      fc.option(fc.string(), { nil: undefined }),
      (body, signedId) => {
        try {
          const { events, ignored } = understand(body, signedId);
          expect(events.length + ignored).toBeGreaterThan(0);
        } catch (failure) {
          expect(failure).toBeInstanceOf(InvalidInput);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

it('gives a redelivery the same ids and digests as the delivery', () => {
  const employee = fc.record(
    { email: fc.emailAddress(), employeeNumber: fc.stringMatching(/^[a-z0-9]{1,20}$/) },
    { requiredKeys: ['email'] },
  );
  fc.assert(
    fc.property(
      fc.array(employee, { minLength: 1, maxLength: 5 }),
      fc.option(fc.stringMatching(/^[a-z]{1,9}$/), { nil: undefined }),
      (people, signedId) => {
        const body = people.map((one) => terminationItem({ data: { employee: one } }));

        expect(understand(JSON.parse(JSON.stringify(body)), signedId)).toEqual(understand(body, signedId));
      },
    ),
  );
});

function customFields(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`DE:${at}`, 'x']));
}

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (failure) {
    return failure instanceof Error ? failure.message : '';
  }
  return '';
}
