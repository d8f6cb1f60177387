import { App } from 'aws-cdk-lib';
import { OffboardingStack } from '../../lib/offboarding-stack.ts';
import { readStage } from '../../lib/stages.ts';

// The stage `test` as it is deployed, but for its name and the address of Workfront, which is a stand-in on this machine: no
// file of stages may name one. The emulator itself tells the functions where AWS is.
const stage = readStage('test');
const baseUrl = process.env.EMULATOR_WORKFRONT_URL ?? '';

new OffboardingStack(new App(), { stageName: 'emulator', stage: { ...stage, workfront: { ...stage.workfront, baseUrl } } });
