import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import * as z from 'zod';
import { writePlan } from '../../../ops/orders/plan-file.ts';
import { opsProgram } from '../../../ops/program.ts';
import { leavesOf, pathOf } from '../../../ops/terminal/command.ts';
import { runInProcess, silent } from '../run-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'usage-'));
const existing = join(folder, 'existing.json');
writeFileSync(existing, '');
const planFile = join(folder, 'plan.json');
const { digest } = writePlan(planFile, {
  v: 1,
  deployment: { name: 'local', ledgerTable: 'ledger' },
  kind: 'release',
  reason: 'HR confirmed it',
  by: 'local:ana',
  at: '2026-11-24T12:00:00.000Z',
  secondAbove: 20,
  events: [],
});
const newFile = join(folder, 'new.json');

/** No local system has its data here: whoever opens one ends with another exit code. */
const NOWHERE = ['--local', '--data', join(folder, 'nowhere')];

/** The arguments with which each command is called well. */
const CALLED_WELL: Record<string, string[]> = {
  status: [],
  todo: [],
  console: ['--no-open'],
  list: [],
  show: ['msg_1'],
  watch: [],
  release: ['msg_1', '--reason', 'x'],
  reject: ['msg_1', '--reason', 'x'],
  cancel: ['msg_1', '--reason', 'x'],
  replay: ['--status', 'failed'],
  reopen: ['msg_1', '--reason', 'x'],
  'deactivate-again': ['msg_1', '--reason', 'x'],
  accept: ['msg_1', '--reason', 'x'],
  undo: ['msg_1', '--reason', 'x'],
  impact: ['msg_1'],
  rehearse: [],
  'notify test': [],
  'plan release': ['--out', newFile, '--note', 'x', '--since', '1h'],
  'plan replay': ['--out', newFile, '--note', 'x', '--since', '1h'],
  'plan cancel': ['--out', newFile, '--note', 'x', '--since', '1h'],
  apply: [planFile],
  'brake status': [],
  'brake release': ['--reason', 'x'],
  pause: ['--reason', 'x'],
  resume: [],
  retry: [],
  'console-access list': [],
  'console-access retry': ['msg_1', '--reason', 'x'],
  'console-access close': ['msg_1', '--reason', 'x'],
  'dlq list': [],
  'dlq redrive': [],
  'dlq delete': ['5b1c0e7e-0000', '--reason', 'x'],
  'quarantine list': [],
  'quarantine reverify': ['--all'],
  'quarantine dismiss': ['--all', '--reason', 'x'],
  send: ['hibob'],
  try: ['hibob', '--body', existing],
  resolve: ['ana@acme.test'],
  doctor: [],
  'secret set': ['workfront'],
  'secret rotate': ['hibob'],
  'secret restore': ['workfront'],
  'secret retire': ['hibob'],
  report: [],
  sources: [],
  'hold-record': ['msg_1', '--reason', 'x'],
};

const MOMENT = 'use an instant such as 2026-11-30T17:00:00Z, a day such as 2026-11-30, today, yesterday or monday, or a time back';
const TEXT = 'use a text of 1 to 500 characters on one line';
const SECONDS = 'use a number of seconds from 0 to 3600';
const GUARDS = 'wrong-tenant, ambiguous, identity-changed';

