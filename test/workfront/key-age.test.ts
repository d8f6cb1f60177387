import { expect, it } from '@jest/globals';
import { keyDaysLeft } from '../../lambda/workfront/key-age.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const key = (createdAt?: string) => JSON.stringify({ kind: 'api-key', apiKey: 'k'.repeat(32), createdAt });
const ims = { kind: 'adobe-ims', clientId: 'id', clientSecret: 's'.repeat(8), organizationId: '0123456789ABCDEF@AdobeOrg' };

it.each([
  ['that was made now', key('2026-11-24T12:00:00Z'), 30],
  ['that expires in a day', key('2026-10-26T12:00:00Z'), 1],
  ['whose date is in another zone', key('2026-11-24T14:00:00+02:00'), 30],
  ['that has expired', key('2026-10-23T12:00:00Z'), -2],
])('gives the days left of a key %s', (_, text, left) => {
  expect(keyDaysLeft(text, { lifetimeDays: 30, now })).toBe(left);
});

it.each([
  ['without a date', key()],
  ['that is a bare key', 'k'.repeat(32)],
  ['that is unusable', '{"kind":'],
  ['that is empty', ''],
])('gives nothing for a secret %s', (_, text) => {
  expect(keyDaysLeft(text, { lifetimeDays: 30, now })).toBeUndefined();
});

it.each([
  ['of a kind that does not expire', JSON.stringify({ ...ims, createdAt: '2026-01-01T00:00:00Z' }), 30],
  ['in a stage whose keys never expire', key('2026-01-01T00:00:00Z'), undefined],
])('gives no end for a secret %s', (_, text, lifetimeDays) => {
  expect(keyDaysLeft(text, { lifetimeDays, now })).toBe(Number.POSITIVE_INFINITY);
});
