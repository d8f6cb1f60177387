import { describe, expect, it } from '@jest/globals';
import { leaverMessage } from '../../../lambda/domain/event/leaver-message.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { anArrival, aRescission, aTermination } from '../../support/builders.ts';
import { refusalOf } from '../../support/refusal.ts';

const read = (message: unknown) => parse(leaverMessage, message, 'message');
const REF = { source: 'acme-hr', eventId: 'evt-1' };
const ORDER = { ...REF, entryVersion: 3, by: 'arn:aws:sts::123456789012:assumed-role/ops/ana' };

describe('a message', () => {
  it.each([
    { what: 'the arrival of a termination', message: anArrival(aTermination()) },
    { what: 'the arrival of a rescission', message: anArrival(aRescission()) },
    { what: 'that an event is due', message: { kind: 'due', ...REF } },
    { what: 'an order to replay', message: { kind: 'replay', ...ORDER, reason: 'corrected' } },
    { what: 'an order to release', message: { kind: 'release', ...ORDER, guard: 'ambiguous', userId: 'u' } },
    { what: 'the longest id', message: { kind: 'due', ...REF, eventId: '~'.repeat(200) } },
  ])('may be $what', ({ message }) => {
    expect(read(message)).toEqual(message);
  });

  it.each([
    { what: 'an unknown kind', message: { kind: 'delete', ...REF }, says: 'kind: expected another value, got a string of 6 characters' },
    {
      what: 'a source with capitals',
      message: { kind: 'due', ...REF, source: 'Acme' },
      says: 'source: expected a source name of lower-case letters, digits and hyphens, got a string of 4 characters',
    },
    {
      what: 'a source with a slash',
      message: { kind: 'due', ...REF, source: 'a/b' },
      says: 'source: expected a source name of lower-case letters, digits and hyphens, got a string of 3 characters',
    },
    {
      what: 'an id with a space',
      message: { kind: 'due', ...REF, eventId: 'a b' },
      says: 'eventId: expected an id of 1 to 200 visible ASCII characters, got a string of 3 characters',
    },
    {
      what: 'an id that is too long',
      message: { kind: 'due', ...REF, eventId: 'a'.repeat(201) },
      says: 'eventId: expected an id of 1 to 200 visible ASCII characters, got a string of 201 characters',
    },
    {
      what: 'an order without a version',
      message: { kind: 'replay', ...REF, by: 'ops' },
      says: 'entryVersion: expected a number, got nothing',
    },
    { what: 'an order without a person', message: { kind: 'replay', ...REF, entryVersion: 1 }, says: 'by: expected a string, got nothing' },
    { what: 'a release from nothing', message: { kind: 'release', ...ORDER }, says: 'guard: expected a string, got nothing' },
    {
      what: 'a digest in capitals',
      message: anArrival(aTermination(), { digest: 'A'.repeat(64) }),
      says: 'digest: expected a SHA-256 in hex, got a string of 64 characters',
    },
    {
      what: 'an event without effective time',
      message: { ...anArrival(aTermination()), event: { type: 'employee.terminated', employee: { email: 'a@b' } } },
      says: 'event.effective: expected an object, got nothing',
    },
  ])('is refused for $what', ({ message, says }) => {
    expect(refusalOf(() => read(message))).toBe(`message: ${says}`);
  });
});
