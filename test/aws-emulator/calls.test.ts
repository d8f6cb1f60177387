import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { synthesise } from '../infra/synthesise.ts';
import { grantedTo, neededBy, unusedBy } from './calls.ts';

const template = synthesise('test');
const page = readFileSync('docs/emulator.md', 'utf8');

describe('the list of grants that no step uses', () => {
  it.each(['receiver', 'worker'] as const)('names only what the %s is granted, each once', (one) => {
    const listed = unusedBy(one, page);

    expect(listed.length).toBeGreaterThan(0);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.filter((grant) => !grantedTo(one, template).includes(grant))).toEqual([]);
  });

  it('leaves out what decides about a leaver: every step of it is used', () => {
    const used = grantedTo('worker', template).filter((grant) => !unusedBy('worker', page).includes(grant));

    expect(used).toEqual(
      expect.arrayContaining([
        'dynamodb:PutItem LedgerTable',
        'dynamodb:Query LedgerTable/index/by-status',
        'scheduler:CreateSchedule',
        'scheduler:DeleteSchedule',
        'secretsmanager:GetSecretValue SecretsWorkfront',
        'sqs:ChangeMessageVisibility LeaverQueue',
      ]),
    );
  });
});

describe('a call', () => {
  const idOf = (named: string) => named.toUpperCase();

  it.each([
    [{ service: 'sqs', name: 'SendMessageBatch', QueueUrl: 'http://127.0.0.1/1/leavers' }, 'sqs:SendMessage LEAVERS'],
    [{ service: 'dynamodb', name: 'Query', TableName: 'ledger', IndexName: 'by-status' }, 'dynamodb:Query LEDGER/index/by-status'],
    [{ service: 'secretsmanager', name: 'GetSecretValue', SecretId: 'stage/workfront' }, 'secretsmanager:GetSecretValue STAGE/WORKFRONT'],
    [{ service: 'scheduler', name: 'DELETE.scheduler' }, 'scheduler:DeleteSchedule'],
    [{ service: 'events', name: 'PutEvents' }, 'events:PutEvents'],
  ])('%j needs %s', (call, need) => {
    expect(neededBy({ key: 'ASIA', ...call }, idOf)).toBe(need);
  });
});
