import { afterEach } from '@jest/globals';
import type * as z from 'zod';
import { umapiConsole } from '../../lambda/admin-console/console.ts';
import type { AccessRecord } from '../../lambda/domain/console-access/access-record.ts';
import type { ConsoleDesk } from '../../lambda/domain/console-access/admin-console.ts';
import { readAccess } from '../../lambda/domain/console-access/open-access.ts';
import { removeAccess } from '../../lambda/domain/console-access/remove-access.ts';
import type { AccessEnd } from '../../lambda/domain/console-access/wait-for-console.ts';
import type { policy } from '../../lambda/domain/policy.ts';
import { SECOND } from '../../lambda/domain/time/time.ts';
import { type ConsoleGroups, type ConsolePerson, consoleDirectory } from '../../local/admin-console/console-directory.ts';
import { CONSOLE_CLIENT, startFakeAdminConsole } from '../../local/admin-console/fake-admin-console.ts';
import type { Switches } from '../../local/admin-console/switches.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';
import { untilSettled } from '../support/working.ts';

const NAMED = { profiles: ['Workfront'], groups: ['WF-Users'] };
export const ANA: ConsolePerson = { email: 'ana@acme.test', type: 'federatedID', status: 'active', direct: ['Workfront', 'Acrobat'] };
export const EVENT = { source: 'acme-hr', eventId: 'evt-1' };

const GROUPS: ConsoleGroups = {
  profiles: [
    { name: 'Workfront', productName: 'Adobe Workfront' },
    { name: 'Acrobat', productName: 'Acrobat Pro' },
  ],
  userGroups: [
    { name: 'WF-Users', profiles: ['Workfront'] },
    { name: 'Everybody', profiles: ['Workfront'] },
    { name: 'Shared', profiles: ['Workfront'], isReadOnly: true },
  ],
};

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Story {
  people?: ConsolePerson[];
  named?: { profiles: string[]; groups: string[] };
  switches?: Partial<Switches>;
  rules?: z.input<typeof policy>;
  /** The text of the worker's secret. */
  secret?: string;
}

/** A removal as a worker begins it at noon, not yet written. */
export function anAccess(changes: Partial<AccessRecord> = {}): AccessRecord {
  return {
    ...EVENT,
    userId: guid(1),
    status: 'waiting',
    testOnly: false,
    updatedAt: '2026-11-24T12:00:00.000Z',
    asked: [],
    removals: 0,
    internalErrors: 0,
    refused: {},
    history: [{ at: '2026-11-24T12:00:00.000Z', to: 'waiting', by: 'worker', why: 'after deactivated' }],
    ...changes,
  };
}

/** A leaver that the worker has deactivated, a fake Admin Console over HTTP, and the desk that leads from one to the other. */
export async function aConsole({ people = [ANA], named = NAMED, switches = {}, rules = {}, secret }: Story = {}) {
  const desk = aDesk({ users: aDirectory({ id: guid(1) }), rules });
  const directory = consoleDirectory({ groups: GROUPS });
  for (const person of people) directory.put(person);
  const fake = await startFakeAdminConsole({ directory, switches, now: () => desk.now });
  open.push(fake);
  const adminConsole = umapiConsole({
    settings: fake,
    readSecret: async () => secret ?? JSON.stringify(CONSOLE_CLIENT),
    fetch,
    clock: desk.clock,
  });
  const consoleDesk: ConsoleDesk & TestDesk = Object.assign(desk, { adminConsole, named });
  await untilSettled(desk, anArrival(aTermination()));
  return { desk: consoleDesk, fake, directory, ...turnsOf(consoleDesk) };
}

function turnsOf(desk: ConsoleDesk & TestDesk) {
  const turn = (ref = EVENT): Promise<AccessEnd> => removeAccess(ref, desk);
  const record = async (ref = EVENT): Promise<AccessRecord | undefined> => (await readAccess(ref, desk.ledger))?.value;
  return {
    turn,
    record,
    /** Takes turns as the queue gives them, and moves the clock by what each waits. @returns the record when no turn waits any more */
    async untilOver(mostTurns = 60): Promise<AccessRecord | undefined> {
      for (let turns = 1; ; turns++) {
        if (turns > mostTurns) throw new Error(`still waiting after ${mostTurns} turns`);
        const end = await turn();
        if (end.kind !== 'wait') return record();
        desk.now += end.seconds * SECOND;
      }
    },
  };
}
