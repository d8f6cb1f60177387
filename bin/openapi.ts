import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../lambda/openapi.ts';
import { readCommandLine } from '../local/command-line.mjs';

/** `npm run openapi`: writes docs/openapi.json. */
readCommandLine({ call: 'npm run openapi --', options: {} });
const file = join(import.meta.dirname, '../docs/openapi.json');
writeFileSync(file, `${JSON.stringify(openApiDocument(), null, 2)}\n`);
execFileSync(join(import.meta.dirname, '../node_modules/.bin/biome'), ['format', '--write', file], { stdio: 'inherit' });
