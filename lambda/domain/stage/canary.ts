import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import { consoleAccessMessage, leaverMessage } from '../event/leaver-message.ts';
import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../failures.ts';
import type { CredentialOwner, Desk } from '../ports.ts';
import { reportFailure, reportSuccess } from './gate.ts';
import { lateLookMessage } from './late-look.ts';

/** Put on the leaver queue every night: looks at all who left in the last days. */
const sweepMessage = z.object({ kind: z.literal('sweep') });

/** Put on the leaver queue once a day: nobody may leave for weeks, and the credential must not be found broken on the day. */
const canaryMessage = z.object({
  kind: z.literal('canary'),
  /** When the stage was last looked at, as remembered outside of the ledger. */
  rememberedAt: z.optional(instant),
});

/** All that travels on the leaver queue. */
export const queuedMessage = z.discriminatedUnion('kind', [
  leaverMessage,
  consoleAccessMessage,
  canaryMessage,
  lateLookMessage,
  sweepMessage,
]);

export type QueuedMessage = z.infer<typeof queuedMessage>;

export type CanaryReport =
  | { kind: 'well'; activeUsers: number }
  | { kind: 'credential-trouble' | 'stage-trouble' | 'other-trouble'; code: string };

/**
 * Asks Workfront, with the real credential and reading only, whether it knows the credential's own user. Trouble of the credential or of
 * the stage opens the circuit as it would on an event; a good answer closes it, unless only a write can.
 *
 * @throws what the ledger throws
 */
export async function askCanary(desk: Desk): Promise<CanaryReport> {
  let owner: CredentialOwner;
  try {
    owner = await desk.directory.owner();
    // The owner may be remembered: only a question that is asked each time shows how the credential is now.
    if ((await desk.directory.read(owner.userId))?.isActive !== true) throw ownUserGone();
  } catch (failure) {
    if (failure instanceof CredentialFailure) {
      await reportFailure({ cause: 'credentials', saw: failure.code }, desk);
      return { kind: 'credential-trouble', code: failure.code };
    }
    if (failure instanceof StageFailure) {
      await reportFailure({ cause: 'stage', saw: failure.code }, desk);
      return { kind: 'stage-trouble', code: failure.code };
    }
    if (failure instanceof TransientFailure || failure instanceof PermanentFailure) return { kind: 'other-trouble', code: failure.code };
    throw failure;
  }
  await reportSuccess(desk);
  return { kind: 'well', activeUsers: owner.activeUsers };
}

function ownUserGone(): CredentialFailure {
  return new CredentialFailure('blind', "the credential's own user is not active; check the user and its access level in Workfront");
}
