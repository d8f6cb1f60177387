import { intakeQueue } from '../../lambda/aws/queue.ts';
import { sourceSecrets } from '../../lambda/aws/secrets.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { secretsManagerOf, sqsOf } from '../deployment/clients.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { deliveriesOf, summaryOf, UNREADABLE } from '../queues/quarantine.ts';
import { becauseOf, judgeKept, passOn } from '../queues/reverify.ts';
import type { Session } from '../session.ts';
import { rowPrinter } from '../terminal/rows.ts';
import { bothTimes } from '../terminal/times.ts';

interface Reverified extends ReturnType<typeof summaryOf> {
  did: 'accepted' | 'would accept' | 'accepted in part' | 'would accept in part' | 'stays';
  eventIds: string[];
  because: string;
}

/**
 * Verifies deliveries again, and sends those that are accepted to the worker.
 *
 * @param ids empty: all. @returns whether any delivery stays
 */
export async function reverify(
  ids: ReadonlySet<string>,
  { json, dryRun, session }: { json: boolean | undefined; dryRun: boolean | undefined; session: Session },
): Promise<boolean> {
  const deployment = await session.deployment();
  const { SOURCES: sources } = await functionSettings(deployment);
  const secrets = sourceSecrets({ client: secretsManagerOf(deployment), clock: deployment.clock });
  const queue = intakeQueue({ queueUrl: deployment.places.leaverQueueUrl, client: sqsOf(deployment) });
  const rows = rowPrinter<Reverified>(
    {
      columns: [{ title: 'received' }, { title: 'source' }, { title: 'id', copied: true }, { title: 'did' }, { title: 'events or reason' }],
      cells: ({ receivedAt, source, id, did, eventIds, because }) => [
        bothTimes(receivedAt),
        source,
        id,
        did,
        because || eventIds.join(', '),
      ],
      none: 'The quarantine is empty.',
    },
    { json, terminal: session.terminal },
  );

  const missing = new Set(ids);
  let stays = false;
  for await (const { message, kept } of deliveriesOf(deployment)) {
    if (ids.size > 0 && !missing.delete(message.id)) continue;
    const summary = summaryOf({ message, kept });
    const judged = kept === undefined ? { kind: 'refused' as const, why: UNREADABLE } : await judgeKept(kept, { sources, secrets });
    if (judged.kind === 'refused') {
      stays = true;
      await rows.row({ ...summary, did: 'stays', eventIds: [], because: judged.why });
      continue;
    }
    const eventIds = judged.arrivals.map(({ eventId }) => eventId);
    const isPart = judged.leftOut.length > 0;
    if (isPart) stays = true;
    if (!dryRun) await passOn(judged, { message, queue });
    const did = dryRun ? 'would accept' : 'accepted';
    await rows.row({ ...summary, did: isPart ? `${did} in part` : did, eventIds, because: becauseOf(judged) });
  }
  await rows.end();
  if (missing.size > 0)
    throw new PermanentFailure(
      'no-delivery',
      `the quarantine has no delivery ${[...missing].join(', ')}; look up the id with quarantine list`,
    );
  return stays;
}
