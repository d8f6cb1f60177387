import { describe, expect, it } from '@jest/globals';
import { pauseRecord } from '../../../lambda/domain/stage/gate.ts';
import { pauseIfRestored } from '../../../lambda/domain/stage/restored-ledger.ts';
import { STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';

const newDesk = () => aDesk({ users: [] });
const pauseOf = async ({ ledger }: TestDesk) => (await ledger.readRecord(STAGE_KEYS.pause, pauseRecord))?.value.paused;
const resume = ({ ledger }: TestDesk) => ledger.records.delete(STAGE_KEYS.pause);

describe('a ledger that was put in place of another', () => {
  it('pauses the stage once, so that a person can resume', async () => {
    const desk = newDesk();
    await pauseIfRestored('restored-1', desk);
    expect((await pauseOf(desk))?.reason).toBe(
      'the ledger is the restored table restored-1; see docs/runbook.md, "The table was restored"',
    );

    resume(desk);
    await pauseIfRestored('restored-1', desk);
    expect(await pauseOf(desk)).toBeUndefined();
  });

  it('pauses it again for another table, and for none that it knew before', async () => {
    const desk = newDesk();
    await pauseIfRestored('restored-1', desk);
    resume(desk);
    await pauseIfRestored('restored-2', desk);
    expect(await pauseOf(desk)).toBeDefined();

    resume(desk);
    for (const table of ['restored-1', 'restored-2']) await pauseIfRestored(table, desk);
    expect(await pauseOf(desk)).toBeUndefined();
    expect(desk.ledger.records.get(STAGE_KEYS.restored)?.value).toEqual({ tables: ['restored-1', 'restored-2'] });
  });

  it('is noted as paused only after it is', async () => {
    const desk = newDesk();
    const { writeRecord } = desk.ledger;
    desk.ledger.writeRecord = (key, record) =>
      key === STAGE_KEYS.pause ? Promise.reject(new Error('no answer')) : writeRecord.call(desk.ledger, key, record);

    await expect(pauseIfRestored('restored-1', desk)).rejects.toThrow('no answer');
    expect(desk.ledger.records.has(STAGE_KEYS.restored)).toBe(false);
  });

  it('is noted once although two workers find it at the same time', async () => {
    const desk = newDesk();
    await Promise.all([pauseIfRestored('restored-1', desk), pauseIfRestored('restored-1', desk)]);

    expect(desk.ledger.records.get(STAGE_KEYS.restored)?.value).toEqual({ tables: ['restored-1'] });
  });
});
