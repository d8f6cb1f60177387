import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import { InvalidInput } from '../../../lambda/domain/failures.ts';
import { policy as policySchema } from '../../../lambda/domain/policy.ts';
import { lookUpSettingsOf } from '../../../lambda/sources/look-ups/registry.ts';
import { SYSTEM_NAMES, type SystemName } from '../../../lambda/sources/systems/registry.ts';
import { readStage } from '../../../lib/read-stage.ts';
import { ASKED, BY_ID, ENDS_ONE, EXAMPLES, SAYS_NOTHING } from '../../send/first-settings.ts';
import { canWrite } from '../../send/test-delivery.ts';
import { readWhereToWrite, type Session } from '../../session.ts';
import { newCommand } from '../../terminal/command.ts';
import { EXIT, Usage } from '../../terminal/exit-code.ts';
import { newFile } from '../../terminal/new-file.ts';
import { json } from '../../terminal/option-values.ts';
import { readOptions } from '../../terminal/read-options.ts';
import type { Terminal } from '../../terminal/terminal.ts';

const FILE = 'stages.json';

const initOptions = z.object({
  json,
  system: z.enum(SYSTEM_NAMES, `one of ${SYSTEM_NAMES.join(', ')}`).optional(),
  workfront: z.string().optional(),
  timeZone: z.string().optional(),
  alarmEmail: z.string().optional(),
  employeeIdIs: z.string().optional(),
  out: newFile,
});

interface Answers {
  system: SystemName;
  workfront: string;
  timeZone: string;
  /** Empty: nobody. */
  alarmEmail: string;
  /** Empty: Workfront does not have the system's own id. */
  employeeIdIs: string;
}

export function addInit(program: Command, { terminal }: Session): void {
  newCommand(program, 'init', {
    what: 'Asks what a first stage needs, writes it into a file of yours, and lists what remains to be done. Without a terminal every answer is an option.',
    example: 'init --system hibob --workfront https://acme.preview.workfront.com --time-zone Europe/Berlin --alarm-email on-call@acme.test',
  })
    .option('--system <name>', 'the HR system')
    .option('--workfront <url>', 'the address of your Workfront')
    .option('--time-zone <zone>', 'the zone in which a date of HR ends, such as Europe/Berlin')
    .option('--alarm-email <address>', 'who is told if a person must act')
    .option('--employee-id-is <field>', "the Workfront field that has the HR system's own id: employeeNumber, or DE:<custom field>")
    .option('--out <file>', 'the file to write; it must not be there yet', FILE)
    .action(async (raw: unknown) => {
      const options = readOptions(initOptions, raw);
      const name = readWhereToWrite(program);
      const answers = await answersOf(options, terminal);
      const stages = { [name]: stageOf(answers) };
      checkStage(name, stages);
      writeFileSync(options.out, `${JSON.stringify({ $schema: './docs/stages.schema.json', stages }, null, 2)}\n`, { flag: 'wx' });
      const remaining = remainingOf(answers, { name, file: options.out });
      if (options.json) await terminal.print(JSON.stringify({ file: options.out, stage: name, remaining }, null, 2));
      else await terminal.print([`Wrote the stage ${name} into ${options.out}. What remains:`, '', ...numbered(remaining)].join('\n'));
      process.exitCode = EXIT.done;
    });
}

async function answersOf(options: z.infer<typeof initOptions>, terminal: Terminal): Promise<Answers> {
  const answer = async (option: string, question: string, given: string | undefined) => {
    if (given !== undefined) return given;
    if (!terminal.interactive) throw new Usage(`${option} is missing, and nobody can be asked; add ${option}`);
    return terminal.answer(question);
  };
  const chosen = await answer('--system', `Which HR system? One of ${SYSTEM_NAMES.join(', ')}:`, options.system);
  const { system } = readOptions(z.object({ system: initOptions.shape.system.unwrap() }), { system: chosen });
  return {
    system,
    workfront: await answer('--workfront', 'The address of your Workfront, such as https://acme.preview.workfront.com:', options.workfront),
    timeZone: await answer('--time-zone', 'The time zone in which a date of HR ends, such as Europe/Berlin:', options.timeZone),
    alarmEmail: await answer('--alarm-email', 'Who is told if a person must act? An e-mail address:', options.alarmEmail),
    employeeIdIs: BY_ID.includes(system)
      ? await answer(
          '--employee-id-is',
          `Which Workfront field has the id of ${system}? employeeNumber, or DE:<custom field>:`,
          options.employeeIdIs,
        )
      : (options.employeeIdIs ?? ''),
  };
}

