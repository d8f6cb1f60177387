import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { withSettings } from '../lambda/environment.ts';
import { refusalOf } from './support/refusal.ts';

const folder = mkdtempSync(join(tmpdir(), 'environment-'));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (text: string, environment: Record<string, string> = {}) => {
  writeFileSync(join(folder, 'settings.json'), text);
  return withSettings({ LAMBDA_TASK_ROOT: folder, SETTINGS_FILE: 'settings.json', ...environment });
};

describe('the environment of a function', () => {
  it('is completed by the file beside its code', () => {
    expect(read('{"POLICY":{"dryRun":true}}', { STAGE: 'test' })).toMatchObject({ STAGE: 'test', POLICY: { dryRun: true } });
  });

  it('is all there is if it names no file', () => {
    expect(withSettings({ STAGE: 'test' })).toEqual({ STAGE: 'test' });
  });

  it.each([
    ['no JSON', 'x', 'settings.json: expected JSON, got text of 1 characters that is not'],
    ['a list', '[]', 'settings.json: the whole: expected a record, got a list of 0'],
  ])('is refused if the file is %s', (_, text, says) => {
    expect(refusalOf(() => read(text))).toBe(says);
  });
});
