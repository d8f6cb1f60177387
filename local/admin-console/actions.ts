import * as z from 'zod';
import type { ConsoleDirectory, ConsolePerson } from './console-directory.ts';
import type { Switches } from './switches.ts';

/** The one kind of command that the product sends. Any other is refused, so that no test overlooks it. */
const commands = z
  .array(
    z.strictObject({
      user: z.string().max(250),
      useAdobeID: z.literal(true).optional(),
      requestID: z.string().optional(),
      do: z.array(z.strictObject({ remove: z.strictObject({ group: z.array(z.string()).min(1).max(10) }) })).min(1),
    }),
  )
  .min(1)
  .max(10);

interface StepError {
  index: number;
  step: number;
  message: string;
  user: string;
  errorCode: string;
}

interface ActionContext {
  directory: ConsoleDirectory;
  switches: Switches;
  testOnly: boolean;
  /** Called for each membership that was removed. */
  onRemoved: (email: string, name: string) => void;
}

/** Carries out an action request: "User Management Action Requests", User Management API. */
export function act(body: string, context: ActionContext): { status: number; body: object } {
  const read = commands.safeParse(JSON.parse(body));
  if (!read.success) return { status: 400, body: { result: 'error.command.malformed', message: read.error.message } };
  const all = context.switches.migrating ? 'error.organization.migrating' : undefined;
  if (all !== undefined)
    return { status: 200, body: { completed: 0, notCompleted: read.data.length, completedInTestMode: 0, result: all } };

  const errors = read.data.flatMap((command, index) => errorOf(command, index, context));
  const completed = read.data.length - errors.length;
  const result = errors.length === 0 ? 'success' : completed === 0 ? 'error' : 'partial';
  const counts = context.testOnly ? { completed: 0, completedInTestMode: completed } : { completed, completedInTestMode: 0 };
  return { status: 200, body: { ...counts, notCompleted: errors.length, result, ...(errors.length > 0 && { errors }) } };
}

/** Carries out one command as far as its first error. */
function errorOf({ user, do: steps }: z.infer<typeof commands>[number], index: number, context: ActionContext): StepError[] {
  for (const [step, { remove }] of steps.entries()) {
    const problem = removeFrom(user, remove.group, context);
    if (problem !== undefined) return [{ index, step, user, ...problem }];
  }
  return [];
}

function removeFrom(
  user: string,
  names: readonly string[],
  { directory, switches, testOnly, onRemoved }: ActionContext,
): { message: string; errorCode: string } | undefined {
  const { profiles, userGroups } = directory.groups;
  if (switches.throttledExternally) return { message: 'throttled', errorCode: 'error.throttled_by_external_service' };
  const unknown = names.find((name) => ![...profiles, ...userGroups].some((one) => one.name === name));
  if (unknown !== undefined) return { message: `Group ${unknown} was not found`, errorCode: 'error.group.not_found' };

  const person = directory.find(user);
  // Test mode does not report a user who does not exist, and a command names exactly the spelling of the Console.
  if (person === undefined || person.email !== user)
    return testOnly ? undefined : { message: `User Id does not exist: ${user}`, errorCode: 'error.user.nonexistent' };
  for (const name of names) {
    if (userGroups.some((one) => one.name === name && one.isReadOnly) && person.direct.includes(name))
      return { message: `${user}: group is read only`, errorCode: 'error.usergroup.readonly.remove_user_not_allowed' };
    if (switches.removeFailsThroughGroup && isThroughGroup(person, name, directory))
      return { message: `${user}: de-provisioning failed`, errorCode: 'error.group.remove_failed' };
    if (testOnly || !person.direct.includes(name)) continue;
    directory.leave(user, name);
    onRemoved(user, name);
  }
  return undefined;
}

const isThroughGroup = (person: ConsolePerson, name: string, directory: ConsoleDirectory): boolean =>
  !person.direct.includes(name) && directory.throughGroups(person).includes(name);
