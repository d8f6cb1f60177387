import { InvalidInput } from '../lambda/domain/failures.ts';
import { checkedApp } from '../lib/checked-app.ts';
import { OffboardingStack } from '../lib/offboarding-stack.ts';
import { readStage } from '../lib/stages.ts';

const app = checkedApp();
const stageName = String(app.node.tryGetContext('stage') ?? 'test');

try {
  new OffboardingStack(app, { stageName, stage: readStage(stageName) });
} catch (error) {
  if (!(error instanceof InvalidInput)) throw error;
  console.error(error.message);
  process.exit(1);
}