function stageOf({ system, workfront, timeZone, alarmEmail, employeeIdIs }: Answers): object {
  const { settings: example, ...rest } = z.looseObject({ settings: z.looseObject({}).optional() }).parse(EXAMPLES[system] ?? {});
  const settings = {
    ...example,
    ...(employeeIdIs !== '' && { employeeIdIs }),
    ...((system === 'rippling' || system === 'ukg-pro') && { comes: 'when-due' }),
  };
  const source = {
    ...(system !== 'canonical' && { system }),
    ...(isAsked({ system, employeeIdIs }) && { lookUp: {} }),
    ...rest,
    ...(Object.keys(settings).length > 0 && { settings }),
  };
  // The usual keys too: a value that the system does not send is not searched, and keys that disagree hold the event.
  const matchKeys = [...policySchema.parse({}).matchKeys, { field: employeeIdIs, from: 'customField' }];
  return {
    workfront: { baseUrl: workfront },
    policy: {
      dryRun: true,
      defaultTimeZone: timeZone,
      ...(employeeIdIs.startsWith('DE:') && { sources: { [system]: { matchKeys } } }),
    },
    sources: { [system]: source },
    alarmEmail,
    dropResourcesOnDelete: false,
  };
}

/** Whether HR is asked about each leaver: always if the system never says that somebody left, otherwise if Workfront does not have its id. */
const isAsked = ({ system, employeeIdIs }: Pick<Answers, 'system' | 'employeeIdIs'>): boolean =>
  SAYS_NOTHING.includes(system) || (ASKED.includes(system) && employeeIdIs === '');

function checkStage(name: string, stages: object): void {
  try {
    readStage(name, stages, 'init');
  } catch (failure) {
    if (failure instanceof InvalidInput) throw new Usage(`${failure.message.replace(/^init: /, '')}; answer again`);
    throw failure;
  }
}

function remainingOf({ system, employeeIdIs }: Answers, { name, file }: { name: string; file: string }): string[] {
  const ops = (command: string) => `npm run ops -- --stage ${name} ${command}`;
  const page = system === 'canonical' ? 'docs/webhook.md' : `docs/sources/${system}.md`;
  return [
    ...(system === 'workday'
      ? [`Say in ${file} where your body has each field (${page}), and compare: ${ops('try workday --body FILE')}`]
      : []),
    ...(system === 'entra' ? [`Write your tenant id into ${file}, in place of the zeros`] : []),
    ...(system === 'ukg-pro' || system === 'rippling'
      ? [`See on a test that ${system} sends a termination on its day and not before (comes, ${page})`]
      : []),
    ...(ENDS_ONE.includes(system) && !isAsked({ system, employeeIdIs }) ? [heldOf(system, { file, page })] : []),
    ...(employeeIdIs.startsWith('DE:')
      ? [`Fill the custom field ${employeeIdIs.slice(3)} of your Workfront users with the ids of ${system}`]
      : []),
    `Try it on this machine: npm start -- --stage ${name}${file === FILE ? '' : ` --stages ${file}`}`,
    'Sign in to AWS, and once: npx cdk bootstrap aws://<account>/<region>',
    `npx cdk deploy -c stage=${name}${file === FILE ? '' : ` -c stages=${file}`}`,
    `Make the Workfront credential (docs/credentials.md), then: ${ops('secret set workfront')}`,
    `In the HR system, do the steps under "Set up" of ${page}, with the URL that the deployment printed`,
    ops(`secret set ${system}`),
    ...(isAsked({ system, employeeIdIs })
      ? [`Make the credential under "Look-up" of ${page}, then: ${ops(`secret set look-up/${system}`)}`]
      : []),
    ops('doctor'),
    canWrite(system) ? ops(`send ${system}`) : `Let ${system} send a test about nobody; then: ${ops('list')}`,
    `When would-deactivate is right for some days: remove dryRun from ${file}, and deploy again`,
  ];
}

/** What an operator decides before the first leaver. */
function heldOf(system: SystemName, { file, page }: { file: string; page: string }): string {
  const ask = lookUpSettingsOf(system) === undefined ? '' : `add a lookUp to ${system} in ${file}, or `;
  return `Each termination of ${system} is held for a person, who may have another record there: ${ask}write "unasked": "act" into its settings if nobody has two, or release each (${page})`;
}

const numbered = (lines: readonly string[]): string[] => lines.map((line, at) => `${String(at + 1).padStart(3)}. ${line}`);
