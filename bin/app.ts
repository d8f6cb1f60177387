import { InvalidInput } from '../lambda/domain/failures.ts';
import { unsupportedVersion } from '../lambda/workfront/api-version.ts';
import { checkedApp } from '../lib/checked-app.ts';
import { OffboardingStack } from '../lib/offboarding-stack.ts';
import { findStageSettings, isExample } from '../lib/read-stage.ts';

const app = checkedApp();
const stageName = String(app.node.tryGetContext('stage') ?? 'test');
const named: unknown = app.node.tryGetContext('stages');

try {
  const { file, stage } = await findStageSettings({ name: stageName, file: named === undefined ? undefined : String(named) });
  if (isExample(stage))
    console.error(
      `${stage.workfront.baseUrl} is the example's Workfront; put your own address into ${file === 'lib/stages.ts' ? 'stages.json (npm run ops -- init writes it)' : file} before you set the secret`,
    );
  const warning = unsupportedVersion(stage.workfront.apiVersion, Date.now());
  if (warning !== undefined) console.error(`${file}: ${warning}`);
  new OffboardingStack(app, { stageName, stage });
} catch (error) {
  if (!(error instanceof InvalidInput)) throw error;
  console.error(error.message);
  process.exit(1);
}