/** A value that an option cannot have, and what is printed then. By the option, or by command and option if that differs. */
const WRONG_VALUES: Record<string, { value: string; says: string }[]> = {
  '--status': [
    { value: 'hled', says: '--status cannot be "hled"; did you mean held? Use one of received, scheduled, processing, held' },
    { value: 'vanished', says: '--status cannot be "vanished"; use one of received, scheduled' },
    { value: '', says: '--status cannot be ""; use one of received, scheduled' },
  ],
  'replay --status': [{ value: 'held', says: '--status cannot be "held"; use one of failed, no-account, would-deactivate' }],
  'plan release --status': [{ value: 'failed', says: '--status cannot be "failed"; use one of held' }],
  'plan replay --status': [{ value: 'faild', says: '--status cannot be "faild"; did you mean failed? Use one of failed' }],
  'plan cancel --status': [{ value: 'helt', says: '--status cannot be "helt"; did you mean held? Use one of scheduled, held, failed' }],
  '--source': [{ value: 'HiBob', says: '--source cannot be "HiBob"; use a source name of lower-case letters, digits and hyphens' }],
  '--reason': [
    { value: '', says: `--reason has a wrong value; ${TEXT}` },
    { value: 'two\nlines', says: `--reason has a wrong value; ${TEXT}` },
    { value: 'x'.repeat(501), says: `--reason has a wrong value; ${TEXT}` },
  ],
  'list --reason': [
    { value: 'nosuch', says: `--reason cannot be "nosuch"; use one of ${GUARDS}` },
    { value: 'brakee', says: `--reason cannot be "brakee"; did you mean brake? Use one of ${GUARDS}` },
    { value: 'gave-up-unreachabel', says: 'did you mean gave-up-unreachable? Use one of' },
  ],
  'replay --reason': [{ value: 'forbiden', says: '--reason cannot be "forbiden"; did you mean forbidden? Use one of forbidden, refused' }],
  'plan release --reason': [{ value: 'forbidden', says: `--reason cannot be "forbidden"; use one of ${GUARDS}` }],
  'plan replay --reason': [{ value: 'brake', says: '--reason cannot be "brake"; use one of forbidden, refused' }],
  'plan cancel --reason': [{ value: 'Brake', says: '--reason cannot be "Brake"; did you mean brake? Use one of' }],
  '--guard': [
    { value: 'brakee', says: `--guard cannot be "brakee"; did you mean brake? Use one of ${GUARDS}` },
    { value: 'forbidden', says: `--guard cannot be "forbidden"; use one of ${GUARDS}` },
  ],
  '--because': [{ value: 'mathc', says: '--because cannot be "mathc"; ' }],
  '--since': [
    { value: 'tomorrow', says: `--since cannot be "tomorrow"; ${MOMENT}` },
    { value: '24', says: `--since cannot be "24"; ${MOMENT}` },
    { value: '2026-11-31', says: `--since cannot be "2026-11-31"; ${MOMENT}` },
  ],
  '--until': [{ value: '-1h', says: `--until cannot be "-1h"; ${MOMENT}` }],
  '--employee': [{ value: '', says: '--employee has a wrong value; use an e-mail address, SSO name or employee number' }],
  'send --employee': [{ value: 'ana', says: '--employee has a wrong value; use an e-mail address such as ana@acme.test' }],
  '--user': [{ value: 'ana', says: '--user cannot be "ana"; use a Workfront GUID of 32 hex digits' }],
  '--limit': ['0', '-1', '1.5', '1e3', 'many'].map((value) => ({
    value,
    says: `--limit cannot be "${value}"; use a whole number from 1 to 1000000`,
  })),
  '--wait': ['long', '-1', '3601', '0x10'].map((value) => ({ value, says: `--wait cannot be "${value}"; ${SECONDS}` })),
  '--port': [{ value: '65536', says: '--port cannot be "65536"; use a whole number from 0 to 65535' }],
  '--every': [{ value: '0', says: '--every cannot be "0"; use a number of seconds from 0.2 to 60' }],
  '--note': [{ value: ' ', says: `--note has a wrong value; ${TEXT}` }],
  '--out': [
    { value: existing, says: 'use the name of a new file: this one exists' },
    { value: join(folder, 'nowhere', 'file'), says: 'use a file in a directory that exists' },
    { value: '', says: '--out cannot be ""; use the name of a new file' },
  ],
  '--html': [{ value: existing, says: 'use the name of a new file: this one exists' }],
  '--why': [{ value: 'signatur', says: '--why cannot be "signatur"; did you mean signature? Use one of unreadable, signature' }],
  '--plans': [{ value: '', says: '--plans cannot be ""; use the path of a directory' }],
  'try --body': [{ value: 'a b', says: '--body cannot be read: a b; give the path of a file' }],
  'send --body': [{ value: 'a b', says: '--body cannot be read: a b; give the path of a file' }],
  '--stages': [{ value: 'mine.json', says: '--stages is for --stage only; leave it out' }],
  '--body': [{ value: 'a b', says: '--body cannot be "a b"; use a message id, as the list command prints it' }],
  '--format': [{ value: 'hmtl', says: '--format cannot be "hmtl"; did you mean html? Use one of table, csv, json, html' }],
  '--target': [{ value: 'soon', says: '--target cannot be "soon"; use a length of time such as 90s, 30m, 1h or 1d' }],
  '--email': [{ value: 'ana', says: '--email has a wrong value; use an e-mail address' }],
  '--number': [{ value: '', says: '--number has a wrong value; use ' }],
  '--sso': [{ value: '', says: '--sso has a wrong value; use ' }],
  '--given-name': [{ value: '', says: '--given-name has a wrong value; use ' }],
  '--family-name': [{ value: 'x'.repeat(257), says: '--family-name has a wrong value; use at most 256 characters' }],
  '--field': [{ value: 'HR ID=1', says: '--field has a wrong value; use "DE:<custom field>=<value>"' }],
};

