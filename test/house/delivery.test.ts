import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

const read = (file: string) => readFileSync(file, 'utf8');
const strings = z.record(z.string(), z.string());
const manifest = z.object({ scripts: strings, devDependencies: strings, engines: strings });
const { scripts, devDependencies, engines } = manifest.parse(JSON.parse(read('package.json')));
const workflow = read('.github/workflows/check.yml');
const example = read('.github/workflows/deploy.yml.example');
const ci = read('.ci/run');

describe('the Node of this repository', () => {
  it('is the same for nvm, for the workflow and in every npm script', () => {
    expect(read('.nvmrc').trim()).toBe(devDependencies.node);
    expect(workflow).toContain('node-version-file: .nvmrc');
  });

  it('needed to begin is the same in the lock file', () => {
    const lock = z.object({ packages: z.object({ '': z.object({ engines: strings }) }) }).parse(JSON.parse(read('package-lock.json')));

    expect(lock.packages[''].engines).toEqual(engines);
  });
});

describe('the workflow', () => {
  it('runs .ci/run and no other command', () => {
    expect([...workflow.matchAll(/^ +-? *run: (.*)$/gm)].map(([, command]) => command)).toEqual(['bash .ci/run']);
  });

  it('keeps the bill of materials that .ci/run makes', () => {
    expect(ci).toMatch(/^npm run sbom$/m);
    expect(workflow).toContain(`path: ${/> (\S+)$/.exec(scripts.sbom ?? '')?.[1]}`);
  });

  it.each([
    ['check', workflow],
    ['example of a deployment', example],
  ])('pins every action by its commit: %s', (_, text) => {
    const actions = [...text.matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);

    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });
});

describe('the example of a deployment', () => {
  it('deploys without a stored key', () => {
    expect(example).toMatch(/^permissions:\n {2}contents: read\n(?: +#.*\n)* {2}id-token: write\n\n/m);
    expect(example).toContain('role-to-assume: ');
    expect(example).not.toMatch(/secrets\.|access-key/);
  });

  it('puts nothing that somebody typed into a command', () => {
    const commands = [...example.matchAll(/^ +-? *run: (.*)$/gm)].map(([, command = '']) => command);

    expect(commands.at(-1)).toMatch(/^npx cdk deploy -c "stage=\$STAGE"/);
    expect(commands.filter((command) => command.includes('${{'))).toEqual([]);
  });
});

describe('.ci/run', () => {
  const run = [...ci.matchAll(/^(?:\w+=\S+ )?npm (?:run )?([\w:]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'ci');

  it('runs only scripts that package.json has', () => {
    expect(run.length).toBeGreaterThan(5);
    expect(run.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('runs the tests once, within npm run check', () => {
    const withTests = run.filter((name) => name === 'test' || /npm test\b/.test(scripts[name] ?? ''));

    expect(withTests).toEqual(['check']);
  });
});
