import assert from 'node:assert/strict';
import type { FakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import type { Deployed } from './deployed.ts';

/** Does one thing, proves what came of it, and says it in a few words. */
export type Step = [title: string, prove: () => Promise<string>];

/** Ids of the event that is dealt with first, and of the one that is for later. */
export const FIRST = 'msg_first';
export const LATER = 'msg_later';

export type Story = ReturnType<typeof tellStory>;

/** The stage and who leaves. @param workfront must have more than 20 active users */
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
  };
}