/** Arguments that a command cannot have, or not together, and what is printed then. */
const WRONG_ARGUMENTS: [call: string[], says: string][] = [
  [['show', 'a b'], 'the event id cannot be "a b"; use an id of 1 to 200 visible ASCII characters'],
  [['release', 'ä', '--reason', 'x'], 'the event id cannot be "ä"; use an id of'],
  [['release', '--reason', 'x'], 'no event is named; use event ids, --guard or --all-held'],
  [['release', 'a', '--all-held', '--reason', 'x'], 'event ids, --guard and --all-held exclude each other; use one of them'],
  [['release', '--guard', 'brake', '--all-held', '--reason', 'x'], 'event ids, --guard and --all-held exclude each other; use one of them'],
  [['release', 'a', 'b', '--user', '0'.repeat(32), '--reason', 'x'], '--user is for one event; use it with one event id'],
  [['reject', '--reason', 'x'], 'no event is named; use event ids or --guard'],
  [['accept', '--reason', 'x'], 'no event is named; use event ids or --all-returned'],
  [['deactivate-again', 'a', '--all-returned', '--reason', 'x'], 'event ids and --all-returned exclude each other; use one of them'],
  [['reject', 'a', '--guard', 'brake', '--reason', 'x'], 'event ids and --guard exclude each other; use one of them'],
  [['release', 'a', '--reason', 'why'], '--reason has a wrong value; use your own words'],
  [['cancel', 'a', '--reason', '...'], '--reason has a wrong value; use your own words'],
  [['reject', '', '--reason', 'x'], 'the event id cannot be ""; use an id of'],
  [['cancel', 'a', 'b c', '--reason', 'x'], 'the event id cannot be "b c"; use an id of'],
  [['replay', 'a', 'b', '--user', '0'.repeat(32)], '--user is for one event; use it with one event id'],
  [['hold-record', '--reason', 'x'], 'no event is named; use an event id, or --list'],
  [['hold-record', 'a', '--lift'], '--reason is missing; add --reason <text>'],
  [['hold-record', 'a', '--list'], '--list shows every hold; leave the event id and the other options out'],
  [['reopen', 'a b', '--reason', 'x'], 'the event id cannot be "a b"; use an id of'],
  [['replay'], 'no event is named; use event ids, or a filter such as --status failed'],
  [['replay', 'a b'], 'the event id cannot be "a b"; use an id of'],
  [['replay', 'a', '--since', '1h'], '--since and event ids exclude each other; leave one of them out'],
  [['replay', 'a', '--limit', '3'], '--limit and event ids exclude each other; leave one of them out'],
  [['replay', 'a', '--reason', 'x', '--note', 'y'], 'with event ids, --reason and --note both say why; leave one of them out'],
  [['replay', '--until', '2d'], 'where the period begins without --since; add --since'],
  [['list', '--since', '1h', '--until', '2h'], '--since must be before --until'],
  [['report', '--since', '1h', '--until', '2h'], '--since must be before --until'],
  [['report', '--json', '--format', 'csv'], '--json and --format exclude each other; leave one of them out'],
  [['plan', 'release', '--out', newFile, '--note', 'x'], 'no filter is given; use one such as --reason, --source or --since 24h'],
  [['plan', 'cancel', '--out', newFile, '--note', 'x', '--since', '1h', '--until', '1d'], '--since must be before --until'],
  [['plan', 'relese'], 'unknown command relese; did you mean release? Use release, replay, cancel'],
  [['apply', join(folder, 'nowhere.json')], 'nowhere.json"; name the file of a plan, or its digest'],
  [['apply', digest, '--plans', join(folder, 'nowhere')], 'use a directory that exists'],
  [['apply', 'a'.repeat(64), '--plans', folder], 'there is no plan with this digest in'],
  [['brake', 'relese'], 'unknown command relese; did you mean release? Use status, release'],
  [['dlq', 'delete', 'a b', '--reason', 'x'], 'the message id cannot be "a b"; use a message id, as the list command prints it'],
  [['quarantine', 'reverify'], 'no delivery is named; use delivery ids or --all'],
  [['quarantine', 'dismiss', '--reason', 'x'], 'no delivery is named; use delivery ids or --all'],
  [['quarantine', 'dismiss', 'a', '--all', '--reason', 'x'], 'delivery ids and --all exclude each other; use one of them'],
  [['quarantine', 'reverify', 'a', '--all'], 'delivery ids and --all exclude each other; use one of them'],
  [['quarantine', 'reverify', 'a/b'], 'the delivery id cannot be "a/b"; use a message id, as the list command prints it'],
  [['send', 'HiBob'], 'the source cannot be "HiBob"; use a source name of lower-case letters, digits and hyphens'],
  [['send', 'hibob', '--employee', 'ana@acme.test'], '--employee is for a real termination only; add --really, or leave it out'],
  [['send', 'hibob', '--really'], '--really needs the person who leaves; add --employee'],
  [['resolve'], 'nobody is named; use an e-mail address, an employee number, --sso or --field'],
  [['resolve', 'ana@'], 'the e-mail address has a wrong value; use an e-mail address'],
  [['resolve', '1', '--number', '2'], 'the employee number is given twice; give it once'],
  [['resolve', 'ana@acme.test', '--email', 'bo@acme.test'], 'the e-mail address is given twice; give it once'],
  [
    ['secret', 'set', 'WORKFRONT'],
    'the secret cannot be "WORKFRONT"; use workfront, the name of a source, look-up/<source>, or admin-console',
  ],
  [['secret', 'set', 'hibob', '--generate'], '--generate is for workfront only; a source signs with'],
  [
    ['secret', 'rotate', 'look-up/'],
    'the secret cannot be "look-up/"; use workfront, the name of a source, look-up/<source>, or admin-console',
  ],
  [['secret', 'retire', 'workfront'], 'workfront has no former secret; use the name of a source'],
  [['secret', 'retire', 'look-up/hibob'], 'look-up/hibob has no former secret; use the name of a source'],
  [['relese', 'a'], 'unknown command relese; did you mean release? Use status, todo, console, list, show'],
  [['frobnicate'], 'unknown command frobnicate; use status, todo, console, list, show'],
];

