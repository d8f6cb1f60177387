import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../lambda/openapi.ts';

/** Writes docs/openapi.json anew: `npm run openapi`. */
writeFileSync(join(import.meta.dirname, '../docs/openapi.json'), `${JSON.stringify(openApiDocument(), null, 2)}\n`);
