import { Usage } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/**
 * Whether it may be done: said by `--yes`, else asked.
 *
 * @throws Usage where it was not said and nobody can be asked
 */
export async function confirmed(question: string, { yes, terminal }: { yes: boolean | undefined; terminal: Terminal }): Promise<boolean> {
  if (yes) return true;
  if (!terminal.interactive) throw new Usage(`expected --yes where nobody can be asked: ${question}`);
  if (await terminal.ask(question)) return true;
  terminal.say('Nothing was done.');
  return false;
}
