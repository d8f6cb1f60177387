import type { Canary, Kind } from './canaries.ts';

/** Something that the system wrote or answered, at a place in docs/data.md. */
export interface Exhibit {
  /** A place in the first column of the table in docs/data.md. */
  place: string;
  /** The answer or the file, in words. */
  what: string;
  bytes: Buffer;
}

/** Keeps everything that the system wrote and answered, by place. */
export function makeExhibits() {
  const all: Exhibit[] = [];
  return {
    all,
    add(place: string, what: string, content: string | Buffer | object): void {
      const bytes = Buffer.isBuffer(content) ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
      all.push({ place, what, bytes });
    },
  };
}

export type Exhibits = ReturnType<typeof makeExhibits>;

/** The kinds that each place may have. */
export type Documented = ReadonlyMap<string, ReadonlySet<Kind>>;

/** Reads the table "Where personal data and secrets are": a place, then yes or no for the leaver, a source's secret and the credential. */
export function readDocumented(text: string): Documented {
  const [, section = ''] = text.split('\n## Where personal data and secrets are\n');
  const rows =
    section
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| ---')) ?? [];
  return new Map(
    rows.slice(1).map((row) => {
      const [, place = '', leaver, source, credential] = row.split('|').map((cell) => cell.trim());
      const kinds: [Kind, string | undefined][] = [
        ['leaver', leaver],
        ['source secret', source],
        ['workfront credential', credential],
      ];
      return [place, new Set(kinds.flatMap(([kind, answer]) => (answer === 'yes' ? [kind] : [])))];
    }),
  );
}

/** @returns every find that the docs do not allow, and every kind that they announce but the search did not find: then the search is blind */
export function compare(exhibits: readonly Exhibit[], documented: Documented, search: (bytes: Buffer) => Canary[]): string[] {
  const found = new Map<string, Set<Kind>>();
  const wrong: string[] = [];
  for (const { place, what, bytes } of exhibits) {
    const kinds = found.get(place) ?? new Set<Kind>();
    found.set(place, kinds);
    const allowed = documented.get(place);
    if (allowed === undefined) wrong.push(`docs/data.md has no place "${place}"; add it to the table`);
    for (const canary of search(bytes)) {
      kinds.add(canary.kind);
      if (allowed?.has(canary.kind) === false)
        wrong.push(`${place}, ${what}: has the ${canary.what} of a ${canary.kind}; keep it out, or change docs/data.md`);
    }
  }
  for (const [place, kinds] of documented) {
    const seen = found.get(place);
    if (seen === undefined) wrong.push(`no exhibit is from the place "${place}" of docs/data.md; add one to test/leaks`);
    else
      for (const kind of kinds.difference(seen))
        wrong.push(`${place}: the search finds no ${kind}, but docs/data.md says yes; correct one of them`);
  }
  return [...new Set(wrong)];
}