const { command: program } = opsProgram({ terminal: silent(), clock: Date.now });
/** `init` comes before any deployment: test/ops/commands/offline/init.test.ts. */
const leaves = leavesOf(program)
  .map((command) => ({ path: pathOf(command), command }))
  .filter(({ path }) => path !== 'init');
const wordsOf = (path: string) => path.split(' ');
const valueOptionsOf = (command: Command) => command.options.filter(({ required }) => required).map(({ long }) => long ?? '');
const calledWell = (path: string) => CALLED_WELL[path] ?? [];

/** The good call of a command, but with another value of an option. */
function withValue(path: string, option: string, value: string): string[] {
  const well = calledWell(path);
  const at = well.indexOf(option);
  return [...wordsOf(path), ...(at < 0 ? well : well.toSpliced(at, 2)), option, value];
}

const VALUES = leaves.flatMap(({ path, command }) =>
  valueOptionsOf(command).flatMap((option) =>
    (WRONG_VALUES[`${path} ${option}`] ?? WRONG_VALUES[option] ?? []).map(({ value, says }) => ({
      call: withValue(path, option, value),
      option,
      says,
    })),
  ),
);

describe('a wrong command line ends with exit code 2 before anything is opened, and names what is allowed:', () => {
  async function expectRefusal(args: readonly string[], says: string) {
    const { code, errors } = await runInProcess(args);

    if (args.includes('--json')) {
      const written = z.object({ error: z.looseObject({}) }).parse(JSON.parse(errors.join('\n')));
      expect({ args, code, ...written }).toEqual({
        args,
        code: 2,
        error: { message: expect.stringContaining(says), code: 'usage', exitCode: 2 },
      });
      return;
    }
    expect({ args, code, errors }).toEqual({
      args,
      code: 2,
      errors: [expect.stringContaining(says), expect.stringMatching(/^npm run ops -- .*--help lists all options\.$/)],
    });
  }

  it.each(leaves)('$path, called well, is the only way to reach the deployment', async ({ path }) => {
    const { code, errors } = await runInProcess([...NOWHERE, ...wordsOf(path), ...calledWell(path)]);

    expect(Object.keys(CALLED_WELL)).toContain(path);
    if (path === 'doctor') expect({ code, errors }).toEqual({ code: 3, errors: [] });
    else expect({ code, errors }).toEqual({ code: 1, errors: [expect.stringContaining('run npm start first')] });
  });

  it.each(leaves)('every option of $path that takes a value has a wrong one here', ({ path, command }) => {
    const without = valueOptionsOf(command).filter((option) => !WRONG_VALUES[`${path} ${option}`] && !WRONG_VALUES[option]);

    expect(without).toEqual([]);
  });

  it.each(VALUES)('$call', ({ call, says }) => expectRefusal([...NOWHERE, ...call], says));

  it.each(WRONG_ARGUMENTS)('%j', (call, says) => expectRefusal([...NOWHERE, ...call], says));

  describe.each(leaves)('$path', ({ path, command }) => {
    const well = [...wordsOf(path), ...calledWell(path)];

    it('with an unknown option', async () => {
      await expectRefusal([...NOWHERE, ...well, '--frobnicate=secret'], 'unknown option --frobnicate; use --json');
      await expectRefusal([...NOWHERE, ...well, '--jsno'], 'unknown option --jsno; did you mean --json? Use --json');
      await expectRefusal(['--lcoal', ...well], 'unknown option --lcoal; did you mean --local?');
    });

    it('without a deployment, with two, or with one that cannot be', async () => {
      const use = 'use either --local or --stage NAME, or set OFFBOARDING_STAGE';
      await expectRefusal(well, `neither --local nor --stage is given; ${use}`);
      await expectRefusal([...NOWHERE, '--stage', 'test', ...well], `--local and --stage exclude each other; ${use}`);
      await expectRefusal(['--stage', 'Test!', ...well], '--stage cannot be "Test!"; use the name of a stage, such as test or production');
      await expectRefusal(
        ['--stage', 'test', '--region', 'Ireland', ...well],
        '--region cannot be "Ireland"; use an AWS region such as eu-west-1',
      );
      await expectRefusal(['--local', '--region', 'eu-west-1', ...well], '--region is for --stage only; leave it out');
      await expectRefusal(['--stage', 'test', '--data', '.local', ...well], '--data is for --local only; leave it out');
      await expectRefusal(['--local', '--data', '', ...well], '--data cannot be ""; use the path of a directory');
      await expectRefusal([...well, '--stage'], '--stage has no value; use --stage <name>');
    });

    const [argument] = command.registeredArguments;
    if (argument?.variadic !== true)
      it('with too many arguments, of which none is repeated', async () => {
        await expectRefusal(
          [...NOWHERE, ...well, ...(argument !== undefined && calledWell(path).length === 0 ? ['x'] : []), 's3cret'],
          ' argument; ',
        );
        const { errors } = await runInProcess([...NOWHERE, ...well, 's3cret']);
        expect(errors.join()).not.toContain('s3cret');
      });
    if (argument?.required)
      it('without its argument', () =>
        expectRefusal([...NOWHERE, ...wordsOf(path), ...calledWell(path).slice(1)], `<${argument.name()}> is missing; use ${path} <`));

    const mandatory = command.options.filter((option) => option.mandatory);
    if (mandatory.length > 0)
      it.each(mandatory.map(({ long }) => String(long)))('without %s', (option) => {
        const at = well.indexOf(option);
        return expectRefusal([...NOWHERE, ...well.toSpliced(at, 2)], `${option} is missing; add ${option} <`);
      });

    const options = valueOptionsOf(command);
    if (options.length > 0)
      it.each(options)('with %s twice, or without a value', async (option) => {
        const without = well.includes(option) ? well.toSpliced(well.indexOf(option), 2) : well;
        await expectRefusal([...NOWHERE, ...without, option], `${option} has no value; use ${option} <`);
        if (option === '--field') return;
        await expectRefusal([...NOWHERE, ...without, option, '--json'], `${option} has no value; use ${option} <`);
        await expectRefusal([...NOWHERE, ...without, option, 'x', option, 'x'], `${option} is given twice; give it once`);
      });
  });
});
