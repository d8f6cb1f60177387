import type { Canary, Kind } from './canaries.ts';

/** What was found at one place, of which the docs say what may be there. */
export interface Exhibit {
  /** As the first column of the table in docs/data.md has it. */
  place: string;
  /** For people: which answer, which file. */
  what: string;
  bytes: Buffer;
}

/** Keeps what the system said and wrote, by place. */
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

/** By place: what may be there. */
export type Documented = ReadonlyMap<string, ReadonlySet<Kind>>;

/** The table "Where personal data and secrets are": a place, then whether the leaver, a source's secret, the credential may be there. */
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
      return [place, new Set(kinds.flatMap(([kind, says]) => (says === 'yes' ? [kind] : [])))];
    }),
  );
}

/** @returns each find that the docs do not allow, and each that they announce and that is not there: then the search is blind */
export function compare(exhibits: readonly Exhibit[], documented: Documented, search: (bytes: Buffer) => Canary[]): string[] {
  const found = new Map<string, Set<Kind>>();
  const wrong: string[] = [];
  for (const { place, what, bytes } of exhibits) {
    const kinds = found.get(place) ?? new Set<Kind>();
    found.set(place, kinds);
    const allowed = documented.get(place);
    if (allowed === undefined) wrong.push(`docs/data.md does not know the place "${place}"`);
    for (const canary of search(bytes)) {
      kinds.add(canary.kind);
      if (allowed?.has(canary.kind) === false) wrong.push(`${place}, ${what}: has the ${canary.what} of a ${canary.kind}`);
    }
  }
  for (const [place, kinds] of documented) {
    const seen = found.get(place);
    if (seen === undefined) wrong.push(`nothing was looked at of the place "${place}" of docs/data.md`);
    else for (const kind of kinds.difference(seen)) wrong.push(`${place}: expected the search to find a ${kind}, it found none`);
  }
  return [...new Set(wrong)];
}
