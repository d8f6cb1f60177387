import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import * as z from 'zod';
import { OffboardingStack } from '../../lib/offboarding-stack.ts';
import { readStage } from '../../lib/read-stage.ts';
import { exampleStages } from './example-stages.ts';

const template = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })) });
const code = z.object({ Code: z.object({ S3Key: z.string() }) });

/** Synthesises the stage `test` as a deployment does, with its bundles. @returns the folders of the two functions' zips */
export function synthBundles(outdir: string): { receiver: string; worker: string } {
  const app = new App({ outdir });
  const { artifactId } = new OffboardingStack(app, { stageName: 'test', stage: readStage('test', exampleStages) });
  app.synth();

  const { Resources } = template.parse(JSON.parse(readFileSync(join(outdir, `${artifactId}.template.json`), 'utf8')));
  const folderOf = (id: string) => {
    const [, found] = Object.entries(Resources).find(([name, { Type }]) => Type === 'AWS::Lambda::Function' && name.startsWith(id)) ?? [];
    return join(outdir, `asset.${code.parse(found?.Properties).Code.S3Key.replace('.zip', '')}`);
  };
  return { receiver: folderOf('Receiver'), worker: folderOf('Worker') };
}
