/** One row of docs/settings.md. */
export interface SettingRow {
  name: string;
  default: string;
  effect: string;
}

/** The settings that the page lists. */
export const rowsOn = (page: string): SettingRow[] =>
  [...page.matchAll(/^\| `([\w.<>]+)` \| (required|none|`[^|]+`) \| ([^|]+) \|[^|]*\|$/gm)].map(
    ([, name = '', value = '', effect = '']) => ({
      name,
      default: value,
      effect,
    }),
  );

/** What each setting does, without links, for the JSON Schema. */
export const effectsOn = (page: string): Map<string, string> =>
  new Map(rowsOn(page).map(({ name, effect }) => [name, effect.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')]));
