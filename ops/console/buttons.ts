import { wrongAbout } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry, Release } from '../../lambda/domain/event/ledger-entry.ts';
import { shownBy } from '../events/holds.ts';
import { judge, type Order } from '../orders/order.ts';
import { type Frame, form, type Markup, markup, reasonField } from './page.ts';
import { seen } from './read-form.ts';

type Kind = Order['kind'];

/** What a person can order, as a button says it. `recheck` is a release that asks the guard again. */
const WORDS: Record<Kind | 'recheck', string> = {
  release: 'Release',
  recheck: 'Ask the guard again',
  reject: 'Reject',
  cancel: 'Cancel',
  replay: 'Replay',
  reopen: 'Reopen',
  'deactivate-again': 'Deactivate again',
  accept: 'Accept that they are active',
  undo: 'Undo',
};

export const CHOICES = ['release', 'recheck', 'reject', 'cancel', 'replay', 'reopen', 'deactivate-again', 'accept', 'undo'] as const;
export type Choice = (typeof CHOICES)[number];

/** The order of a choice. */
export const orderOf = (
  choice: Choice,
  { reason, userId, because }: { reason: string | undefined; userId?: string | undefined; because?: Release['because'] },
): Order =>
  choice === 'recheck'
    ? { kind: 'release', recheck: true, reason }
    : { kind: choice, reason, userId: userId?.toLowerCase(), ...(choice === 'release' && { because }) };

/** A choice that can be carried out on an event as it is, by the judgement of the commands. */
interface Open {
  choice: Choice;
  does: string;
}

/** The users of which a person may choose one: those that the guards name. */
function usersToChoose({ hold }: LedgerEntry): string[] {
  if (hold === undefined) return [];
  const named = shownBy(hold).flatMap(({ saw, of = '' }) => `${saw} ${of}`.match(/\b[0-9a-f]{32}\b/g) ?? []);
  return [...new Set(named)];
}

function openChoices(entry: LedgerEntry, now: number): Open[] {
  return CHOICES.flatMap((choice) => {
    const verdict = judge(entry, orderOf(choice, { reason: 'x' }), now);
    // What is held is ended by rejecting it.
    if (choice === 'cancel' && entry.status === 'held') return [];
    return verdict.kind === 'act' ? [{ choice, does: verdict.does }] : [];
  });
}

/** The users for which a release can be carried out: only if the guards do not agree on who is meant. */
const choosable = (entry: LedgerEntry, now: number): string[] =>
  usersToChoose(entry).filter((userId) => judge(entry, { kind: 'release', reason: 'x', userId }, now).kind === 'act');

/**
 * The form in which a person decides about one event: a reason, the user meant if that is open, and a button for each order that can be
 * carried out. A button only asks.
 */
export function decisionForm(frame: Frame, entry: LedgerEntry, { now, at }: { now: number; at: string }): Markup {
  const users = choosable(entry, now);
  const open = openChoices(entry, now);
  const choices: Open[] =
    users.length > 0 && !open.some(({ choice }) => choice === 'release')
      ? [{ choice: 'release', does: 'deactivates the user that you choose above, if every other guard agrees' }, ...open]
      : open;
  if (choices.length === 0) return markup`<p>Nothing can be ordered now: it is ${entry.status}.</p>`;
  return form(
    frame,
    { action: '/decide/ask', fields: [['event', seen(entry)]] },
    markup`${users.length === 0 ? '' : userChoice(users, at)}
${reasonField(at)}
${entry.status === 'held' ? becauseChoice(at) : ''}
<ul class="choices">${choices.map(
      ({ choice, does }) => markup`<li><button name="choice" value="${choice}">${WORDS[choice]}</button> <span>${does}</span></li>`,
    )}</ul>`,
  );
}

const userChoice = (users: readonly string[], at: string): Markup => markup`<fieldset><legend>Which user is meant</legend>
${users.map(
  (id) =>
    markup`<p><input type="radio" name="user" id="user-${at}-${id}" value="${id}"><label for="user-${at}-${id}"><code>${id}</code></label></p>`,
)}
<p><input type="radio" name="user" id="user-${at}-none" value="" checked><label for="user-${at}-none">no choice</label></p></fieldset>`;

const becauseChoice = (at: string): Markup => markup`<p class="field"><label for="because-${at}">For a release: was the guard wrong?</label>
<select id="because-${at}" name="because"><option value="">no, it was right to ask</option>${wrongAbout.options.map(
  (one) => markup`<option value="${one}">yes: ${one}</option>`,
)}</select></p>`;
