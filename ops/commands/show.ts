import type { Command } from 'commander';
import * as z from 'zod';
import { needsPerson as needsPersonInConsole } from '../../lambda/domain/console-access/access-record.ts';
import { needsPerson } from '../../lambda/domain/event/event-status.ts';
import { sourceEventId } from '../../lambda/domain/event/hr-event.ts';
import { sourceName } from '../../lambda/domain/event/leaver-message.ts';
import { besideEvent } from '../events/beside-event.ts';
import { openSides } from '../events/both-sides.ts';
import { consoleStory } from '../events/console-story.ts';
import { findEvent } from '../events/find-event.ts';
import { storyOf } from '../events/story.ts';
import { summary } from '../events/summary.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { folded } from '../terminal/folded.ts';
import { json } from '../terminal/option-values.ts';
import { readArgument, readOptions } from '../terminal/read-options.ts';
import { printable } from '../terminal/terminal.ts';

const showOptions = z.object({ json, source: z.optional(sourceName), person: z.boolean().optional() });

export function addShow(program: Command, session: Session): void {
  newCommand(program, 'show', {
    what: 'Shows everything that happened to one event: what HR sent, what was decided and why, and what to do next.',
    example: '--local show msg_2f0c',
  })
    .argument('<event id>')
    .option('--source <source>', 'the source of the event, if several sources use the same event id')
    .option('--person', 'also who it is about: HR and Workfront, both read now, beside each other; personal, and kept nowhere')
    .action(async (id: string, raw: unknown) => {
      const { json, source, person } = readOptions(showOptions, raw);
      const eventId = readArgument(sourceEventId, { what: 'the event id', value: id });
      const { print, style, width } = session.terminal;

      const deployment = await session.deployment();
      const entry = await findEvent(deployment, { eventId, source, mayShorten: true });
      const sides = person ? await (await openSides(deployment))(entry) : undefined;
      const { inConsole, finding, ...beside } = await besideEvent(entry, deployment);
      if (json) {
        const shown = {
          ...summary(entry),
          ...(finding && { finding }),
          ...(inConsole && { inConsole }),
          ...(person && { employee: entry.event.employee, sides }),
        };
        await print(JSON.stringify(shown, null, 2));
      } else {
        const story = storyOf(entry, { person: person ?? false, sides, again: session.again, finding, ...beside });
        const lines = inConsole === undefined ? story : [...story, ...consoleStory(inConsole, session.again)];
        for (const { text, heading, hang = 0 } of lines) {
          for (const line of folded(printable(text), { width, hang })) await print(heading ? style('bold', line) : line);
        }
      }
      const waits = needsPerson(entry.status) || finding !== undefined || (inConsole !== undefined && needsPersonInConsole(inConsole));
      process.exitCode = waits ? EXIT.attention : EXIT.done;
    });
}
