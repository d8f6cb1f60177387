import { describe, expect, it } from '@jest/globals';
import { findEvent, findEvents } from '../../../ops/events/find-event.ts';
import { noMatch } from '../../../ops/events/no-match.ts';
import { aDirectory, anArrival, aTermination } from '../../support/builders.ts';
import { aDeployment } from '../a-deployment.ts';

const SOURCE = 'acme-hr';

async function withEvents(...refs: { eventId: string; source?: string }[]) {
  const deployment = aDeployment({ users: aDirectory() });
  for (const ref of refs) await deployment.work({ ...anArrival(aTermination()), source: SOURCE, ...ref });
  return deployment;
}

describe('events named by their ids', () => {
  it('are found each once', async () => {
    const deployment = await withEvents({ eventId: 'one' }, { eventId: 'two' });

    const found = await findEvents(deployment, { eventIds: ['two', 'one', 'two'], source: undefined });

    expect(found.map(({ eventId }) => eventId).sort()).toEqual(['one', 'two']);
  });

  it('may be shortened, if exactly one event begins so, and never without being asked to', async () => {
    const deployment = await withEvents({ eventId: 'evt_90e6aa' }, { eventId: 'evt_90e7bb' });
    const find = (eventId: string, mayShorten: boolean) => findEvent(deployment, { eventId, source: undefined, mayShorten });

    expect((await find('evt_90e6', true)).eventId).toBe('evt_90e6aa');
    await expect(find('evt_90e', true)).rejects.toThrow('several events begin with evt_90e: ');
    await expect(find('evt', true)).rejects.toThrow('no event matches evt');
    await expect(find('evt_90e6', false)).rejects.toThrow('no event matches evt_90e6');
  });

  it('are refused together if any of them is unknown, with every unknown id and what to do', async () => {
    const deployment = await withEvents({ eventId: 'one' });

    await expect(findEvents(deployment, { eventIds: ['one', 'two', 'three'], source: undefined })).rejects.toThrow(
      'no event matches two, three, so nothing was done; look up the event id with list',
    );
    await expect(findEvent(deployment, { eventId: 'one', source: 'other' })).rejects.toThrow(
      'no event matches one of source other; look up the event id with list',
    );
  });

  it('need their source if several sources have the id', async () => {
    const deployment = await withEvents({ eventId: 'one' }, { eventId: 'one', source: 'hibob' });

    await expect(findEvent(deployment, { eventId: 'one', source: undefined })).rejects.toThrow(/each of the sources .*; add --source/);
    expect(await findEvent(deployment, { eventId: 'one', source: 'hibob' })).toMatchObject({ source: 'hibob' });
  });
});

describe('options that choose no event', () => {
  const places = { ...aDeployment({ users: [] }).places, sourceSecrets: { hibob: 'a', okta: 'b' } };

  it.each([
    [{}, 'No event matches'],
    [{ guard: 'brake', source: undefined }, 'No event matches --guard brake'],
    [{ status: 'held', employee: 'ana@acme.test' }, 'No event matches --status held --employee'],
    [{ source: 'okta' }, 'No event matches --source okta'],
    [{ source: 'hibbo' }, 'No event matches --source hibbo, and there is no source hibbo; did you mean hibob? Use one of hibob, okta'],
  ])('%j are named, without the leaver, and with the known sources if the source is unknown', (chosen, sentence) => {
    expect(noMatch(chosen, { places })).toBe(sentence);
  });
});
