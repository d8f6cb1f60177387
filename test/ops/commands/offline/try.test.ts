import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { samplesOf } from '../../../support/source-pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'try-'));
afterAll(() => rmSync(folder, { recursive: true }));

const mapping = {
  type: { path: 'event', terminated: ['Termination'] },
  id: 'transactionId',
  effectiveDate: 'lastDayOfWork',
  employeeNumber: 'worker.employeeId',
  email: 'worker.emails[0].address',
};
const stage = {
  workfront: { baseUrl: 'https://globex.my.workfront.com' },
  sources: {
    workday: { system: 'workday', settings: { timeZone: 'America/New_York', mapping } },
    hibob: { system: 'hibob' },
    personio: { system: 'personio', lookUp: {} },
    okta: { system: 'okta' },
  },
  dropResourcesOnDelete: true,
};
const stages = join(folder, 'stages.json');
writeFileSync(stages, JSON.stringify({ stages: { test: stage } }));

function attempt(source: string, body: string, ...more: string[]) {
  const file = join(folder, 'body');
  writeFileSync(file, body);
  const args = ['bin/ops.ts', '--stage', 'test', 'try', source, '--body', file, '--stages', stages, ...more];
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', TZ: 'UTC', AWS_PROFILE: '', AWS_REGION: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return { status, stderr, lines: stdout.trimEnd().split('\n') };
}

describe('ops try', () => {
  it('shows what the mapping of a stage makes of a delivery, and when it takes effect', () => {
    expect(attempt('workday', samplesOf('workday')[0] ?? '')).toEqual({
      status: 0,
      stderr: '',
      lines: [
        'workday: 1 event, 0 ignored; the answer is 200',
        '',
        '  event          employee.terminated',
        '  employee       email ana@acme.test, employeeNumber 10042',
        '  takes effect   2026-12-01 05:00:00 UTC',
        '  searched by    emailAddr = ana@acme.test, extRefID = 10042',
      ],
    });
  });

  it('says what a delivery would fail for, and ends with another code', () => {
    const { status, lines } = attempt('hibob', samplesOf('hibob')[0] ?? '');

    expect(status).not.toBe(0);
    expect(lines.at(-1)).toMatch(/problem +it would end as failed, no-match-key: .*let the source ask HR/);
  });

  it('says that HR would be asked', () => {
    const { status, lines } = attempt('personio', samplesOf('personio')[0] ?? '');

    expect(status).toBe(0);
    expect(lines.join('\n')).toMatch(/HR +is asked who that is[\s\S]*searched by +what HR answers/);
  });

  it('says that a delivery is not understood, and why', () => {
    const { status, lines } = attempt('workday', '{"event":"Termination"}');

    expect(status).not.toBe(0);
    expect(lines[0]).toBe('workday: not understood; the answer is 200, and the delivery goes to the quarantine');
    expect(lines[1]).toMatch(/expected/);
  });

  it('knows the ping of a system', () => {
    expect(attempt('hibob', 'Ping test').lines).toEqual(['hibob: a ping of the HR system; the answer is 200, and nothing happens']);
  });

  it('prints JSON for programs', () => {
    const { lines } = attempt('okta', samplesOf('okta')[0] ?? '', '--json');

    expect(JSON.parse(lines.join('\n'))).toMatchObject({
      source: 'okta',
      answer: 200,
      events: [{ searchedBy: [{ field: 'emailAddr', value: 'ana@acme.test' }, { field: 'ssoUsername' }], asksHr: false }],
    });
  });

  it('refuses a source and a stage that are not in the file', () => {
    expect(attempt('hibbob', '{}').stderr).toContain('the source cannot be "hibbob"; did you mean hibob?');
  });
});
