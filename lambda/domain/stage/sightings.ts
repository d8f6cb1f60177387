import type { Clock } from '../ports.ts';
import { MINUTE } from '../time/time.ts';

/** Early look-ups a minute: three thousand dated terminations of one day must not stand in front of one that is due. */
const MOST_A_MINUTE = 30;

/** Counts the early look-ups of one worker. @returns whether there may be one more now */
export function sightingsOf(clock: Clock): () => boolean {
  let minute = 0;
  let taken = 0;
  return () => {
    const now = Math.floor(clock() / MINUTE);
    if (now !== minute) [minute, taken] = [now, 0];
    taken += 1;
    return taken <= MOST_A_MINUTE;
  };
}
