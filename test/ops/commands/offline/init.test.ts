import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { lookUpSettingsOf } from '../../../../lambda/sources/look-ups/registry.ts';
import { SYSTEM_NAMES } from '../../../../lambda/sources/systems/registry.ts';
import { readStage } from '../../../../lib/read-stage.ts';
import { runProgram } from '../../../../ops/program.ts';
import { testBody } from '../../../../ops/send/test-delivery.ts';
import { SPECIMENS } from '../../../support/systems.ts';
import { silent } from '../../run-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'init-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = z.object({ $schema: z.string(), stages: z.record(z.string(), z.unknown()) });
const OTHERS = [
  '--workfront',
  'https://globex.preview.workfront.com',
  '--time-zone',
  'Europe/Berlin',
  '--alarm-email',
  'on-call@acme.test',
];

/** Runs `init`; with answers, somebody sits at the terminal. */
async function init(args: string[], { name, answers }: { name: string; answers?: string[] }) {
  const out = join(folder, name);
  const errors: string[] = [];
  const printed: string[] = [];
  const questions: string[] = [];
  const { exitCode } = process;
  const terminal = {
    ...silent((line) => errors.push(line)),
    print: async (text: string) => void printed.push(text),
    interactive: answers !== undefined,
    answer: async (question: string) => {
      questions.push(question);
      return answers?.[questions.length - 1] ?? '';
    },
  };
  const code = await runProgram(['init', ...args, '--out', out], { terminal, clock: Date.now });
  process.exitCode = exitCode;
  return { code, errors, printed: printed.join('\n'), questions, read: () => file.parse(JSON.parse(readFileSync(out, 'utf8'))) };
}

describe('ops init', () => {
  it.each(SYSTEM_NAMES)('writes a stage that can be deployed, with everything that %s needs, as a dry run', async (system) => {
    const field = system === 'canonical' ? [] : ['--employee-id-is', 'DE:HR system'];
    const { code, read } = await init(['--system', system, ...OTHERS, ...field], { name: `${system}.json` });

    expect(code).toBe(0);
    const { stages } = read();
    expect(readStage('test', stages)).toMatchObject({
      workfront: { baseUrl: 'https://globex.preview.workfront.com' },
      policy: { dryRun: true, defaultTimeZone: 'Europe/Berlin' },
      alarmEmail: 'on-call@acme.test',
    });
  });

  it.each(SYSTEM_NAMES)('asks at a terminal for all that a stage of %s needs', async (system) => {
    const answers = [system, 'https://globex.my.workfront.com', 'Europe/Lisbon', 'ops@acme.test', 'employeeNumber'];
    const { code, read } = await init([], { name: `asked-${system}.json`, answers });

    expect(code).toBe(0);
    expect(() => readStage('test', read().stages)).not.toThrow();
  });

  it('lets HR be asked if nothing else is said and the system can be asked', async () => {
    const { read } = await init(['--system', 'hibob', ...OTHERS], { name: 'asked.json' });

    expect(readStage('test', read().stages).sources).toEqual({ hibob: { system: 'hibob', lookUp: {} } });
  });

  it('asks at a terminal, and lists the clicks that remain', async () => {
    const answers = ['deel', 'https://globex.my.workfront.com', 'Europe/Lisbon', 'ops@acme.test', 'DE:Deel contract'];
    const { code, questions, printed, read } = await init([], { name: 'typed.json', answers });

    expect(code).toBe(0);
    expect(questions).toHaveLength(5);
    expect(readStage('test', read().stages).policy.sources.deel?.matchKeys).toEqual([
      { field: 'emailAddr', from: 'email' },
      { field: 'extRefID', from: 'employeeNumber' },
      { field: 'ssoUsername', from: 'ssoUsername' },
      { field: 'DE:Deel contract', from: 'customField' },
    ]);
    for (const line of [
      'npx cdk deploy -c stage=test',
      'docs/sources/deel.md',
      'secret set deel',
      'Fill the custom field Deel contract',
      'doctor',
    ])
      expect(printed).toContain(line);
  });

  it.each(SYSTEM_NAMES)('offers a test delivery of %s only if ops can write one', async (system) => {
    const field = system === 'canonical' ? [] : ['--employee-id-is', 'employeeNumber'];
    const { printed } = await init(['--system', system, ...OTHERS, ...field], { name: `sends-${system}.json` });
    const leaver = { testId: 'ops-test-1', email: 'ops-test-1@offboarding-test.invalid', nobody: 'ops-test-1', now: 0 };
    const write = () => testBody(system, leaver, undefined);

    if (printed.includes(`send ${system}`)) expect(write).not.toThrow();
    else expect(write).toThrow(`ops cannot write deliveries of ${system}`);
  });

  it.each(SYSTEM_NAMES)('says that each termination of %s is held for a person, if it is', async (system) => {
    const field = system === 'canonical' ? [] : ['--employee-id-is', 'employeeNumber'];
    const { printed } = await init(['--system', system, ...OTHERS, ...field], { name: `holds-${system}.json` });
    const { becomes } = SPECIMENS[system];

    const isHeld = becomes.type === 'employee.terminated' && becomes.doubt === 'one-employment';
    expect(printed.includes('is held for a person')).toBe(isHeld);
    expect(printed.includes(`add a lookUp to ${system}`)).toBe(isHeld && lookUpSettingsOf(system) !== undefined);
  });

  it('says nothing of that if HR is asked', async () => {
    const { printed } = await init(['--system', 'personio', ...OTHERS], { name: 'personio-asked.json' });

    expect(printed).not.toContain('is held for a person');
  });

  it('names the option that is missing if nobody can be asked', async () => {
    const { code, errors } = await init(['--system', 'okta'], { name: 'none.json' });

    expect({ code, error: errors[0] }).toEqual({ code: 2, error: '--workfront is missing, and nobody can be asked; add --workfront' });
  });

  it.each([
    [['--system', 'hibbob', ...OTHERS], '--system cannot be "hibbob"; did you mean hibob?'],
    [
      ['--system', 'gusto', ...OTHERS, '--employee-id-is', 'HR ID'],
      'expected employeeNumber or "DE:<custom field>", got "HR ID"; answer again',
    ],
    [['--system', 'okta', ...OTHERS, '--local'], '--local is not for this command'],
  ])('refuses a wrong answer and writes nothing: %j', async (args, says) => {
    const { code, errors, read } = await init(args, { name: 'wrong.json' });

    expect({ code, error: errors[0] }).toEqual({ code: 2, error: expect.stringContaining(says) });
    expect(read).toThrow('ENOENT');
  });

  it('never writes over a file', async () => {
    await init(['--system', 'okta', ...OTHERS], { name: 'twice.json' });
    const { code, errors } = await init(['--system', 'okta', ...OTHERS], { name: 'twice.json' });

    expect({ code, error: errors[0] }).toEqual({ code: 2, error: expect.stringContaining('use the name of a new file: this one exists') });
  });
});
