import { intakeQueue } from '../../lambda/aws/queue.ts';
import { sourceSecrets } from '../../lambda/aws/secrets.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { secretsManagerOf, sqsOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { deliveriesOf, summaryOf, UNREADABLE } from '../queues/quarantine.ts';
import { becauseOf, judgeKept, passOn } from '../queues/reverify.ts';

/** What became of one delivery, or would. */
export interface Reverified extends ReturnType<typeof summaryOf> {
  did: 'accepted' | 'would accept' | 'accepted in part' | 'would accept in part' | 'stays';
  eventIds: string[];
  because: string;
}

/** Whether any of it stays in the quarantine. */
export const stays = ({ did }: Reverified): boolean => did === 'stays' || did.endsWith('in part');

/**
 * Verifies deliveries again, and sends those that are accepted to the worker, one after the other.
 *
 * @param ids empty: all. @throws PermanentFailure `no-delivery`, after all others
 */
export async function* reverify(
  ids: ReadonlySet<string>,
  { dryRun, deployment }: { dryRun: boolean | undefined; deployment: Deployment },
): AsyncGenerator<Reverified> {
  const { SOURCES: sources } = await functionSettings(deployment);
  const secrets = sourceSecrets({ client: secretsManagerOf(deployment), clock: deployment.clock });
  const queue = intakeQueue({ queueUrl: deployment.places.leaverQueueUrl, client: sqsOf(deployment) });

  const missing = new Set(ids);
  for await (const { message, kept } of deliveriesOf(deployment)) {
    if (ids.size > 0 && !missing.delete(message.id)) continue;
    const summary = summaryOf({ message, kept });
    const judged = kept === undefined ? { kind: 'refused' as const, why: UNREADABLE } : await judgeKept(kept, { sources, secrets });
    if (judged.kind === 'refused') {
      yield { ...summary, did: 'stays', eventIds: [], because: judged.why };
      continue;
    }
    if (!dryRun) await passOn(judged, { message, queue });
    const did = dryRun ? 'would accept' : 'accepted';
    const eventIds = judged.arrivals.map(({ eventId }) => eventId);
    yield { ...summary, did: judged.leftOut.length > 0 ? `${did} in part` : did, eventIds, because: becauseOf(judged) };
  }
  if (missing.size > 0) throw noDelivery(missing);
}

/** The error for ids of deliveries that are not, or no longer, in the quarantine. */
export const noDelivery = (ids: Iterable<string>): PermanentFailure =>
  new PermanentFailure('no-delivery', `the quarantine has no delivery ${[...ids].join(', ')}; look up the id with quarantine list`);
