import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { bundleFunction } from '../lib/bundle.ts';
import { anyText, readCommandLine } from '../local/command-line.mjs';

/** `npm run package`: writes the folder that is published, with the construct, its types and both functions as they are deployed. */
const { out } = readCommandLine({
  call: 'npm run package --',
  options: { out: anyText({ takes: 'DIR', help: 'the folder to write', allowed: 'the path of a folder', otherwise: 'dist' }) },
});
const root = join(import.meta.dirname, '..');
const tool = (name: string, args: string[]) => execFileSync(join(root, 'node_modules/.bin', name), args, { cwd: root, stdio: 'inherit' });
const { version, description, license, dependencies } = z
  .object({ version: z.string(), description: z.string(), license: z.string(), dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

const TYPES = [
  '--declaration',
  '--emitDeclarationOnly',
  '--allowImportingTsExtensions',
  '--rootDir',
  '.',
  '--module',
  'nodenext',
  '--target',
  'es2024',
  '--skipLibCheck',
  '--types',
  'node',
];

rmSync(out, { recursive: true, force: true });
for (const name of ['receiver', 'worker'] as const) {
  mkdirSync(join(out, 'functions', name), { recursive: true });
  bundleFunction(name, join(out, 'functions', name, 'index.js'));
}
for (const [format, type] of [
  ['esm', 'module'],
  ['cjs', 'commonjs'],
] as const) {
  const folder = join(out, format);
  tool('esbuild', [
    'lib/index.ts',
    '--bundle',
    '--log-level=error',
    '--platform=node',
    '--target=node20.19',
    `--format=${format}`,
    // the packages that the app has itself
    '--external:aws-cdk-lib',
    '--external:constructs',
    '--external:zod',
    ...(format === 'cjs' ? ['--define:import.meta.dirname=__dirname'] : []),
    `--outfile=${join(folder, 'index.js')}`,
  ]);
  write(join(folder, 'package.json'), { type });
}
tool('tsc', ['lib/index.ts', '--ignoreConfig', ...TYPES, '--outDir', join(out, 'esm/types')]);
// The same text: the folder's package.json says of which kind of module the types are.
cpSync(join(out, 'esm/types'), join(out, 'cjs/types'), { recursive: true });
for (const page of ['CHANGELOG.md', 'docs/settings.md']) copyFileSync(join(root, page), join(out, page.replace('docs/', '')));
copyFileSync(join(root, 'docs/construct.md'), join(out, 'README.md'));
write(join(out, 'package.json'), {
  name: 'workfront-offboarding',
  version,
  description,
  license,
  type: 'module',
  exports: {
    '.': {
      import: { types: './esm/types/lib/index.d.ts', default: './esm/index.js' },
      require: { types: './cjs/types/lib/index.d.ts', default: './cjs/index.js' },
    },
  },
  peerDependencies: { 'aws-cdk-lib': `^${dependencies['aws-cdk-lib']}`, constructs: `^${dependencies.constructs}` },
  dependencies: { zod: `^${dependencies.zod}` },
});

function write(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
