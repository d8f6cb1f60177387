import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { parse } from '../../lambda/domain/parse.ts';
import { type SourceConfig, sourceConfigs } from '../../lambda/sources/systems/registry.ts';

/** The code blocks of one section of a source's page, unchanged. */
function blocks(page: string, section: string): string[] {
  const text = readFileSync(new URL(`../../docs/${page}.md`, import.meta.url), 'utf8');
  const [, found = ''] = text.split(`\n## ${section}\n`);
  return [...(found.split('\n## ')[0] ?? '').matchAll(/```\w+\n([\s\S]*?)\n```/g)].map(([, block = '']) => block);
}

/** The samples of a source's page: the bytes that HR sends. */
export const samplesOf = (page: string): string[] => blocks(`sources/${page}`, 'A delivery');

/** The code blocks about asking a system's API; the first one is the setting of a stage. */
export const lookUpOf = (page: string): string[] => blocks(`sources/${page}`, 'Look-up');

/** The canonical event: the first sample in docs/webhook.md. */
export const canonicalSample = (): string => blocks('webhook', 'The event')[0] ?? '';

const stagePart = z.object({
  sources: z.record(z.string(), z.looseObject({ lookUp: z.optional(z.unknown()) })),
  policy: z.looseObject({}).default({}),
});

/** What a source's page says to write into a stage: a source alone, or the source with the rules that it needs. */
export const stagePartsOf = (page: string): z.infer<typeof stagePart>[] =>
  blocks(`sources/${page}`, 'In the stage').map((block) => {
    const written: unknown = JSON.parse(block);
    const isWhole = stagePart.safeParse(written);
    return isWhole.success ? isWhole.data : stagePart.parse({ sources: { [page]: written } });
  });

/** The configuration in a source's page, as the receiver gets it. */
export function configsOf(page: string, secretId: string): SourceConfig[] {
  return stagePartsOf(page).map(({ sources }) => {
    const { lookUp: _, ...written } = sources[page] ?? {};
    const { one } = parse(sourceConfigs, { one: { ...written, secretId } }, page);
    if (one === undefined) throw new Error('the page has no configuration; add the block of code');
    return one;
  });
}
