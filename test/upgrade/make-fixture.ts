import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { ADDRESS, BRAKE, STAGE } from '../aws-emulator/emulator.ts';
import { ASSEMBLY, COMMANDS, FIXTURE, packFixture, VERSION } from './fixture.ts';
import { PER_HOUR } from './story.ts';

// Makes the fixture of the version that is in package.json. Once that version is released, it stays as it is.
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
if (version !== VERSION) throw new Error(`the fixture is of ${VERSION}, and package.json says ${version}; check out ${VERSION} first`);

/** The commands, as they are started. */
const ENTRY = 'bin/ops.ts';

const { context } = z.object({ context: z.record(z.string(), z.unknown()) }).parse(JSON.parse(readFileSync('cdk.json', 'utf8')));
const folder = mkdtempSync(join(tmpdir(), 'fixture-'));
try {
  execFileSync(process.execPath, ['test/aws-emulator/app.ts'], {
    stdio: 'inherit',
    env: {
      ...process.env,
      CDK_OUTDIR: join(folder, ASSEMBLY),
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, stage: STAGE }),
      EMULATOR_WORKFRONT_URL: ADDRESS,
      [BRAKE]: String(PER_HOUR),
    },
  });
  const commands = join(folder, COMMANDS);
  const options = [
    '--bundle',
    '--platform=node',
    '--target=node24',
    '--format=esm',
    '--main-fields=module,main',
    '--minify',
    '--log-level=error',
  ];
  // the commands are ES modules, and some packages inside are not
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  execFileSync('node_modules/.bin/esbuild', [ENTRY, ...options, `--banner:js=${banner}`, `--outfile=${commands}`]);
  mkdirSync(join(commands, '../..'), { recursive: true });
  writeFileSync(join(commands, '../../package.json'), JSON.stringify({ type: 'module', version }));
  console.log(`${FIXTURE}: ${Math.ceil(packFixture(folder) / 1000)} kB`);
} finally {
  rmSync(folder, { recursive: true });
}
