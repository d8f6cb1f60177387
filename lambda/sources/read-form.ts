import { InvalidInput } from '../domain/failures.ts';

/** Nobody nests forms deeper. */
const MOST_DEPTH = 8;

type Node = Map<string, Node | string>;

/**
 * Parses a form (application/x-www-form-urlencoded) whose names have brackets, as PHP and others write nested data: `data[id]=5`,
 * `data[changed][0]=status`, `data[changed][]=status`. All values are text.
 *
 * @throws InvalidInput if a name is nested too deeply, or has both a value and parts
 */
export function readForm(text: string, what: string): unknown {
  const root: Node = new Map();
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.replace(/\]$/, '').split(/\]?\[/);
    const last = path.pop();
    const node = path.reduce((inner, part) => childOf(inner, part, what), root);
    if (path.length > MOST_DEPTH)
      throw new InvalidInput(`${what}: expected a form with names of at most ${MOST_DEPTH} parts, got ${path.length}`);
    node.set(keyIn(node, last), value);
  }
  return dataOf(root);
}

function childOf(node: Node, part: string, what: string): Node {
  const key = keyIn(node, part);
  const known = node.get(key);
  if (typeof known === 'string') throw new InvalidInput(`${what}: expected a form, got a name with both a value and parts`);
  const child: Node = known ?? new Map();
  node.set(key, child);
  return child;
}

/** Empty brackets mean the next place of a list. */
const keyIn = (node: Node, part: string | undefined): string => part || String(node.size);

/** Parts that are numbered from 0 are a list. */
function dataOf(node: Node): unknown {
  const entries = [...node].map(([key, value]): [string, unknown] => [key, typeof value === 'string' ? value : dataOf(value)]);
  const isList = entries.every(([key], place) => key === String(place));
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

/** Whether a body is a form and not JSON. */
export const isForm = (text: string): boolean => /^[^\s={}"]+=/.test(text);
