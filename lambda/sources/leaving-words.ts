/**
 * Words, or their beginnings, that mean the end of an employment, a withdrawn end, a rehire, or a withdrawn rehire. `leave` does not mean it,
 * whatever follows.
 */
const ENDS =
  /^(terminat|unterminat|dismiss|resign|retire|offboard|separat|redundan|layoff|laidoff|leavers?$|leaving|left$|departed|departure|quit$|fired$|deceas|exit|deactivat|inactiv|deprovision|disabled?$|rehire|reinstat|rescind|rescission|reactivat(ed|ion)cancel)/;

/** Words that mean it of a contract or an employment alone. */
const OVER = /^(end|ends|ended|ending|expired|expires|over|finished|closed|cancel|cancelled|canceled)$/;
const WORK = /^(contract|employment|employee|worker|job|assignment)s?$/;

/** What else may be over: nobody leaves with it. */
const OTHER = /^(leave|absence|time|probation|trial|onboarding|training|review|course)$/;

/**
 * Whether the name of an event, or a word of HR, sounds as if somebody left, or as if that was undone. Systems rename their events and add
 * new ones: such a word is never ignored only because no list has it.
 */
export function soundsLikeLeaving(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  const isNamed = words.some((word, at) => ENDS.test(word) || ENDS.test(words.slice(at, at + 2).join('')));
  if (isNamed) return true;
  const has = (kind: RegExp) => words.some((word) => kind.test(word));
  return has(OVER) && has(WORK) && !has(OTHER);
}
