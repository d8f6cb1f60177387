import assert from 'node:assert/strict';
import type { FakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import { generateDirectory } from '../../local/workfront/users/population.ts';
import type { Deployed } from './deployed.ts';

/** Does one thing, proves the result, and describes it in a few words. */
export type Step = [title: string, prove: () => Promise<string>];

/** The ids of the first event, and of the one with a schedule. */
export const FIRST = 'msg_first';
export const LATER = 'msg_later';

/** The population of the emulator's Workfront. */
export const POPULATION = { users: 500 };

/** The test user of the stage: nobody else in the story. */
export const rehearsed = (): string =>
  generateDirectory(POPULATION)
    .all()
    .find(({ isActive, isAdmin }) => isActive && !isAdmin)?.ID ?? '';

export type Story = ReturnType<typeof tellStory>;

/** The stage and its leavers. @param workfront must have more than 20 active users */
export function tellStory(system: Deployed, workfront: FakeWorkfront) {
  const leavers = workfront.directory.all().filter(({ isActive, isAdmin }) => isActive && !isAdmin);
  const leaver = (number: number) => {
    const user = leavers[leavers.length - 1 - number];
    assert(user !== undefined);
    return user;
  };
  return {
    system,
    workfront,
    leaver,
    isActive: (number: number) => workfront.directory.byId(leaver(number).ID)?.isActive,
    termination: (number: number, effective: object = { immediate: true }) => ({
      type: 'employee.terminated',
      timestamp: new Date().toISOString(),
      data: { employee: { email: leaver(number).emailAddr }, effective },
    }),
    rescission: (number: number) => ({
      type: 'employee.termination_rescinded',
      timestamp: new Date().toISOString(),
      data: { employee: { email: leaver(number).emailAddr } },
    }),
  };
}
