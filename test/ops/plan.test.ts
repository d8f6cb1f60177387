import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { claim } from '../../ops/commands/apply.ts';
import { type DigestedPlan, readPlan, writePlan } from '../../ops/orders/plan-file.ts';
import { recordPlan } from '../../ops/orders/plan-record.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDeployment, type TestDeployment } from './a-deployment.ts';

describe('a plan', () => {
  let deployment: TestDeployment;
  let directory: string;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'plans-'));
    deployment = aDeployment({ users: aDirectory({ id: guid(1), isAdmin: true }) });
    await deployment.work(anArrival(aTermination()));
  });

  async function planned({ secondAbove = 20, name = 'test' } = {}): Promise<DigestedPlan> {
    const [entry] = await deployment.ledger.byEventId('evt-1');
    const { source, eventId, version, status, receivedAt } = entry ?? {
      source: '',
      eventId: '',
      version: 0,
      status: 'held',
      receivedAt: '',
    };
    const plan = writePlan(join(directory, 'plan.json'), {
      v: 1,
      deployment: { name, ledgerTable: 'ledger' },
      kind: 'release',
      reason: 'HR confirmed it',
      by: await deployment.operator(),
      at: '2026-11-24T12:00:00.000Z',
      secondAbove,
      events: [{ source, eventId, version, status, receivedAt, does: 'deactivates' }],
    });
    await recordPlan(plan, deployment);
    return plan;
  }

  it('is a file for its writer alone, found by name or digest', async () => {
    const plan = await planned();

    expect(statSync(join(directory, 'plan.json')).mode & 0o777).toBe(0o600);
    expect(readPlan(join(directory, 'plan.json'), '.')).toEqual(plan);
    expect(readPlan(plan.digest, directory)).toEqual(plan);
  });

  it('is never written over another', async () => {
    await planned();

    await expect(planned()).rejects.toThrow(/is there already/);
  });

  it('that was changed in its file is not applied', async () => {
    await planned();
    const file = join(directory, 'plan.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('HR confirmed it', 'HR confirmed'));

    expect(() => readPlan(file, '.')).toThrow(/was changed after it was written/);
  });

  it('yields its events as long as they are as they were', async () => {
    expect(await claim(await planned(), deployment)).toMatchObject([{ eventId: 'evt-1', status: 'held' }]);
  });

  it('is refused where one of its events changed', async () => {
    const plan = await planned();
    const [entry] = await deployment.ledger.byEventId('evt-1');
    if (entry !== undefined) await deployment.ledger.writeEntry(entry);

    await expect(claim(plan, deployment)).rejects.toThrow(/nothing was done: 1 events have changed/);
  });

  it('is applied once', async () => {
    const plan = await planned();
    await claim(plan, deployment);

    await expect(claim(plan, deployment)).rejects.toThrow(/applied before/);
  });

  it('is applied once also where two do it at the same moment', async () => {
    const plan = await planned();

    const both = await Promise.allSettled([claim(plan, deployment), claim(plan, deployment)]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('of another deployment is refused', async () => {
    await expect(claim(await planned({ name: 'production' }), deployment)).rejects.toThrow(/the plan is for production/);
  });

  it('that the ledger does not know is refused', async () => {
    const plan = await planned();

    await expect(claim(plan, aDeployment({ users: aDirectory({}) }))).rejects.toThrow(/knows no such plan/);
  });

  it('that claims another planner than the ledger knows is refused', async () => {
    const plan = await planned({ secondAbove: 0 });

    await expect(claim({ ...plan, by: 'somebody' }, deployment)).rejects.toThrow(/knows no such plan/);
  });

  it('above its number needs another operator than the planner', async () => {
    const plan = await planned({ secondAbove: 0 });

    await expect(claim(plan, deployment)).rejects.toThrow(/applied by somebody else/);
    deployment.me = 'arn:aws:sts::111122223333:assumed-role/Ops/bo';
    expect(await claim(plan, deployment)).toHaveLength(1);
  });
});
