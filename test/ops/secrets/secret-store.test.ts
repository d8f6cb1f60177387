import { expect, it } from '@jest/globals';
import { workfrontSecretOf } from '../../../ops/secrets/secret-store.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const NOW = '2026-11-24T12:00:00.000Z';
const MADE = '2026-11-01T08:00:00Z';
const OTHER = '2026-11-02T08:00:00Z';
const key = (apiKey: string, createdAt?: string) => JSON.stringify({ kind: 'api-key', apiKey, createdAt });

it.each([
  ['a new key counts as made now', 'key-0123456789', undefined, NOW],
  ['a key with its date keeps it', key('key-0123456789', MADE), undefined, MADE],
  ['another key counts as made now', 'new-0123456789', key('key-0123456789', MADE), NOW],
  ['the same key again keeps its age', 'key-0123456789', key('key-0123456789', MADE), MADE],
  ['the same key with another date has that date', key('key-0123456789', OTHER), key('key-0123456789', MADE), OTHER],
  ['the same key, if its age is unknown, counts as made now', 'key-0123456789', 'key-0123456789', NOW],
  ['a key that replaces an unreadable one counts as made now', 'key-0123456789', '{"kind":', NOW],
])('%s', (_, text, before, createdAt) => {
  expect(JSON.parse(workfrontSecretOf(text, { before, now }).stored)).toMatchObject({ kind: 'api-key', createdAt });
});
