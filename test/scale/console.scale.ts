import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startConsole } from '../browser/started-console.ts';
import { aDataDir, type StartedSystem, startSystem } from '../support/started-system.ts';
import { MINUTES_APART, putManyEvents } from './many-events.ts';
import { FEW, HEAP_MB, HEAP_OPTIONS, MANY, SLACK_MB } from './memory.ts';

const PAGES_WALKED = 20;

describe(`the console over ${MANY} events, in a heap of ${HEAP_MB} MB`, () => {
  let system: StartedSystem;

  beforeAll(async () => {
    const dataDir = aDataDir();
    await putManyEvents(dataDir, MANY, Date.now());
    system = await startSystem({ dataDir, users: 10 });
  }, 600_000);
  afterAll(async () => {
    await system.stop();
  });

  it('opens each page and sends the whole report, and needs no more memory than over few events', async () => {
    const few = await visit(system, (FEW * MINUTES_APART) / 60);
    const many = await visit(system, 2 + (MANY * MINUTES_APART) / 60);

    console.log(`console: ${few.reported} events in at most ${few.peakMb} MB; ${many.reported} events in at most ${many.peakMb} MB`);
    expect(many).toMatchObject({ statuses: [200], listed: PAGES_WALKED * 50, reported: MANY });
    expect(few.reported).toBeGreaterThan(FEW / 2);
    expect(many.peakMb).toBeLessThan(few.peakMb + SLACK_MB);
  }, 900_000);
});

/** Opens every page on the events of a period, and counts what was listed and reported. */
async function visit({ dataDir }: StartedSystem, hours: number) {
  const { entrance, origin, interrupt, errors } = await startConsole(dataDir, HEAP_OPTIONS);
  const since = `since=${Math.ceil(hours)}h`;
  const statuses = new Set<number>();
  let cookie = '';
  const get = async (path: string) => {
    const answer = await fetch(origin + path, { headers: { cookie } });
    statuses.add(answer.status);
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return answer;
  };
  await (await get(entrance.slice(origin.length))).text();
  for (const path of ['/', '/decide', '/find', '/trouble', `/report?${since}`]) await (await get(path)).text();

  const listed = new Set<string>();
  let path = `/events?${since}`;
  for (let page = 0; page < PAGES_WALKED; page++) {
    const text = await (await get(path)).text();
    for (const [, id = ''] of text.matchAll(/id=(evt-\d+)/g)) listed.add(id);
    path = /<a href="(\/events\?[^"]+)">Earlier/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? path;
  }
  // Without the line of the titles.
  let reported = -1;
  const { body } = await get(`/report/file?${since}&format=csv`);
  if (body !== null) for await (const chunk of body.pipeThrough(new TextDecoderStream())) reported += chunk.split('\n').length - 1;
  await interrupt();
  return {
    statuses: [...statuses],
    listed: listed.size,
    reported,
    peakMb: Math.round(Number(/^peak (\d+)$/m.exec(errors())?.[1]) / 1024),
  };
}
