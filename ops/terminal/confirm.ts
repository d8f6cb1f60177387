import { Usage } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/**
 * Asks whether to go on, unless `--yes` says so.
 *
 * @throws Usage if there is no `--yes` and nobody can be asked
 */
export async function confirmed(question: string, { yes, terminal }: { yes: boolean | undefined; terminal: Terminal }): Promise<boolean> {
  if (yes) return true;
  if (!terminal.interactive) throw new Usage(`nobody can be asked outside a terminal; add --yes if the answer is yes: ${question}`);
  if (await terminal.ask(question)) return true;
  terminal.say('Nothing was done.');
  return false;
}
