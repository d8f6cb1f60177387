import { describe, expect, it } from '@jest/globals';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod/mini';
import { parseSettings } from '../../../lib/settings/parse-settings.ts';
import { stage } from '../../../lib/stage.ts';
import { refusalOf } from '../../support/refusal.ts';

const settings = z.strictObject({
  text: z.optional(z.string().check(z.maxLength(3, 'short text'))),
  protected: z.optional(z.array(z.string().check(z.maxLength(1, 'a letter')))),
  inner: z.optional(z.prefault(z.strictObject({ dryRun: z._default(z.boolean(), false) }), {})),
  by: z.optional(z.record(z.string(), z.strictObject({ path: z.string() }))),
  kind: z.optional(z.enum(['end-of-day', 'start-of-day'])),
});

describe('settings', () => {
  it.each([
    ['a number', { text: 42 }, 'text: expected a string, got 42'],
    ['short text', { text: 'abcd' }, 'text: expected short text, got "abcd"'],
    ['long text', { text: 'a b '.repeat(20) }, 'text: expected short text, got a string of 80 characters'],
    ['an address', { text: 'ana@acme.test' }, 'text: expected short text, got a string of 13 characters'],
    ['what looks like a key', { text: 'whsec_abc' }, 'text: expected short text, got a string of 9 characters'],
    ['the query of a URL', { text: 'https://a.test/?apiKey=1' }, 'text: expected short text, got a string of 24 characters'],
    ['a GUID', { text: '0123456789abcdef0123456789abcdef' }, 'text: expected short text, got a string of 32 characters'],
    ['somebody who is protected', { protected: ['1042'] }, 'protected.0: expected a letter, got a string of 4 characters'],
    ['a mistyped key', { txet: 1 }, 'the whole: unknown key "txet"; did you mean "text"?'],
    ['a mistyped key further in', { inner: { dry_run: true } }, 'inner: unknown key "dry_run"; did you mean "dryRun"?'],
    ['a key that is near to none', { by: { a: { elsewhere: 1 } } }, 'by.a: unknown key "elsewhere"; use path'],
    [
      'a mistyped value',
      { kind: 'end-of-days' },
      'kind: expected "end-of-day" or "start-of-day", got "end-of-days"; did you mean "end-of-day"?',
    ],
  ])('say in one line what is wrong with %s', (_, input, says) => {
    expect(refusalOf(() => parseSettings(settings, input, 'file'))).toBe(`file: ${says}`);
  });

  it('accept every period that CloudWatch Logs offers, and no other', () => {
    const offered = Object.values(RetentionDays).filter((days) => typeof days === 'number');
    const accepted = Array.from({ length: 10_000 }, (_, days) => days).filter(
      (days) => stage.shape.logRetentionDays.safeParse(days).success,
    );

    expect(accepted).toEqual(offered.toSorted((one, other) => one - other));
  });
});
