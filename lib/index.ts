/** What the published package has: the product as one construct for somebody's own CDK app. */
export { WorkfrontOffboarding, type WorkfrontOffboardingProps } from './offboarding-stack.ts';
export type { StageInput } from './stage.ts';
