import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stagesJsonSchema } from '../lib/settings/json-schema.ts';
import { effectsOn } from '../lib/settings/settings-page.ts';
import { readCommandLine } from '../local/command-line.mjs';

/** `npm run schema`: writes docs/stages.schema.json. */
readCommandLine({ call: 'npm run schema --', options: {} });
const docs = join(import.meta.dirname, '../docs');
const file = join(docs, 'stages.schema.json');
const page = readFileSync(join(docs, 'settings.md'), 'utf8');
writeFileSync(file, `${JSON.stringify(stagesJsonSchema(effectsOn(page)), null, 2)}\n`);
execFileSync(join(import.meta.dirname, '../node_modules/.bin/biome'), ['format', '--write', file], { stdio: 'inherit' });
