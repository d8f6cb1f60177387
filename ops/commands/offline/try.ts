import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import { effectiveTime } from '../../../lambda/domain/deactivate/effective-time.ts';
import { keysToMatch } from '../../../lambda/domain/deactivate/keys-to-match.ts';
import type { HrEvent, TerminationEvent } from '../../../lambda/domain/event/hr-event.ts';
import { PermanentFailure } from '../../../lambda/domain/failures.ts';
import { matchKeys } from '../../../lambda/domain/person/leaver-match.ts';
import { matchKeyRules, type Policy } from '../../../lambda/domain/policy.ts';
import { toInstant } from '../../../lambda/domain/time/time.ts';
import { statusOf } from '../../../lambda/handlers/problem.ts';
import { readDelivery } from '../../../lambda/handlers/read-delivery.ts';
import type { IdentifiedEvent, Source } from '../../../lambda/sources/source.ts';
import { type SourceConfigs, sourceOf } from '../../../lambda/sources/systems/registry.ts';
import { findStageSettings } from '../../../lib/read-stage.ts';
import { functionSettings } from '../../deployment/function-settings.ts';
import { configOf, readSourceName } from '../../send/known-source.ts';
import { readWhere, type Session } from '../../session.ts';
import { newCommand } from '../../terminal/command.ts';
import { EXIT, Usage } from '../../terminal/exit-code.ts';
import { json } from '../../terminal/option-values.ts';
import { readOptions } from '../../terminal/read-options.ts';
import { printable } from '../../terminal/terminal.ts';
import { bothTimes } from '../../terminal/times.ts';

const tryOptions = z.object({
  json,
  body: z.string().min(1, 'the path of a file'),
  stages: z.string().min(1, 'the path of a file').optional(),
});

/** What the receiver and the worker know of HR. */
interface Settings {
  sources: SourceConfigs;
  policy: Policy;
  /** The sources whose HR system is asked. */
  asked: readonly string[];
}

/** What a delivery means, without a signature. */
type Trial =
  | { answer: number; greeting: 'ping' | 'challenge' }
  | { answer: number; quarantined: string }
  | { answer: number; ignored: number; events: TriedEvent[] };

interface TriedEvent {
  event: HrEvent;
  /** When the leaver must be inactive, RFC 3339; only of a termination. */
  effectiveAt?: string;
  /** The searches in Workfront; none: see `problem`. */
  searchedBy: { field: string; value: string }[];
  asksHr: boolean;
  problem?: string;
}

export function addTry(program: Command, session: Session): void {
  newCommand(program, 'try', {
    what:
      'Shows what the receiver and the mapping make of a delivery: which events, who is searched, and when. Sends nothing, reads no ' +
      'secret, and checks no signature. With --stage, the stage is read from your file: nothing has to be deployed.',
    example: '--stage test try workday --body delivery.json',
  })
    .argument('<source>')
    .requiredOption('--body <file>', 'the file with the body of a delivery, exactly as HR sends it')
    .option('--stages <file>', 'your file of stages; without it stages.json, stages.jsonc or stages.ts')
    .action(async (argument: string, raw: unknown) => {
      const { json, body, stages } = readOptions(tryOptions, raw);
      const name = readSourceName(argument);
      const bytes = readBody(body);
      const settings = await settingsOf(stages, { program, session });
      const trial = await tryDelivery(bytes, { name, settings, now: session.clock() });
      await session.terminal.print(
        json ? JSON.stringify({ source: name, ...trial }, null, 2) : linesOf(name, trial).map(printable).join('\n'),
      );
      process.exitCode = works(trial) ? EXIT.done : EXIT.failed;
    });
}

function readBody(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new Usage(`--body cannot be read: ${file}; give the path of a file`);
  }
}

async function settingsOf(stages: string | undefined, { program, session }: { program: Command; session: Session }): Promise<Settings> {
  const { local, stage: name } = readWhere(program);
  if (local || name === undefined) {
    if (stages !== undefined) throw new Usage('--stages is for --stage only; leave it out');
    const deployment = await session.deployment();
    const { SOURCES: sources, LOOK_UPS: lookUps } = await functionSettings(deployment);
    const policy = await deployment.policy();
    if (policy === undefined) throw new PermanentFailure('no-policy', 'the rules of this deployment cannot be read; use --stage');
    return { sources, policy, asked: Object.keys(lookUps) };
  }
  const { stage } = await findStageSettings({ name, file: stages });
  const { policy } = stage;
  const sources = Object.entries(stage.sources);
  return {
    sources: Object.fromEntries(sources.map(([one, { system, scheme, settings }]) => [one, { system, scheme, settings, secretId: one }])),
    policy,
    asked: sources.filter(([, { lookUp }]) => lookUp !== undefined).map(([one]) => one),
  };
}

