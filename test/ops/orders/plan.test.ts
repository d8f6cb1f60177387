import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { claimPlan } from '../../../ops/orders/claim-plan.ts';
import { type DigestedPlan, readPlan, writePlan } from '../../../ops/orders/plan-file.ts';
import { recordPlan } from '../../../ops/orders/plan-record.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';

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

  it('is a file that only its writer can read, found by name or digest', async () => {
    const plan = await planned();

    expect(statSync(join(directory, 'plan.json')).mode & 0o777).toBe(0o600);
    expect(readPlan({ named: join(directory, 'plan.json'), directory: '.' })).toEqual(plan);
    expect(readPlan({ named: plan.digest, directory })).toEqual(plan);
  });

  it('never overwrites another plan', async () => {
    await planned();

    await expect(planned()).rejects.toThrow(/this one exists/);
  });

  it('is refused if its file was changed', async () => {
    await planned();
    const file = join(directory, 'plan.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('HR confirmed it', 'HR confirmed'));

    expect(() => readPlan({ named: file, directory: '.' })).toThrow(/was changed after it was written/);
  });

  it('has its events if none of them has changed', async () => {
    expect(await claimPlan(await planned(), deployment)).toMatchObject([{ eventId: 'evt-1', status: 'held' }]);
  });

  it('is refused if one of its events has changed', async () => {
    const plan = await planned();
    const [entry] = await deployment.ledger.byEventId('evt-1');
    if (entry !== undefined) await deployment.ledger.writeEntry(entry);

    await expect(claimPlan(plan, deployment)).rejects.toThrow(/1 events have changed since, nothing was done; plan again/);
  });

  it('is applied once', async () => {
    const plan = await planned();
    await claimPlan(plan, deployment);

    await expect(claimPlan(plan, deployment)).rejects.toThrow(/already applied this plan/);
  });

  it('is applied once even if two people apply it at the same moment', async () => {
    const plan = await planned();

    const both = await Promise.allSettled([claimPlan(plan, deployment), claimPlan(plan, deployment)]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is refused by another deployment', async () => {
    await expect(claimPlan(await planned({ name: 'production' }), deployment)).rejects.toThrow(/the plan is for production/);
  });

  it('is refused if the ledger does not know it', async () => {
    const plan = await planned();

    await expect(claimPlan(plan, aDeployment({ users: aDirectory({}) }))).rejects.toThrow(/has no such plan/);
  });

  it('is refused if its file names another planner than the ledger', async () => {
    const plan = await planned({ secondAbove: 0 });

    await expect(claimPlan({ ...plan, by: 'somebody' }, deployment)).rejects.toThrow(/has no such plan/);
  });

  it('above its number needs another operator than the planner', async () => {
    const plan = await planned({ secondAbove: 0 });

    await expect(claimPlan(plan, deployment)).rejects.toThrow(/someone other than .* must apply it/);
    deployment.me = 'arn:aws:sts::111122223333:assumed-role/Ops/bo';
    expect(await claimPlan(plan, deployment)).toHaveLength(1);
  });
});
