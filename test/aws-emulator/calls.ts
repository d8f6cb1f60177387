import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { grantsOf } from '../infra/synthesise.ts';

/** The functions of the stack. */
export type FunctionName = 'receiver' | 'worker';

/** A kind of call that a function made, as `calls.py` prints it. */
export const madeCall = z.object({
  key: z.string(),
  service: z.string(),
  name: z.string(),
  QueueUrl: z.string().optional(),
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  SecretId: z.string().optional(),
});

export type MadeCall = z.output<typeof madeCall>;

/** Operations whose action has another name, or that the emulator records by method. */
const ACTIONS: Record<string, string> = {
  'sqs:SendMessageBatch': 'sqs:SendMessage',
  'scheduler:POST.scheduler': 'scheduler:CreateSchedule',
  'scheduler:PUT.scheduler': 'scheduler:UpdateSchedule',
  'scheduler:DELETE.scheduler': 'scheduler:DeleteSchedule',
};

/**
 * What a call needs, in the words of {@link grantedTo}.
 *
 * @param idOf the logical id, without its hash, of a resource that a call names by its physical id or by its name
 */
export function neededBy({ service, name, QueueUrl, TableName, IndexName, SecretId }: MadeCall, idOf: (named: string) => string): string {
  const operation = `${service}:${name}`;
  const named = QueueUrl?.split('/').at(-1) ?? TableName ?? SecretId;
  const on = named === undefined ? '' : ` ${idOf(named)}${IndexName === undefined ? '' : `/index/${IndexName}`}`;
  return `${ACTIONS[operation] ?? operation}${on}`;
}

/** Everything that the template grants a function, such as `sqs:SendMessage LeaverQueue`; schedules and buses are not named. */
export function grantedTo(one: FunctionName, template: Template): string[] {
  const role = { receiver: 'ReceiverRole', worker: 'WorkerRole' }[one];
  return grantsOf(template, role).map((grant) => grant.replace(/ (:.*)?$/, ''));
}

/** The grants that no step uses, by the list in docs/emulator.md: function, grants in code marks, reason. */
export function unusedBy(one: FunctionName, page: string): string[] {
  const [, list = ''] = page.split('## Granted, and used by no step\n');
  const rows = list.split('\n## ')[0]?.matchAll(/^\| (\w+) \| ([^|]+) \| [^|]+ \|$/gm) ?? [];
  return [...rows]
    .filter(([, who]) => who === one)
    .flatMap(([, , grants = '']) => [...grants.matchAll(/`([^`]+)`/g)].map(([, grant = '']) => grant))
    .sort();
}
