import { globSync } from 'node:fs';
import { resolve } from 'node:path';

// One suite for the mutation test: modules are loaded once for each mutant, not once for each test file.
for (const file of globSync('test/{domain,sources,workfront}/**/*.test.ts').sort()) await import(resolve(file));
