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
function exact(_key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  const written = String(source);
  if (!/^-?\d+(\.\d+)?$/.test(written)) return value;
  const digits = written.includes('.') ? written.replace(/\.?0+$/, '') : written;
  const number = Number(digits);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER && String(number) === digits ? number : digits;
}
