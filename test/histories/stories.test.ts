import { describe, expect, it } from '@jest/globals';
import { play } from './run/play.ts';
import { STORIES, storyAlone } from './stories/make-scenario.ts';

/** Each time with other details. */
const TIMES = 60;

async function rulesBroken(story: string): Promise<Set<string>> {
  const broken = new Set<string>();
  for (let number = 0; number < TIMES; number++) {
    const { violations } = await play(storyAlone(story, number));
    for (const { rule } of violations) broken.add(rule);
  }
  return broken;
}

describe('each story, told alone and in calm', () => {
  it.each(STORIES.map(({ name }) => name))('%s: nothing wrong is done', async (name) => {
    expect([...(await rulesBroken(name))]).toEqual([]);
  });
});
