import { InvalidInput } from '../lambda/domain/failures.ts';
import { unsupportedVersion } from '../lambda/workfront/api-version.ts';
import { checkedApp } from '../lib/checked-app.ts';
import { OffboardingStack } from '../lib/offboarding-stack.ts';
import { isExample, readStage } from '../lib/read-stage.ts';
import { stages } from '../lib/stages.ts';

const app = checkedApp();
const stageName = String(app.node.tryGetContext('stage') ?? 'test');

try {
  const stage = readStage(stageName, stages);
  if (isExample(stage))
    console.error(
      `${stage.workfront.baseUrl} is the example's Workfront; put your own address into lib/stages.ts before you set the secret`,
    );
  const warning = unsupportedVersion(stage.workfront.apiVersion, Date.now());
  if (warning !== undefined) console.error(`lib/stages.ts: ${warning}`);
  new OffboardingStack(app, { stageName, stage });
} catch (error) {
  if (!(error instanceof InvalidInput)) throw error;
  console.error(error.message);
  process.exit(1);
}
