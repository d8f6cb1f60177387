import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';

const root = join(import.meta.dirname, '..');

/** The name of the file with a function's settings, beside its code. */
export const SETTINGS_FILE = 'settings.json';

/**
 * Modules that the SDK imports only if credentials are not in the environment (Lambda puts them there), if an operation streams
 * events, or if a request is signed for several regions. Each is behind an `import()`, and esbuild also makes everything lazy
 * that such a module shares with the rest: inside the bundle they would cost a third of its load time.
 */
export const NEVER_REACHED = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/nested-clients',
  '@aws-sdk/signature-v4-crt',
  '@aws-sdk/token-providers',
  '@smithy/core/event-streams',
  '@smithy/credential-provider-imds',
];

/**
 * Options of esbuild. CommonJS, also for the SDK's `import('node:http')`: an ES module pays for the lazy getters of node:http. The SDK
 * is inside, because the runtime's own copy loads slower.
 */
export const BUNDLE_OPTIONS = [
  '--bundle',
  '--log-level=error',
  '--platform=node',
  '--target=node24',
  '--format=cjs',
  '--minify',
  '--main-fields=module,main',
  '--supported:dynamic-import=false',
  // Node.js takes 3 ms to load it.
  `--alias:node:fs/promises=${join(root, 'lambda/aws/no-shared-files.ts')}`,
  ...NEVER_REACHED.map((module) => `--external:${module}`),
];

/** The two functions, each by the name of its file in `lambda/`. */
export type FunctionName = 'receiver' | 'worker';

/** Makes one file of a function and everything that it imports. */
export function bundleFunction(name: FunctionName, outfile: string): void {
  execFileSync(join(root, 'node_modules/.bin/esbuild'), [join(root, `lambda/${name}.ts`), ...BUNDLE_OPTIONS, `--outfile=${outfile}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/**
 * The code of a function with its settings beside it: bundled now, or as it is in the published package, which needs no esbuild.
 *
 * @param settings without a value that CloudFormation has yet to fill in
 */
export function functionCode(name: FunctionName, settings: object): AssetCode {
  const text = JSON.stringify(settings);
  return Code.fromAsset(root, {
    // looks at what is deployed only, and not at this whole folder
    assetHashType: AssetHashType.OUTPUT,
    // distinguishes the assets: the CDK keeps one for each set of options
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      command: [name],
      environment: { SETTINGS: text },
      local: {
        tryBundle(outputDir) {
          const outfile = join(outputDir, 'index.js');
          const published = join(root, 'functions', name, 'index.js');
          if (existsSync(published)) copyFileSync(published, outfile);
          else bundleFunction(name, outfile);
          writeFileSync(join(outputDir, SETTINGS_FILE), text);
          return true;
        },
      },
    },
  });
}
