import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { dynamoLedger, type EntryList } from '../lambda/aws/ledger.ts';
import { PermanentFailure } from '../lambda/domain/failures.ts';
import { parseJson } from '../lambda/domain/parse.ts';
import type { Ledger } from '../lambda/domain/ports.ts';

/** Where the ops commands work: the local system, or a deployed stage. */
export interface Deployment {
  ledger: Ledger & EntryList;
}

/** How the deployment is named on the command line. */
export interface Where {
  local?: boolean;
  data: string;
}

/** @throws PermanentFailure with what to do, where there is no such deployment */
export function openDeployment({ local, data }: Where): Deployment {
  if (!local) throw new PermanentFailure('no-deployment', 'wanted --local, came nothing that names a deployment');

  const environment = localEnvironment(data);
  Object.assign(process.env, environment);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(), { marshallOptions: { removeUndefinedValues: true } });
  return { ledger: dynamoLedger({ client, table: environment.LEDGER_TABLE ?? '', keepDays: 400, clock: Date.now }) };
}

function localEnvironment(data: string): Record<string, string> {
  const file = join(data, 'environment.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new PermanentFailure('no-local-system', `wanted ${file} of a local system, found none, run npm start first`);
  }
  return parseJson(z.record(z.string(), z.string()), text, file);
}
