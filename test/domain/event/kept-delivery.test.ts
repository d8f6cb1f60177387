import { describe, expect, it } from '@jest/globals';
import { keptDelivery } from '../../../lambda/domain/event/kept-delivery.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { refusalOf } from '../../support/refusal.ts';

const kept = {
  v: 1,
  why: 'unreadable',
  source: 'acme-hr',
  receivedAt: '2026-11-24T12:00:00.000Z',
  requestId: 'r-1',
  detail: 'termination event: type: expected a string, got nothing',
  headers: { 'content-type': 'application/json' },
  bodyBase64: 'e30=',
};

describe('a delivery that was kept', () => {
  it.each(['unreadable', 'signature'])('is read whole: %s', (why) => {
    expect(parse(keptDelivery, { ...kept, why }, 'delivery')).toEqual({ ...kept, why });
  });

  it.each([
    ['of another version', { v: 2 }, 'v: expected 1, got a number'],
    ['for a cause that there is not', { why: 'whim' }, 'why: expected "unreadable" or "signature", got a string of 4 characters'],
    [
      'of no source',
      { source: 'Acme HR' },
      'source: expected a source name of lower-case letters, digits and hyphens, got a string of 7 characters',
    ],
    [
      'at no instant',
      { receivedAt: 'noon' },
      'receivedAt: expected an instant as in RFC 3339, such as 2026-11-30T17:00:00Z, got a string of 4 characters',
    ],
    ['with a header that is no text', { headers: { 'x-number': 7 } }, 'headers.x-number: expected a string, got a number'],
    ['without its bytes', { bodyBase64: undefined }, 'bodyBase64: expected a string, got nothing'],
  ])('is refused %s', (_, changes, says) => {
    expect(refusalOf(() => parse(keptDelivery, { ...kept, ...changes }, 'delivery'))).toBe(`delivery: ${says}`);
  });
});
