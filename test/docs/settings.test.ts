import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SYSTEM_NAMES, settingsOf } from '../../lambda/sources/systems/registry.ts';
import { type Setting, stageSettings, stagesJsonSchema } from '../../lib/settings/json-schema.ts';
import { knownKeys } from '../../lib/settings/known-keys.ts';
import { effectsOn, rowsOn } from '../../lib/settings/settings-page.ts';

const page = readFileSync('docs/settings.md', 'utf8');
const rows = rowsOn(page);

/** Settings without which a stage is refused. */
const REQUIRED = ['workfront.baseUrl', 'dropResourcesOnDelete'];

/** The default of `throttle` is that of the whole. */
const WHOLE: Record<string, string> = { 'throttle.ratePerSecond': '`20`', 'throttle.burst': '`50`' };

function defaultOf({ name, schema }: Setting): string {
  if (REQUIRED.includes(name)) return 'required';
  return WHOLE[name] ?? (schema.default === undefined ? 'none' : `\`${JSON.stringify(schema.default)}\``);
}

describe('docs/settings.md', () => {
  it('lists every setting of a stage once, with its default, and no other', () => {
    const listed = rows.map(({ name, default: value }) => `${name}: ${value}`).sort();

    expect(listed.length).toBeGreaterThan(40);
    expect(listed).toEqual(
      stageSettings()
        .map((setting) => `${setting.name}: ${defaultOf(setting)}`)
        .sort(),
    );
  });

  it('has no row that is not read', () => {
    const settings = page.split('\n## Workfront\n')[1] ?? '';

    expect(settings.split('\n').filter((line) => line.startsWith('| `'))).toHaveLength(rows.length);
  });

  it.each(SYSTEM_NAMES.filter((name) => name !== 'canonical'))(
    "leaves the system's own settings to its page, which has them all: %s",
    (system) => {
      const own = readFileSync(`docs/sources/${system}.md`, 'utf8');

      expect(knownKeys(settingsOf(system), []).filter((key) => !own.includes(key))).toEqual([]);
    },
  );
});

describe('docs/stages.schema.json', () => {
  it('is what npm run schema writes', () => {
    expect(JSON.parse(readFileSync('docs/stages.schema.json', 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(stagesJsonSchema(effectsOn(page)))),
    );
  });
});
