import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';

const component = z.object({ name: z.string(), version: z.string(), properties: z.array(z.object({ name: z.string() })) });
const bom = z.object({ bomFormat: z.literal('CycloneDX'), components: z.array(component) });
const versions = z.record(z.string(), z.string());
const { dependencies, devDependencies } = z
  .object({ dependencies: versions, devDependencies: versions })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

/** The npm of old Node.js versions, which is enough for all other tests, cannot write one. */
const isWritable = spawnSync('npm', ['sbom', '--help']).status === 0;

(isWritable ? describe : describe.skip)('the bill of materials', () => {
  let components: z.output<typeof component>[];
  const versionsOf = (names: string[]) =>
    Object.fromEntries(names.map((name) => [name, components.filter((one) => one.name === name).map(({ version }) => version)]));
  beforeAll(() => {
    execFileSync('npm', ['run', '--silent', 'sbom']);
    ({ components } = bom.parse(JSON.parse(readFileSync('reports/sbom.cdx.json', 'utf8'))));
  });

  it('has every package that the product names, at its version', () => {
    const listed = versionsOf(Object.keys(dependencies));

    expect(Object.entries(dependencies).filter(([name, version]) => !listed[name]?.includes(version))).toEqual([]);
  });

  it('marks what only builds or tests the product', () => {
    const isMarked = (name: string) =>
      components.filter((one) => one.name === name).every(({ properties }) => properties.some((one) => one.name.endsWith(':development')));

    expect(['jest', 'typescript', 'dynalite'].filter((name) => name in devDependencies && !isMarked(name))).toEqual([]);
    expect(Object.keys(dependencies).filter(isMarked)).toEqual([]);
  });
});
