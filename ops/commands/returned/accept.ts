import type { Command } from 'commander';
import { actOnReturned } from '../../orders/act-on-returned.ts';
import type { Session } from '../../session.ts';
import { newCommand } from '../../terminal/command.ts';

/** Adds `accept`: whoever came back may be active. */
export function addAccept(program: Command, session: Session): void {
  const command = newCommand(program, 'accept', {
    what: 'Ends returned events permanently: their users may be active.',
    example: '--local accept msg_2f0c --reason "works for us as a contractor now"',
  });
  actOnReturned(command, 'accept', session);
}
