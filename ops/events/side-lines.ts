import type { BothSides, Compared } from './both-sides.ts';
import type { Line } from './story.ts';

const LABEL = 15;
/** A longer value of HR gets a line of its own. */
const MOST_BESIDE = 34;

/** Both sides as lines: HR left, Workfront right, a `!` where they differ. Nothing is cut. */
export function sideLines({ hrNow, users, trouble }: BothSides): Line[] {
  const heading = users.length > 1 ? `Who it is about: one of ${users.length} users` : 'Who it is about';
  return [
    { text: '' },
    { text: heading, heading: true },
    ...(hrNow === undefined ? [] : [{ text: `  HR, asked now: ${hrNow}`, hang: 4 }]),
    ...trouble.map((text) => ({ text: `  ${text}`, hang: 4 })),
    ...(users.length === 0 && trouble.length === 0 ? [{ text: '  Workfront has nobody with what HR says' }] : []),
    ...users.flatMap(({ id, link, lines }, index) => [
      ...(index === 0 ? [] : [{ text: '' }]),
      { text: `  Workfront user ${id}` },
      { text: `  ${link}` },
      ...beside([{ what: '', hr: 'HR', workfront: 'Workfront', differs: false }, ...lines]),
    ]),
  ];
}

function beside(lines: readonly Compared[]): Line[] {
  const left = Math.min(MOST_BESIDE, Math.max(...lines.map(({ hr }) => hr.length)));
  return lines.flatMap(({ what, hr, workfront, differs }) => {
    const head = `  ${differs ? '!' : ' '} ${what.padEnd(LABEL)}`;
    const isLong = hr.length > left;
    const first = isLong ? `${head}${hr}` : `${head}${hr.padEnd(left)}  ${workfront}`;
    return [{ text: first }, ...(isLong ? [{ text: `${' '.repeat(head.length + left + 2)}${workfront}` }] : [])];
  });
}

/** One side in short, for a list: `Ana Silva, ana@acme.test`. */
export const inShort = (lines: readonly Compared[], side: 'hr' | 'workfront'): string =>
  lines
    .filter(({ what }) => what === 'name' || what === 'address' || what === 'number')
    .map((line) => line[side])
    .filter((value) => value !== '-')
    .join(', ');
