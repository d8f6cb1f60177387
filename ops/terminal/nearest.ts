import leven from 'leven';

/** With more edits than this, a word is another word. */
const MOST_EDITS = 3;

/** The known word that a mistyped one probably means, or undefined if no known word is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    // the beginning of a word counts as the word
    .map((one) => ({ one, edits: word.length > 2 && one.startsWith(word) ? 0 : leven(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, edits }) => edits <= Math.min(MOST_EDITS, Math.floor(one.length / 2)))
    .sort((one, other) => one.edits - other.edits);
  return best?.one;
}

/** What to do about a wrong word. @param meant the nearest allowed word, if there is one */
export const advice = ({ allowed, meant }: { allowed: string; meant: string | undefined }): string =>
  meant === undefined ? `use ${allowed}` : `did you mean ${meant}? Use ${allowed}`;