async function tryDelivery(body: Buffer, { name, settings, now }: { name: string; settings: Settings; now: number }): Promise<Trial> {
  const source = sourceOf(name, configOf(name, settings.sources));
  const delivery = { headers: new Map([['content-type', 'application/json']]), body };
  const greeting = source.greet({ method: 'POST', query: new Map(), delivery });
  if (greeting !== undefined) return { answer: greeting.answer.status, greeting: greeting.kind };
  const read = await readDelivery(delivery, { source, signedId: undefined });
  if ('reason' in read) return { answer: unreadAnswer(source, statusOf(read.reason)), quarantined: read.detail };
  return {
    answer: source.answers.success.status,
    ignored: read.ignored,
    events: read.events.map((one) => tried(one, { name, settings, now })),
  };
}

const unreadAnswer = ({ answers }: Source, refusal: number) => (answers.unreadable === 'as-success' ? answers.success.status : refusal);

function tried({ event }: IdentifiedEvent, { name, settings, now }: { name: string; settings: Settings; now: number }): TriedEvent {
  const asksHr = settings.asked.includes(name) && event.employee.sourceId !== undefined;
  const rules = matchKeyRules(name, settings.policy);
  const searchedBy = matchKeys(event.employee, rules).map(({ field, value }) => ({ field, value }));
  if (event.type !== 'employee.terminated') return { event, searchedBy, asksHr };
  const { at } = effectiveTime(event.effective, settings.policy, toInstant(now));
  const problem = asksHr ? undefined : problemOf(event, rules);
  return { event, effectiveAt: at, searchedBy, asksHr, ...(problem !== undefined && { problem }) };
}

function problemOf(event: TerminationEvent, rules: Parameters<typeof keysToMatch>[2]): string | undefined {
  try {
    keysToMatch(event, 'not-asked', rules);
    return undefined;
  } catch (failure) {
    if (failure instanceof PermanentFailure) return `it would end as failed, ${failure.code}: ${failure.message}`;
    throw failure;
  }
}

/** Whether everything in the delivery can be acted on. */
const works = (trial: Trial): boolean =>
  !('quarantined' in trial) && !('events' in trial && trial.events.some(({ problem }) => problem !== undefined));

function linesOf(name: string, trial: Trial): string[] {
  if ('greeting' in trial) return [`${name}: a ${trial.greeting} of the HR system; the answer is ${trial.answer}, and nothing happens`];
  if ('quarantined' in trial)
    return [`${name}: not understood; the answer is ${trial.answer}, and the delivery goes to the quarantine`, `  ${trial.quarantined}`];
  const { events, ignored, answer } = trial;
  return [
    `${name}: ${events.length} ${events.length === 1 ? 'event' : 'events'}, ${ignored} ignored; the answer is ${answer}`,
    ...events.flatMap(eventLines),
  ];
}

function eventLines({ event, effectiveAt, searchedBy, asksHr, problem }: TriedEvent): string[] {
  const row = (title: string, text: string) => `  ${title.padEnd(14)} ${text}`;
  const { customFields = {}, ...names } = event.employee;
  const who = Object.entries({ ...names, ...customFields }).map(([key, value]) => `${key} ${value}`);
  const isOpen = event.type === 'employee.terminated' && event.unconfirmed === true;
  return [
    '',
    row('event', isOpen ? `${event.type}, unconfirmed: HR must be asked` : event.type),
    row('employee', who.join(', ')),
    ...(effectiveAt === undefined ? [] : [row('takes effect', whenOf(event, effectiveAt))]),
    ...(asksHr ? [row('HR', 'is asked who that is and whether they left, just before anything is done')] : []),
    row('searched by', searchedBy.map(({ field, value }) => `${field} = ${value}`).join(', ') || (asksHr ? 'what HR answers' : 'nothing')),
    ...(problem === undefined ? [] : [row('problem', problem)]),
  ];
}

function whenOf(event: HrEvent, at: string): string {
  const now = event.type === 'employee.terminated' && event.effective.immediate === true;
  return now ? 'at once' : bothTimes(at);
}
