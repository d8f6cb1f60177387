import type { Command } from 'commander';
import { actOnNamed } from '../orders/act-on-named.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';

export function addReject(program: Command, session: Session): void {
  const command = newCommand(program, 'reject', {
    what: 'Ends held events permanently: their users stay as they are.',
    example: '--local reject msg_2f0c --reason "HR named the wrong person"',
  });
  actOnNamed(command, 'reject', session);
}
