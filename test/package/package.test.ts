import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';

/** A stranger's app: it has the CDK, and of this product only the packed file. */
const app = mkdtempSync(join(tmpdir(), 'stranger-'));
const packed = mkdtempSync(join(tmpdir(), 'packed-'));

const USE = `
const stack = new Stack(new App({ outdir: process.env.OUT }), 'workfront-offboarding-production');
const { webhooksUrl } = new WorkfrontOffboarding(stack, 'Offboarding', {
  stageName: 'production',
  stage: {
    workfront: { baseUrl: 'https://globex.my.workfront.com' },
    sources: { bamboohr: { system: 'bamboohr' } },
    dropResourcesOnDelete: false,
  },
});`;
const SYNTH = '\nstack.node.root.synth();\nconsole.log(typeof webhooksUrl);\n';
const ESM = "import { App, Stack } from 'aws-cdk-lib';\nimport { WorkfrontOffboarding } from 'workfront-offboarding';\n";
const CJS = "const { App, Stack } = require('aws-cdk-lib');\nconst { WorkfrontOffboarding } = require('workfront-offboarding');\n";
const CTS =
  "import cdk = require('aws-cdk-lib');\nimport offboarding = require('workfront-offboarding');\nconst { App, Stack } = cdk;\nconst { WorkfrontOffboarding } = offboarding;\n";
const WRONG =
  "\n// @ts-expect-error: the types know every setting\nnew WorkfrontOffboarding(stack, 'Wrong', { stageName: 'x', stage: { policy: { dryrun: true } } });\n";

const run = (program: string, args: string[], env: Record<string, string> = {}) =>
  execFileSync(program, args, {
    cwd: app,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });

beforeAll(() => {
  execFileSync(process.execPath, ['bin/package.ts', '--out', join(packed, 'dist')], { env: { ...process.env, NODE_OPTIONS: '' } });
  const [{ filename }] = z
    .tuple([z.object({ filename: z.string() })])
    .parse(JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', packed, join(packed, 'dist')], { encoding: 'utf8' })));
  const modules = join(app, 'node_modules');
  mkdirSync(join(modules, 'workfront-offboarding'), { recursive: true });
  execFileSync('tar', ['-xzf', join(packed, filename), '--strip-components=1', '-C', join(modules, 'workfront-offboarding')]);
  for (const name of ['aws-cdk-lib', 'constructs', 'zod', '@types']) symlinkSync(resolve('node_modules', name), join(modules, name));
  writeFileSync(join(app, 'app.mjs'), ESM + USE + SYNTH);
  writeFileSync(join(app, 'app.cjs'), CJS + USE + SYNTH);
  writeFileSync(join(app, 'app.mts'), ESM + USE + WRONG);
  writeFileSync(join(app, 'app.cts'), CTS + USE + WRONG);
}, 300_000);

afterAll(() => {
  for (const folder of [app, packed]) rmSync(folder, { recursive: true });
});

describe('the packed construct', () => {
  it.each(['app.mjs', 'app.cjs'])(
    "synthesizes in a stranger's app, with the functions as they are deployed and no esbuild: %s",
    (file) => {
      const OUT = join(app, `${file}.out`);

      expect(run(process.execPath, [file], { OUT, PATH: dirname(process.execPath) }).trim()).toMatch(/string$/);

      const template = z
        .object({
          Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })),
          Outputs: z.record(z.string(), z.unknown()),
        })
        .parse(JSON.parse(readFileSync(join(OUT, 'workfront-offboarding-production.template.json'), 'utf8')));
      expect(Object.keys(template.Outputs)).toEqual(expect.arrayContaining(['WebhooksUrl', 'LedgerTable', 'SourceSecrets']));
      const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
      const code = z.object({ Code: z.object({ S3Key: z.string() }) });
      const folders = functions.map(({ Properties }) => join(OUT, `asset.${code.parse(Properties).Code.S3Key.replace('.zip', '')}`));
      expect(folders).toHaveLength(2);
      for (const folder of folders) {
        expect(readFileSync(join(folder, 'index.js'), 'utf8')).toContain('module.exports=');
        expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toMatch(/^\{"(SOURCES|POLICY)":/);
      }
    },
    120_000,
  );

  it('has types for ES modules and for CommonJS', () => {
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];

    expect(() => run(resolve('node_modules/.bin/tsc'), [...options, '--skipLibCheck', 'app.mts', 'app.cts'])).not.toThrow();
  }, 120_000);

  it('takes the CDK from the app, and brings nothing but the schema library', () => {
    const manifest = JSON.parse(readFileSync(join(app, 'node_modules/workfront-offboarding/package.json'), 'utf8'));

    expect(Object.keys(manifest.peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
    expect(Object.keys(manifest.dependencies)).toEqual(['zod']);
  });
});
