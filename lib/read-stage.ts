import { InvalidInput } from '../lambda/domain/failures.ts';
import { parseSettings } from './settings/parse-settings.ts';
import { readStagesFile } from './settings/stages-file.ts';
import { type Stage, stagesFile } from './stage.ts';
import { stages as examples } from './stages.ts';

/** The stages for everybody who has no file yet. */
const EXAMPLES = { file: 'lib/stages.ts', stages: examples };

/** Whether the stage still has the address that lib/stages.ts is delivered with. */
export const isExample = ({ workfront }: Pick<Stage, 'workfront'>): boolean => new URL(workfront.baseUrl).hostname.startsWith('acme.');

/**
 * Checks all stages, also those that are not asked for, and fills in every default.
 *
 * @throws InvalidInput one line that names the wrong place in the file, or the stage that is missing there
 */
export function readStage(name: string, stages: unknown, file = EXAMPLES.file): Stage {
  const parsed = parseSettings(stagesFile, { stages }, file).stages;
  const stage = Object.hasOwn(parsed, name) ? parsed[name] : undefined;
  if (stage !== undefined) return stage;

  throw new InvalidInput(`stage: expected ${Object.keys(parsed).join(' or ')}, got ${JSON.stringify(name)}; see ${file}`);
}

/**
 * Finds a stage in the file that is named, or in the one that is there by convention, or among the examples.
 *
 * @throws InvalidInput as `readStage`, and if the file cannot be read
 */
export async function findStageSettings({
  name,
  file,
}: {
  name: string;
  file: string | undefined;
}): Promise<{ file: string; stage: Stage }> {
  const written = (await readStagesFile(file)) ?? EXAMPLES;
  return { file: written.file, stage: readStage(name, written.stages, written.file) };
}
