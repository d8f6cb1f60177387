import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const FOLDER = 'docs/decisions';
const index = readFileSync(join(FOLDER, 'README.md'), 'utf8');
const files = readdirSync(FOLDER)
  .filter((file) => file !== 'README.md')
  .sort();

/** A decision as its page begins. */
const decisions = files.map((file) => {
  const head = /^# (\d{4})\. (.+)\n\n- Date: (\d{4}-\d{2}-\d{2})\n- Status: (.+)\n/.exec(readFileSync(join(FOLDER, file), 'utf8'));
  const [, number = '', title = '', date = '', status = ''] = head ?? [];
  return { file, number, title, date, status };
});

describe('the decisions', () => {
  it('are numbered without a gap, in the order of their dates', () => {
    expect(decisions.map(({ file }) => file.slice(0, 4))).toEqual(decisions.map((_, at) => String(at + 1).padStart(4, '0')));
    expect(decisions.map(({ date }) => date)).toEqual(decisions.map(({ date }) => date).sort());
  });

  it.each(decisions)('have number, date and status: $file', ({ file, number, title, date, status }) => {
    expect(file.startsWith(`${number}-`)).toBe(true);
    expect(title).not.toBe('');
    expect(Date.parse(date)).not.toBeNaN();
    expect(status).toMatch(/^(accepted|superseded by \[?\d{4}\b.*)$/);
  });

  it('are all in the index, and nothing else is', () => {
    const listed = index.split('\n').filter((line) => /^\| \d{4} \|/.test(line));
    const expected = decisions.map(({ file, number, title, date, status }) => `| ${number} | [${title}](${file}) | ${date} | ${status} |`);

    expect(listed).toEqual(expected);
  });
});
