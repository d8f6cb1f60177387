import { randomBytes } from 'node:crypto';

/** The kinds of values that must not be in a place that the docs do not name. */
export type Kind = 'leaver' | 'source secret' | 'workfront credential';

export interface Canary {
  kind: Kind;
  /** The name in messages, such as `email` or a secret's name. */
  what: string;
  value: string;
}

/** The data of one leaver in HR and Workfront, in values that occur nowhere else. */
export interface Person {
  email: string;
  employeeNumber: string;
  givenName: string;
  familyName: string;
  sourceId: string;
  customField: string;
}

/** A shorter text may occur by chance. */
const SHORT = 10;

const unique = (prefix: string) => `${prefix}${randomBytes(7).toString('hex')}`;

/** Makes a person. The values have characters that URLs, JSON and CSV escape; the search looks for the part that none of them changes. */
export const aPerson = (): Person => ({
  email: `${unique('mail')}.o'brien+x@canary.test`,
  employeeNumber: `${unique('no')}/1`,
  givenName: `${unique('Giv')}é`,
  familyName: `${unique('Fam')} "de" <Silva>`,
  sourceId: `${unique('hrid')}`,
  customField: `${unique('field')}&a=b`,
});

export const canariesOf = (person: Person): Canary[] => Object.entries(person).map(([what, value]) => ({ kind: 'leaver', what, value }));

/** Makes a search for canaries in any text or bytes, in every encoding that a program may have used. */
export function makeSearch(canaries: readonly Canary[]): (bytes: Buffer) => Canary[] {
  const expected = canaries.map((canary) => ({ canary, plain: plainForms(canary.value), encoded: encodedForms(canary.value) }));
  return (bytes) => {
    const asIs = bytes.toString('latin1');
    const lower = asIs.toLowerCase();
    return expected
      .filter(({ plain, encoded }) => plain.some((form) => lower.includes(form)) || encoded.some((form) => asIs.includes(form)))
      .map(({ canary }) => canary);
  };
}

/** The longest part that no encoding of URLs, JSON, XML or CSV changes, and the whole value in those encodings; in lower case. */
function plainForms(value: string): string[] {
  const core = coreOf(value);
  const utf8 = (text: string) => Buffer.from(text).toString('latin1');
  const whole = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), value.replaceAll('\n', '')];
  return [core, Buffer.from(core).toString('hex'), [...core].reverse().join(''), ...whole.map(utf8)].map((form) => form.toLowerCase());
}

/** The value in base64 at any position of a text: for each of the three alignments, the characters that its neighbours cannot change. */
function encodedForms(value: string): string[] {
  const core = coreOf(value);
  const texts = [core, core.toUpperCase(), core.toLowerCase()];
  const forms = texts.flatMap((text) =>
    [0, 1, 2].map((before) => {
      const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
      return bytes
        .toString('base64')
        .slice(Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3))
        .replace(/=+$/, '');
    }),
  );
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

function coreOf(value: string): string {
  const [core = value] = (value.match(/[A-Za-z0-9]+/g) ?? []).toSorted((one, other) => other.length - one.length);
  return core.length < SHORT ? value : core;
}
