import { expect, it } from '@jest/globals';
import { undoneOf } from '../../../ops/events/undoable.ts';
import { aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDesk } from '../../support/in-memory-desk.ts';

const at = (hour: number) => `2026-11-24T${hour}:00:00.000Z`;
const step = (to: 'deactivated' | 'returned' | 'undone', hour: number, by = 'worker') =>
  ({ from: 'processing', to, at: at(hour), by, why: '' }) as const;

it.each([
  { what: 'after the user was inactive', isTold: true },
  { what: 'of another user', isTold: false, changes: { workfrontUserId: guid(2) } },
  { what: 'before the user was inactive', isTold: false, changes: { history: [step('undone', 10)] } },
  { what: 'of an event that is something else', isTold: false, changes: { status: 'accepted' as const } },
  { what: 'if the event asked about is not one of a user who is active again', isTold: false, of: { status: 'deactivated' as const } },
])('an undo $what tells who activated the user: $isTold', async ({ changes, of, isTold }) => {
  const desk = aDesk({ users: [] });
  const ours = { workfrontUserId: guid(1), updatedAt: at(14) };
  const undone = { ...ours, eventId: 'evt-2', status: 'undone' as const, history: [step('undone', 13, 'ops-person')], ...changes };
  await desk.ledger.writeEntry(anEntry(aTermination(), undone));
  const returned = { ...ours, status: 'returned' as const, history: [step('deactivated', 12), step('returned', 14)], ...of };

  expect(await undoneOf(anEntry(aTermination(), returned), desk)).toEqual(
    isTold ? [{ source: 'acme-hr', eventId: 'evt-2', by: 'ops-person', at: at(13) }] : [],
  );
});
