import { describe, expect, it } from '@jest/globals';
import type { HrRecord } from '../../lambda/domain/ports.ts';
import { aFieldStage, FIELD_SECRET } from '../support/a-field-stage.ts';
import { guid } from '../support/builders.ts';

const NOW = Date.parse('2026-11-28T19:00:00Z');
const ANA = { id: guid(1), emailAddr: 'ana@acme.test', extRefID: '10042', firstName: 'Ana', lastName: 'Silva' };
const ENTRA = { system: 'entra' };

const changeOf = (id: string, changes: object = {}) => ({
  id: `n-${id}`,
  subscriptionId: 's-1',
  clientState: FIELD_SECRET,
  changeType: 'updated',
  resource: `Users/${id}`,
  resourceData: { '@odata.type': '#Microsoft.Graph.User', id, sequenceNumber: 1 },
  ...changes,
});
const WORD = { subscriptionId: 's-1', clientState: FIELD_SECRET, lifecycleEvent: 'reauthorizationRequired' };

/** A stage that has Entra as its only source. @param says what Graph answers about the user `u1` */
function stage(says: Partial<HrRecord> | undefined, lookUps: string[] = ['entra']) {
  const field = aFieldStage({ sources: { entra: ENTRA }, users: [ANA], lookUps, now: NOW });
  const employee = { sourceId: 'u1', email: 'ana@acme.test', employeeNumber: '10042' };
  if (says !== undefined)
    field.desk.hr.says.set('u1', { employee, standing: 'employed', lastDay: undefined, startedOn: undefined, ...says });
  const send = (...value: unknown[]) => field.send('entra', JSON.stringify({ value }), { 'content-type': 'application/json' });
  return { ...field, send };
}

const contentOf = (kept: { bodyBase64: string } | undefined) => Buffer.from(kept?.bodyBase64 ?? '', 'base64').toString();

describe('a changed user of Entra', () => {
  it.each<[string, Partial<HrRecord> | undefined, string[], string[]]>([
    ['who has left', { standing: 'left', lastDay: { at: '2026-11-27T17:00:00Z' } }, ['deactivated'], [ANA.id]],
    ['who only has another telephone', {}, ['cancelled not-a-termination'], []],
    ['whose account is closed, and nobody knows why', { standing: 'unclear' }, ['held hr-contradicts'], []],
    ['who leaves next week', { lastDay: { at: '2026-12-04T17:00:00Z' } }, ['scheduled'], []],
    ['that the directory does not know', undefined, ['held hr-contradicts'], []],
  ])('%s', async (_, says, ends, deactivated) => {
    const { send, rests, ...field } = stage(says);

    expect(await send(changeOf('u1'))).toBe(202);
    expect(rests()).toEqual(ends);
    expect(field.deactivated()).toEqual(deactivated);
  });

  it('loses access at the moment that Entra has, and not if the date is withdrawn before', async () => {
    for (const [isWithdrawn, ends] of [
      [false, ['deactivated']],
      [true, ['cancelled not-a-termination']],
    ] as const) {
      const { send, moveTo, rests, desk } = stage({ lastDay: { at: '2026-12-04T17:00:00Z' } });
      await send(changeOf('u1'));
      const known = desk.hr.says.get('u1');
      if (known === undefined || known instanceof Error) throw new Error('expected what Graph says, got nothing');
      if (isWithdrawn) desk.hr.says.set('u1', { ...known, lastDay: undefined });
      await moveTo('2026-12-04T17:00:01Z');

      expect(rests()).toEqual(ends);
    }
  });

  it('is failed and visible where HR cannot be asked', async () => {
    const { send, rests } = stage(undefined, []);
    await send(changeOf('u1'));

    expect(rests()).toEqual(['failed unconfirmed']);
  });

  it('is asked about again after each change, also if nothing but the number of the change tells them apart', async () => {
    const { send, rests, desk } = stage({});
    const change = (sequenceNumber: number) =>
      changeOf('u1', { id: undefined, resourceData: { '@odata.type': '#Microsoft.Graph.User', id: 'u1', sequenceNumber } });
    await send(change(1));
    await send(change(1));
    desk.hr.says.set('u1', {
      employee: { sourceId: 'u1', email: 'ana@acme.test' },
      standing: 'left',
      lastDay: undefined,
      startedOn: undefined,
    });
    await send(change(2));

    expect(rests().at(-1)).toBe('deactivated');
  });

  it.each([
    ['an unknown kind of change is a question', { changeType: 'restored' }, 1],
    ['a path of another form is a user', { resource: "/users('u1')" }, 1],
    ['a created user is none', { changeType: 'created' }, 0],
    ['a change of nobody is none', { resource: undefined }, 0],
    ['a group is none', { resource: 'Groups/u1' }, 0],
    ["a user's message is none", { resource: 'Users/u1/Messages/m1' }, 0],
  ])('%s', async (_, changes, events) => {
    const { send, seen } = stage({});

    expect(await send(changeOf('u1', changes))).toBe(202);
    expect([seen.sent.length, seen.kept.length]).toEqual([events, 0]);
  });
});

describe('a delivery of Entra', () => {
  it.each([
    ['with another secret', [changeOf('u1', { clientState: 'another' })]],
    ['with a right and a wrong secret', [changeOf('u1'), changeOf('u2', { clientState: 'another' })]],
    ['with one that has none', [changeOf('u1'), changeOf('u2', { clientState: undefined })]],
    ['with a secret that is no text', [changeOf('u1', { clientState: [FIELD_SECRET] })]],
    ['with nothing', []],
    ['with a word alone that has another secret', [{ ...WORD, clientState: 'another' }]],
  ])('%s is refused and kept whole', async (_, value) => {
    const { send, seen } = stage({});

    expect(await send(...value)).toBe(401);
    expect([seen.sent, seen.kept]).toEqual([[], []]);
    expect(seen.forged).toMatchObject([{ detail: 'not every item of the body has the secret' }]);
    expect(contentOf(seen.forged[0])).toBe(JSON.stringify({ value }));
  });

  it('is accepted after the secret is corrected', async () => {
    const field = aFieldStage({ sources: { entra: ENTRA }, users: [ANA], now: NOW, secrets: ['the old one'] });
    await field.send('entra', JSON.stringify({ value: [changeOf('u1')] }), {});
    expect(await field.reverify('entra', ENTRA)).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('no secret of entra proves it'),
    });

    const { send, reverify, seen } = stage({});
    await send(changeOf('u1'), WORD);
    expect(seen.sent).toHaveLength(1);
    expect(await reverify('entra', ENTRA)).toMatchObject({
      kind: 'accepted',
      arrivals: [{}],
      leftOut: [expect.stringContaining('word of the subscription')],
    });
  });

  it.each(['reauthorizationRequired', 'subscriptionRemoved', 'missed'])(
    'with the word %s is kept without the secret, and rings',
    async (lifecycleEvent) => {
      const { send, seen } = stage({});

      expect(await send({ ...WORD, lifecycleEvent })).toBe(202);
      expect(seen.kept).toMatchObject([{ why: 'unreadable', detail: expect.stringContaining('renew it') }]);
      expect(seen.counts).toMatchObject({ Unreadable: 1 });
      expect(contentOf(seen.kept[0])).toBe(JSON.stringify({ value: [{ ...WORD, clientState: '', lifecycleEvent }] }));
    },
  );
});
