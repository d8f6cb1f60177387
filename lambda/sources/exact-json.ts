import { InvalidInput } from '../domain/failures.ts';
import { readJson } from '../domain/parse.ts';

/** The beginning of a number with so many digits that a double may not hold them all: it holds every integer of 15. */
const LONG_NUMBER = /(?:^|[:,[\s])-?\d[\d.]{15}/;

/**
 * Parses JSON that another system wrote. A number with more digits than a double holds becomes text with exactly these digits: employee
 * ids are such numbers, and a rounded one names nobody, or somebody else.
 *
 * @throws InvalidInput where the text is no JSON
 */
export function readExactJson(text: string, what: string): unknown {
  if (!LONG_NUMBER.test(text)) return readJson(text, what);
  try {
    return JSON.parse(text, exact);
  } catch {
    throw new InvalidInput(`${what}: expected JSON, got text of ${text.length} characters that is not, or is nested too deeply`);
  }
}

/** A number in exponential form stays a number: nobody writes an id so, and `exactNumber` refuses it if it is not exact. */
function exact(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || !/^-?\d+(\.\d+)?$/.test(source)) return value;
  const digits = source.includes('.') ? source.replace(/\.?0+$/, '') : source;
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && String(value) === digits ? value : digits;
}
