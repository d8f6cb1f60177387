import type { Command } from 'commander';
import * as z from 'zod';
import { needsPerson } from '../events/filter.ts';
import { findEvent } from '../events/find-event.ts';
import { storyOf } from '../events/story.ts';
import { summary } from '../events/summary.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { folded } from '../terminal/folded.ts';
import { printable } from '../terminal/terminal.ts';

const showOptions = z.object({ json: z.boolean().optional(), source: z.string().optional(), person: z.boolean().optional() });

export function addShow(program: Command, session: Session): void {
  newCommand(program, 'show', {
    what: 'Tells the whole story of one event: what came, what was decided and why, and what to do next.',
    example: '--local show msg_2f0c',
  })
    .argument('<event id>')
    .option('--source <source>', 'where two sources use the same event id')
    .option('--person', 'also who left, as HR names them')
    .action(async (eventId: string, raw: unknown) => {
      const { json, source, person } = readOptions(showOptions, raw);
      const { print, style, width } = session.terminal;

      const entry = await findEvent(await session.deployment(), eventId, source);
      if (json) await print(JSON.stringify({ ...summary(entry), ...(person && { employee: entry.event.employee }) }, null, 2));
      else {
        for (const { text, heading, hang = 0 } of storyOf(entry, { person: person ?? false, again: session.again })) {
          for (const line of folded(printable(text), { width, hang })) await print(heading ? style('bold', line) : line);
        }
      }
      process.exitCode = needsPerson(entry.status) ? EXIT.attention : EXIT.done;
    });
}
