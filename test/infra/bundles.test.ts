import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { OffboardingStack } from '../../lib/offboarding-stack.ts';
import { readStage } from '../../lib/stages.ts';

/** What all of a bundle may weigh: it is read at every cold start. One careless `z.core` costs 400 KB. */
const MOST_BYTES = 670_000;

/** Asked for by the SDK only where a request is signed for several regions at once. */
const NEVER_USED = '@aws-sdk/signature-v4-crt';

const outdir = mkdtempSync(join(tmpdir(), 'bundles-'));
let bundles: { files: string[]; code: string }[] = [];

beforeAll(() => {
  const app = new App({ outdir });
  new OffboardingStack(app, { stageName: 'test', stage: readStage('test') });
  app.synth();
  bundles = readdirSync(outdir)
    .filter((name) => name.startsWith('asset.'))
    .map((name) => ({ files: readdirSync(join(outdir, name)), code: readFileSync(join(outdir, name, 'index.js'), 'utf8') }));
}, 60_000);

afterAll(() => rmSync(outdir, { recursive: true }));

describe('the bundles of the two functions', () => {
  it('are one small file each, without a source map', () => {
    expect(bundles.map(({ files }) => files)).toEqual([['index.js'], ['index.js']]);
    for (const { code } of bundles) {
      expect(Buffer.byteLength(code)).toBeLessThan(MOST_BYTES);
      expect(code).not.toContain('sourceMappingURL');
    }
  });

  it('need nothing but Node.js', () => {
    for (const { code } of bundles) {
      const required = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name ?? '');

      expect(required.length).toBeGreaterThan(0);
      expect(required.filter((name) => !isBuiltin(name) && name !== NEVER_USED)).toEqual([]);
    }
  });
});
