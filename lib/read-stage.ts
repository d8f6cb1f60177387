import { InvalidInput } from '../lambda/domain/failures.ts';
import { parse } from '../lambda/domain/parse.ts';
import { type Stage, stagesFile } from './stage.ts';

/** Whether the stage still has the address that lib/stages.ts is delivered with. */
export const isExample = ({ workfront }: Stage): boolean => new URL(workfront.baseUrl).hostname.startsWith('acme.');

/**
 * Checks all stages, also those that are not asked for, and fills in every default.
 *
 * @throws InvalidInput one line that names the wrong place in lib/stages.ts, or the stage that is missing there
 */
export function readStage(name: string, stages: unknown): Stage {
  const parsed = parse(stagesFile, { stages }, 'lib/stages.ts').stages;
  const stage = Object.hasOwn(parsed, name) ? parsed[name] : undefined;
  if (stage !== undefined) return stage;

  throw new InvalidInput(`stage: expected ${Object.keys(parsed).join(' or ')}, got ${JSON.stringify(name)}; see lib/stages.ts`);
}
