import type { EventRef } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { BothSides } from '../events/both-sides.ts';
import { meaningOfHold, shownBy } from '../events/holds.ts';
import { badge, eventLink, type Markup, markup, table } from './page.ts';

/** Both sides beside each other: HR left, Workfront right, and in words where they differ. @param sides a sentence if neither can be read */
export function bothSides(sides: BothSides | string): Markup {
  if (typeof sides === 'string') return markup`<p class="note bad">${sides}</p>`;
  const { hrNow, users, trouble } = sides;
  return markup`${hrNow === undefined ? '' : markup`<p>HR, asked now: ${hrNow}</p>`}
${trouble.map((why) => markup`<p class="note bad">${why}</p>`)}
${users.length === 0 && trouble.length === 0 ? markup`<p>Workfront has nobody with what HR says.</p>` : ''}
${users.map(
  ({ id, link, lines }) =>
    markup`${table(
      `Workfront user ${id}`,
      ['what', 'HR', 'Workfront', 'compared'],
      lines.map(({ what, hr, workfront, differs }) => [what, hr, workfront, differs ? badge('bad', 'differs') : '']),
    )}<p class="soft"><a href="${link}" rel="noreferrer" target="_blank">${id} in Workfront</a></p>`,
)}`;
}

/** Where to order the undo, if HR withdrew a termination too late. */
export const whereToUndo = (undoable: readonly EventRef[]): Markup =>
  markup`${undoable.map((ref) => markup`<p>If the person stays, undo what deactivated their user, and then release this: ${eventLink(ref)}</p>`)}`;

/** What each guard of a hold saw, what that means, and what releasing does. */
export const whatGuardsSaw = ({ hold }: LedgerEntry): Markup =>
  markup`<dl>${(hold === undefined ? [] : shownBy(hold)).map(
    ({ guard, saw, releasing }) => markup`<dt>${guard} saw</dt><dd>${saw}</dd>
<dt>that means</dt><dd>${meaningOfHold(guard) ?? 'a guard of another version'}</dd><dt>releasing</dt><dd>${releasing}</dd>`,
  )}</dl>`;
