import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

const versions = z.record(z.string(), z.string());
const manifest = z
  .object({ dependencies: versions, devDependencies: versions, allowScripts: z.record(z.string(), z.boolean()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));
const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.optional(z.string()),
      integrity: z.optional(z.string()),
      resolved: z.optional(z.string()),
      hasInstallScript: z.optional(z.boolean()),
      inBundle: z.optional(z.boolean()),
    }),
  ),
});
const readLock = (folder: string) => lockFile.parse(JSON.parse(readFileSync(`${folder}/package-lock.json`, 'utf8')));
const lock = readLock('.');
const installed = Object.entries(lock.packages).filter(([path]) => path !== '');
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

describe('a dependency', () => {
  it('has one exact version, so that no newer one is installed unnoticed', () => {
    const open = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );

    expect(open).toEqual([]);
  });

  it('is the same package in every installation, as are the packages that it needs', () => {
    const unproven = installed.filter(([, { integrity, inBundle }]) => inBundle !== true && !integrity?.startsWith('sha512-'));

    expect(installed.length).toBeGreaterThan(300);
    expect(unproven.map(([path]) => path)).toEqual([]);
  });

  it('comes from the registry only: no URL, no git, no file', () => {
    expect(installed.flatMap(([path, { resolved }]) => (resolved === undefined ? [] : [path]))).toEqual([]);
  });

  it('runs an install script only if its name is allowed, and every package with a script is named', () => {
    const withScript = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));

    expect(Object.keys(manifest.allowScripts).sort()).toEqual([...new Set(withScript)].sort());
    expect(Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name])).toEqual(['node', 'esbuild']);
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^strict-allow-scripts=true$/m);
  });
});

it.each(['test/aws-emulator/requirements.txt', 'test/cfn-lint/requirements.txt', 'test/engines/moto/requirements.txt'])(
  'has one exact version of every Python package: %s',
  (file) => {
    const lines = readFileSync(file, 'utf8').trim().split('\n');

    expect(lines.filter((line) => !/^[A-Za-z0-9._-]+==\d[\w.]*$/.test(line))).toEqual([]);
  },
);

/** What npm run test:engines installs with npm and Go: nothing of the product. */
describe('the Lambda engine', () => {
  const { packages } = readLock('test/engines/lambda');
  const others = Object.entries(packages).filter(([path]) => path !== '');

  it('is the same package in every installation, from the registry only, as are those that it needs', () => {
    expect(others.length).toBeGreaterThan(50);
    expect(others.filter(([, { integrity, resolved }]) => resolved !== undefined || !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  it('is the only one of them that runs an install script', () => {
    expect(others.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path))).toEqual(['aws-lambda-ric']);
  });

  it('is one commit of the emulator, whose hash and those of its modules are known', () => {
    const required = [...readFileSync('test/engines/lambda/go.mod', 'utf8').matchAll(/^\t(\S+) (v\S+)/gm)].map(
      ([, name, version]) => `${name} ${version}`,
    );
    const sums = readFileSync('test/engines/lambda/go.sum', 'utf8');

    expect(required).toContainEqual(expect.stringMatching(/interface-emulator v0\.0\.0-\d{14}-[0-9a-f]{12}$/));
    expect(required.filter((one) => !sums.includes(`${one} h1:`))).toEqual([]);
  });
});
