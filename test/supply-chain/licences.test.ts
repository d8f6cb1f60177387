import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { modulesOf } from '../support/bundled-modules.ts';

/** Licences (SPDX) that let us ship a package within a function, and ask only that its notice is kept. */
const ACCEPTED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'MIT-0'];

const manifest = z.object({ license: z.string() });

/** The folder of the package that a module belongs to; undefined if the module is ours. */
const packageOf = (module: string) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module)?.[0];

describe.each(['receiver', 'worker'] as const)('a package in the bundle of the %s', (name) => {
  const folders = [...new Set(modulesOf(name).flatMap((module) => packageOf(module) ?? []))].sort();

  it('has a licence that is accepted', () => {
    const licences = folders.map((folder) => [folder, manifest.parse(JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))).license]);

    expect(folders.length).toBeGreaterThan(10);
    expect(licences.filter(([, licence = '']) => !ACCEPTED.includes(licence))).toEqual([]);
  });
});
