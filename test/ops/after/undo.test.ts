import { describe, expect, it } from '@jest/globals';
import { PermanentFailure } from '../../../lambda/domain/failures.ts';
import { previewLines, type UndoPreview } from '../../../ops/after/undo-preview.ts';
import { awaitOutcomes } from '../../../ops/orders/await-outcomes.ts';
import { carryOut } from '../../../ops/orders/carry-out.ts';
import { exitOf, printDeeds } from '../../../ops/orders/print-deeds.ts';
import { EXIT } from '../../../ops/terminal/exit-code.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';
import { silent } from '../run-in-process.ts';

const ORDER = { kind: 'undo' as const, reason: 'HR meant another Ana' };
const signal = new AbortController().signal;

async function anaIsOut(): Promise<TestDeployment> {
  const deployment = aDeployment({ users: aDirectory({ id: guid(1) }) });
  await deployment.work(anArrival(aTermination()));
  deployment.desk.now += 1000;
  return deployment;
}

async function ordered(deployment: TestDeployment, seconds = 5) {
  const entries = await deployment.ledger.byEventId('evt-1');
  const begun = await carryOut(entries, ORDER, { deployment, signal, onStep: () => undefined });
  const deeds = await awaitOutcomes(begun, { deployment, signal, seconds, onStep: () => undefined });
  const printed: string[] = [];
  await printDeeds(deeds, { json: true, none: '', terminal: { ...silent(), print: async (text) => void printed.push(text) } });
  return { did: deeds[0]?.did, exit: exitOf(deeds, { waited: true }), shown: JSON.parse(printed.join('')) };
}

describe('an order to undo', () => {
  it('is carried out by the worker, and recorded with who gave it', async () => {
    const deployment = await anaIsOut();

    const { did, exit, shown } = await ordered(deployment);

    expect({ did, exit }).toEqual({ did: 'sent', exit: EXIT.done });
    expect(shown).toMatchObject([{ was: 'deactivated', status: 'undone', why: expect.stringContaining('HR meant another Ana') }]);
    const [entry] = await deployment.ledger.byEventId('evt-1');
    expect(entry?.history.at(-1)?.by).toBe(deployment.me);
  });

  it('says what Workfront refused, fails, and can be ordered again', async () => {
    const deployment = await anaIsOut();
    const { reactivate } = deployment.desk.directory;
    deployment.desk.directory.reactivate = async () => {
      throw new PermanentFailure('address-taken', 'another active user has the address; deactivate that user');
    };

    const first = await ordered(deployment);
    deployment.desk.directory.reactivate = reactivate;
    deployment.desk.now += 1000;
    const second = await ordered(deployment);

    expect(first.exit).toBe(EXIT.failed);
    expect(first.shown).toMatchObject([
      { status: 'deactivated', why: expect.stringMatching(/^refused: address-taken: another active user/) },
    ]);
    expect(second).toMatchObject({ exit: EXIT.done, shown: [{ status: 'undone' }] });
  });

  it('is not done yet if the worker has only noted something beside it', async () => {
    const deployment = await anaIsOut();
    deployment.queue.send = async () => {
      const [entry] = await deployment.ledger.byEventId('evt-1');
      if (entry) await deployment.ledger.writeEntry({ ...entry, impact: { at: entry.updatedAt, counts: {}, unknown: [] } });
    };
    const { clock } = deployment;
    // Each look at the clock is a second later, so that the wait ends.
    let looks = 0;
    deployment.clock = () => clock() + 1000 * looks++;

    expect((await ordered(deployment, 3)).exit).toBe(EXIT.failed);
  });

  it.each(['already-inactive', 'held', 'scheduled', 'no-account', 'accepted'] as const)(
    'is refused for what we did not do: %s',
    async (status) => {
      const deployment = await anaIsOut();
      const [entry] = await deployment.ledger.byEventId('evt-1');
      if (entry) await deployment.ledger.writeEntry({ ...entry, status });

      expect(await ordered(deployment)).toMatchObject({ did: 'refused', exit: EXIT.failed });
      expect(deployment.desk.directory.users.get(guid(1))?.isActive).toBe(false);
    },
  );
});

describe('what an undo would do', () => {
  const preview: UndoPreview = {
    eventId: 'evt-1',
    userId: guid(1),
    link: undefined,
    isActive: false,
    givenBack: [{ field: 'accessLevelID', before: 'a', now: undefined }],
    stays: [{ field: 'roleID', before: 'b', now: 'c' }],
    isRemembered: true,
    others: [{ source: 'other-hr', eventId: 'evt-2', status: 'already-inactive' }],
    trouble: undefined,
  };

  it('is shown before it is asked about: what comes back, what stays, who else says that they leave', () => {
    const lines = previewLines(preview);

    expect(lines).toContain('given back     accessLevelID   a');
    expect(lines).toContain('stays          roleID          c; it was b before');
    expect(lines).toContain('leaves too by  event evt-2 of other-hr, already-inactive: HR may not agree with the undo');
    expect(lines.join('\n')).toContain('product profile in the Adobe Admin Console');
  });

  it('says so if nothing is remembered, and if Workfront cannot be read', () => {
    const lines = previewLines({
      ...preview,
      isActive: undefined,
      givenBack: [],
      isRemembered: false,
      trouble: 'you may not read the secret',
    });

    expect(lines[0]).toContain('could not be read');
    expect(lines).toContain('trouble        you may not read the secret');
    expect(lines.join('\n')).toContain('nothing: what the user had before was not recorded');
  });
});
