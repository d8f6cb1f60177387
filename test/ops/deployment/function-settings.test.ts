import { afterEach, expect, it } from '@jest/globals';
import { functionSettings } from '../../../ops/deployment/function-settings.ts';
import { synthesise } from '../../infra/synthesise.ts';
import { aDeployment } from '../a-deployment.ts';
import { type AwsOnLoopback, startAws } from '../aws-on-loopback.ts';

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const environment = { ...process.env };
let cloudFormation: AwsOnLoopback;

afterEach(async () => {
  process.env = { ...environment };
  await cloudFormation.close();
});

it('the settings of the functions of a stage are those of its deployed template', async () => {
  const sources = { hr: { scheme: { kind: 'standard-webhooks' } }, okta: { system: 'okta' } } as const;
  const template = JSON.stringify(synthesise('production', { sources }).toJSON());
  cloudFormation = await startAws(
    () =>
      `<GetTemplateResponse><GetTemplateResult><TemplateBody>${escaped(template)}</TemplateBody></GetTemplateResult></GetTemplateResponse>`,
  );
  const { url, asked } = cloudFormation;
  Object.assign(process.env, { AWS_ENDPOINT_URL_CLOUDFORMATION: url, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'example' });
  const { places } = aDeployment({ users: [] });

  const settings = await functionSettings({
    name: 'production',
    region: 'eu-west-1',
    places: { ...places, stack: 'workfront-offboarding-production', workerFunction: 'worker' },
  });

  expect(settings).toMatchObject({
    SOURCES: {
      hr: { scheme: { kind: 'standard-webhooks' }, secretId: 'workfront-offboarding-production/source/hr' },
      okta: { system: 'okta' },
    },
    WORKFRONT_BASE_URL: expect.stringMatching(/^https:/),
    WORKFRONT_API_VERSION: expect.stringMatching(/^v\d+\.0$/),
  });
  expect(asked[0]?.input).toContain('StackName=workfront-offboarding-production');
}, 30_000);
