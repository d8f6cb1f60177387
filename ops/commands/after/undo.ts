import type { Command } from 'commander';
import { sourceEventId } from '../../../lambda/domain/event/hr-event.ts';
import { previewLines, undoPreview } from '../../after/undo-preview.ts';
import { findEvent } from '../../events/find-event.ts';
import { actNow } from '../../orders/act.ts';
import { judge } from '../../orders/order.ts';
import { addActOptions, addReasonAndSource, mayShorten, namedOptions } from '../../orders/order-options.ts';
import { questionOf } from '../../orders/question.ts';
import type { Session } from '../../session.ts';
import { newCommand } from '../../terminal/command.ts';
import { confirmed } from '../../terminal/confirm.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { folded } from '../../terminal/folded.ts';
import { readArgument, readOptions } from '../../terminal/read-options.ts';
import { printable } from '../../terminal/terminal.ts';

export function addUndo(program: Command, session: Session): void {
  const command = newCommand(program, 'undo', {
    what:
      'Activates the user again that an event deactivated, and gives back what Workfront took: access level, home group, home team, job role ' +
      'and manager. Shows first what it would do.',
    example: '--local undo msg_2f0c --reason "HR meant another Ana"',
  }).argument('<event id>');
  addActOptions(addReasonAndSource(command)).action(async (id: string, raw: unknown) => {
    const { json, dryRun, yes, wait, reason, source } = readOptions(namedOptions, raw);
    const eventId = readArgument(sourceEventId, { what: 'the event id', value: id });
    const { terminal } = session;
    const deployment = await session.deployment();
    const entry = await findEvent(deployment, { eventId, source, mayShorten: mayShorten({ yes }, session) });
    const order = { kind: 'undo' as const, reason };
    if (judge(entry, order, deployment.clock()).kind === 'act') {
      const preview = await undoPreview(entry, deployment);
      if (json && dryRun) await terminal.print(JSON.stringify(preview, null, 2));
      if (!json) {
        for (const line of previewLines(preview))
          for (const text of folded(printable(line), { width: terminal.width, hang: 15 })) await terminal.print(text);
      }
      if (dryRun) return;
      if (!(await confirmed(questionOf('undo', [entry]), { yes, terminal }))) {
        process.exitCode = EXIT.failed;
        return;
      }
    }
    const options = { json, dryRun, yes, wait };
    process.exitCode = await actNow({ entries: [entry], order, none: 'No event matches', options }, { terminal, deployment });
  });
}
