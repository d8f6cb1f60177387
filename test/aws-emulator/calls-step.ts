import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, GetTemplateCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { type FunctionName, grantedTo, type MadeCall, madeCall, neededBy, unusedBy } from './calls.ts';
import { STACK } from './emulator.ts';
import { PYTHON } from './install-emulator.ts';
import { orThrow, type Shell } from './shell.ts';
import type { Step } from './story.ts';

const PAGE = 'docs/emulator.md';

const template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Properties: z.looseObject({ Name: z.unknown().optional() }).optional() })),
});

/** Compares the calls of the functions with their policies: none that is not granted, and every grant is used or listed as not used. */
export function callsStep(shell: Shell): Step {
  return [
    'the functions made the calls that their roles allow, and those that they never made are listed',
    async () => {
      const deployed = await deployedTemplate();
      const idOf = await namesOf(deployed);
      const calls = orThrow(await shell.run(PYTHON, [join(import.meta.dirname, 'calls.py')]), 'reading the calls')
        .trim()
        .split('\n')
        .map((line) => madeCall.parse(JSON.parse(line)));
      const page = readFileSync(PAGE, 'utf8');
      const compared = (['receiver', 'worker'] as const).map((one) => {
        const used = new Set(ofOne(one, calls).map((call) => neededBy(call, idOf)));
        const granted = grantedTo(one, Template.fromJSON(deployed));
        return {
          notGranted: [...used].filter((need) => !granted.includes(need)),
          notListed: granted.filter((grant) => !used.has(grant) && !unusedBy(one, page).includes(grant)),
          listedButUsed: unusedBy(one, page).filter((grant) => used.has(grant)),
        };
      });
      // Of the receiver, then of the worker: the difference is printed.
      const nothing = { notGranted: [], notListed: [], listedButUsed: [] };
      assert.deepEqual(compared, [nothing, nothing]);
      return `${calls.length} kinds of calls`;
    },
  ];
}

/** Only the worker asks DynamoDB, and each function has one access key in a run. */
function ofOne(one: FunctionName, calls: readonly MadeCall[]): MadeCall[] {
  const workers = new Set(calls.filter(({ service }) => service === 'dynamodb').map(({ key }) => key));
  return calls.filter(({ key }) => workers.has(key) === (one === 'worker'));
}

async function deployedTemplate() {
  const { TemplateBody = '' } = await new CloudFormationClient().send(new GetTemplateCommand({ StackName: STACK }));
  return template.parse(JSON.parse(TemplateBody));
}

/** Finds the logical id, without its hash, of what a call names. */
async function namesOf({ Resources }: z.output<typeof template>): Promise<(named: string) => string> {
  const { StackResourceSummaries = [] } = await new CloudFormationClient().send(new ListStackResourcesCommand({ StackName: STACK }));
  const ids = new Map(
    StackResourceSummaries.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [
      PhysicalResourceId.split('/').at(-1) ?? '',
      LogicalResourceId,
    ]),
  );
  for (const [id, { Properties }] of Object.entries(Resources)) if (typeof Properties?.Name === 'string') ids.set(Properties.Name, id);
  return (named) => (ids.get(named) ?? named).replace(/[0-9A-F]{8}$/, '');
}
