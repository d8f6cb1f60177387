import { randomBytes } from 'node:crypto';

/** What somebody must not find where it does not belong. */
export type Kind = 'leaver' | 'source secret' | 'workfront credential';

export interface Canary {
  kind: Kind;
  /** For people: `e-mail`, `private key`. */
  what: string;
  value: string;
}

/** What HR and Workfront know of one leaver, in values that occur nowhere else. */
export interface Person {
  email: string;
  employeeNumber: string;
  givenName: string;
  familyName: string;
  sourceId: string;
  customField: string;
}

/** What is shorter occurs by chance. */
const SHORT = 10;

const unique = (kind: string) => `${kind}${randomBytes(7).toString('hex')}`;

/** With characters that URLs, JSON and CSV write in another way; what is looked for is the part that none of them does. */
export const aPerson = (): Person => ({
  email: `${unique('mail')}.o'brien+x@canary.test`,
  employeeNumber: `${unique('no')}/1`,
  givenName: `${unique('Giv')}é`,
  familyName: `${unique('Fam')} "de" <Silva>`,
  sourceId: `${unique('hrid')}`,
  customField: `${unique('field')}&a=b`,
});

export const canariesOf = (person: Person): Canary[] => Object.entries(person).map(([what, value]) => ({ kind: 'leaver', what, value }));

/** Looks for canaries in any text or bytes, in every spelling that a program might have given them. */
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

/** The longest part that no encoding of URLs, JSON, XML or CSV changes, and the whole in those encodings; in lower case. */
function plainForms(value: string): string[] {
  const core = coreOf(value);
  const utf8 = (text: string) => Buffer.from(text).toString('latin1');
  const whole = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), value.replaceAll('\n', '')];
  return [core, Buffer.from(core).toString('hex'), [...core].reverse().join(''), ...whole.map(utf8)].map((form) => form.toLowerCase());
}

/** Base64 of it wherever it begins in a text: of the three ways, the characters that its neighbours cannot change. */
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
