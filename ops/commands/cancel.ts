import type { Command } from 'commander';
import { actOnNamed } from '../orders/act-on-named.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';

export function addCancel(program: Command, session: Session): void {
  const command = newCommand(program, 'cancel', {
    what: 'Permanently cancels scheduled, held, failed or waiting events, and removes their schedules.',
    example: '--local cancel msg_2f0c --reason "the contract was extended"',
  });
  actOnNamed(command, 'cancel', session);
}
