import type { SignOfLife } from '../event/termination.ts';
import { personKeys, spokenOf, wordOf } from '../person/person-record.ts';
import type { Desk } from '../ports.ts';
import { conclude } from './conclude.ts';
import type { TurnEnd } from './turn-end.ts';
import { leaveWord } from './withdraw-terminations.ts';

/** A sign of life leaves its word, and changes nothing by itself. */
export async function noteSignOfLife(entry: SignOfLife, desk: Desk): Promise<TurnEnd> {
  await leaveWord(wordOf(entry), personKeys(spokenOf(entry)), desk);
  return conclude(entry, { status: 'noted', why: `${entry.event.sign}: holds what it reaches, cancels nothing` }, desk);
}
