import type { Deployment } from '../deployment/deployment.ts';
import { ADMIN_CONSOLE, setConsoleSecret } from '../secrets/admin-console-secret.ts';
import { setLookUpSecret } from '../secrets/look-up-secret.ts';
import type { StoredKey } from '../secrets/workfront-secret.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { tryAccessAgain } from './console-orders.ts';
import { closeHrCircuits, sendWaiting, tryAgain } from './try-now.ts';

export interface Setting {
  json?: boolean | undefined;
  session: Session;
  deployment: Deployment;
}

/** Stores the credential of a look-up from standard input, and tries what waited for it. */
export async function setLookUp(name: string, { json, session, deployment }: Setting): Promise<void> {
  const source = await setLookUpSecret(name, deployment);
  await closeHrCircuits(deployment, [source]);
  const sent = await sendWaiting(deployment);
  const next = `Stored. ${triedText(sent)} The worker uses it within 5 minutes. To see whether it works:\n  ${session.again('doctor')}`;
  await session.terminal.print(json ? JSON.stringify({ secret: name, stored: true }) : next);
  process.exitCode = EXIT.done;
}

/** Stores the credential of the Admin Console from standard input, and tries what waited for it. */
export async function setAdminConsole({ json, session, deployment }: Setting): Promise<void> {
  await setConsoleSecret(deployment);
  const sent = await tryAccessAgain(deployment);
  const next = `Stored. ${triedText(sent)} The worker uses it within 5 minutes. To see whether it works:\n  ${session.again('doctor')}`;
  await session.terminal.print(json ? JSON.stringify({ secret: ADMIN_CONSOLE, stored: true }) : next);
  process.exitCode = EXIT.done;
}

/** What was stored works at once, so whatever waited for it is tried. */
export async function stored({ sentence, ...key }: StoredKey, { json, session, deployment }: Setting): Promise<void> {
  const { terminal, again } = session;
  const sent = key.accepted ? await tryAgain(deployment) : 0;
  if (json) await terminal.print(JSON.stringify({ secret: 'workfront', stored: true, ...key, sent }));
  else
    await terminal.print(
      [sentence, triedText(sent), ...(key.replaced ? [`To put the former one back:\n  ${again('secret restore workfront')}`] : [])].join(
        '\n',
      ),
    );
  process.exitCode = EXIT.done;
}

const triedText = (sent: number): string =>
  sent === 0 ? 'No event waits.' : `${sent === 1 ? '1 waiting event is' : `${sent} waiting events are`} tried now.`;
