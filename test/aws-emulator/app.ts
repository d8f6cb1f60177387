import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stages } from '../../lib/stages.ts';

/** What an operator puts in place of the example. */
const ADDRESS = 'https://emulator.preview.workfront.com';

// The app as it is deployed, with its stages as an operator leaves them.
for (const { workfront } of Object.values(stages)) workfront.baseUrl = ADDRESS;
await import('../../bin/app.ts');

// In the templates that it wrote, the address is that of a stand-in on this machine: no file of stages may name one. Nothing else
// differs, and the emulator itself tells the functions where AWS is.
process.once('exit', () => {
  const { CDK_OUTDIR = '', EMULATOR_WORKFRONT_URL = '' } = process.env;
  for (const name of readdirSync(CDK_OUTDIR).filter((one) => one.endsWith('.template.json'))) {
    const file = join(CDK_OUTDIR, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(ADDRESS, EMULATOR_WORKFRONT_URL));
  }
});
