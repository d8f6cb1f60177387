import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findStage } from '../../../ops/deployment/stage.ts';

const OUTPUTS = {
  WebhooksUrl: 'https://api.example/webhooks',
  LedgerTable: 'ledger',
  LeaverQueueUrl: 'https://sqs.example/1/leavers',
  DeadLetterQueueUrl: 'https://sqs.example/1/dead',
  QuarantineQueueUrl: 'https://sqs.example/1/quarantine',
  ScheduleGroup: 'offboarding-test',
  WorkfrontSecret: 'offboarding/test/workfront',
  SourceSecrets: '{"hr":"offboarding/test/source/hr"}',
  ReceiverFunction: 'receiver',
  WorkerFunction: 'worker',
  AlarmTopicArn: 'arn:aws:sns:eu-west-1:1:alarms',
};
const TEMPLATE = {
  Resources: {
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: { Ref: 'x' } } },
    Receiver: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { STAGE: 'test' } } } },
    Worker: {
      Type: 'AWS::Lambda::Function',
      Metadata: { 'workfront-offboarding:settings': { POLICY: { brake: { perHour: 7 } } } },
      Properties: { Environment: { Variables: { T: { Ref: 'x' } } } },
    },
  },
};
const xml = (action: string, inner: string) => `<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** CloudFormation and STS on loopback, by their query protocol. */
describe('a stage', () => {
  let server: Server;
  let outputs: Record<string, string>;
  /** The stacks by name: those of the test have the same outputs. */
  let stacks: string[];
  let templateAllowed: boolean;
  const environment = { ...process.env };

  beforeEach(async () => {
    outputs = { ...OUTPUTS };
    stacks = ['workfront-offboarding-test'];
    templateAllowed = true;
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { status, text } = answer(new URLSearchParams(body));
      response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_CLOUDFORMATION: url,
      AWS_ENDPOINT_URL_STS: url,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
    });
  });
  afterEach(async () => {
    process.env = { ...environment };
    await new Promise((resolve) => server.close(resolve));
  });

  function answer(asked: URLSearchParams): { status: number; text: string } {
    const action = asked.get('Action') ?? '';
    const refusal = (code: string, message: string) => ({
      status: 400,
      text: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    });
    if (action === 'GetCallerIdentity') return { status: 200, text: xml(action, '<Arn>arn:aws:sts::1:assumed-role/Ops/ana</Arn>') };
    if (action === 'GetTemplate') {
      if (!templateAllowed) return refusal('AccessDenied', 'no');
      return { status: 200, text: xml(action, `<TemplateBody>${escaped(JSON.stringify(TEMPLATE))}</TemplateBody>`) };
    }
    const name = asked.get('StackName');
    const found = name === null ? stacks : stacks.filter((one) => one === name);
    if (name !== null && found.length === 0) return refusal('ValidationError', 'Stack with id x does not exist');
    const members = Object.entries(outputs).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`,
    );
    const inStack = found.map((one) => `<member><StackName>${one}</StackName><Outputs>${members.join('')}</Outputs></member>`);
    return { status: 200, text: xml(action, `<Stacks>${inStack.join('')}</Stacks>`) };
  }

  it('is found by the outputs of its stack, with the identity of the operator and its rules', async () => {
    const stage = await findStage({ stage: 'test', region: 'eu-west-1' });

    expect(stage).toMatchObject({
      name: 'test',
      region: 'eu-west-1',
      places: { ledgerTable: 'ledger', sourceSecrets: { hr: 'offboarding/test/source/hr' }, workerFunction: 'worker' },
    });
    expect(await stage.operator()).toBe('arn:aws:sts::1:assumed-role/Ops/ana');
    expect(await stage.policy()).toMatchObject({ brake: { perHour: 7, floorPerDay: 5 } });
  });

  it('has no rules for an operator who may not read its template', async () => {
    templateAllowed = false;

    expect(await (await findStage({ stage: 'test', region: 'eu-west-1' })).policy()).toBeUndefined();
  });

  it('whose stack has another name is found by the output Stage', async () => {
    stacks = ['acme-workfront-offboarding-test'];
    outputs = { ...OUTPUTS, Stage: 'test' };

    expect(await findStage({ stage: 'test', region: 'eu-west-1' })).toMatchObject({
      name: 'test',
      places: { stack: 'acme-workfront-offboarding-test', ledgerTable: 'ledger' },
    });
  });

  it('that several stacks have is refused, naming them', async () => {
    stacks = ['acme-one', 'acme-two'];
    outputs = { ...OUTPUTS, Stage: 'test' };

    await expect(findStage({ stage: 'test', region: 'eu-west-1' })).rejects.toThrow(
      'several stacks in eu-west-1 are of the stage test: acme-one, acme-two; give each stage one name only',
    );
  });

  it('that does not exist is refused, with what to check', async () => {
    await expect(findStage({ stage: 'gone', region: 'eu-west-1' })).rejects.toThrow(
      'there is no stack workfront-offboarding-gone in eu-west-1; check --stage, --region and AWS_PROFILE',
    );
  });

  it('whose stack lacks an output is refused, naming it', async () => {
    const { LedgerTable: _gone, ...rest } = outputs;
    outputs = rest;

    await expect(findStage({ stage: 'test', region: 'eu-west-1' })).rejects.toThrow(
      'outputs of stack workfront-offboarding-test: LedgerTable: expected a string',
    );
  });
});
