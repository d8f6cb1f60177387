import type { Command } from 'commander';
import { actOnReturned } from '../../orders/act-on-returned.ts';
import type { Session } from '../../session.ts';
import { newCommand } from '../../terminal/command.ts';

/** Adds `deactivate-again`: whoever came back is to be out. */
export function addDeactivateAgain(program: Command, session: Session): void {
  const command = newCommand(program, 'deactivate-again', {
    what: 'Deactivates users who are active again. Every guard is asked again, and the brake.',
    example: '--local deactivate-again msg_2f0c --reason "the directory sync brought them back"',
  });
  actOnReturned(command, 'deactivate-again', session);
}
