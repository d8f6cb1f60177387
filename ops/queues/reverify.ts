import type { Intake } from '../../lambda/aws/queue.ts';
import type { SourceSecrets } from '../../lambda/aws/secrets.ts';
import type { KeptDelivery } from '../../lambda/domain/event/kept-delivery.ts';
import type { Arrival } from '../../lambda/domain/event/leaver-message.ts';
import { TransientFailure } from '../../lambda/domain/failures.ts';
import { toInstant, toMillis } from '../../lambda/domain/time/time.ts';
import { readDelivery } from '../../lambda/handlers/read-delivery.ts';
import type { Delivery, Source, Verification } from '../../lambda/sources/source.ts';
import { type SourceConfigs, sourceOf } from '../../lambda/sources/systems/registry.ts';
import type { QueueMessage } from './queue-messages.ts';

/** What the receiver would do with a kept delivery now. */
export type Judgement =
  /** `leftOut`: why items are still left out. */
  { kind: 'accepted'; arrivals: Arrival[]; ignored: number; leftOut: string[] } | { kind: 'refused'; why: string };

/**
 * Judges a delivery with the receiver's own code and the current secrets, as of the time of receipt, because the time of its signature is
 * no longer within the allowed window.
 *
 * @throws TransientFailure if a secret cannot be read
 */
export async function judgeKept(
  kept: KeptDelivery,
  { sources, secrets }: { sources: SourceConfigs; secrets: Pick<SourceSecrets, 'read'> },
): Promise<Judgement> {
  const config = Object.hasOwn(sources, kept.source) ? sources[kept.source] : undefined;
  if (config === undefined) return { kind: 'refused', why: `the deployment no longer has a source ${kept.source}` };

  const source = sourceOf(kept.source, config);
  const delivery = { headers: new Map(Object.entries(kept.headers)), body: Buffer.from(kept.bodyBase64, 'base64') };
  const proof = await prove(kept, { source, delivery, secrets });
  if (proof.kind !== 'genuine') return { kind: 'refused', why: whyNot(proof, { source, kept }) };

  const read = await readDelivery(delivery, { source, signedId: proof.signedId });
  if ('reason' in read) return { kind: 'refused', why: `${read.reason}: ${read.detail}` };
  return {
    kind: 'accepted',
    arrivals: read.events.map((event) => ({
      kind: 'arrival',
      source: source.name,
      ...event,
      receivedAt: toInstant(toMillis(kept.receivedAt)),
    })),
    ignored: read.ignored,
    leftOut: read.leftOut ?? [],
  };
}

/**
 * Lets the worker have the events of a kept delivery. Sends them before it removes the delivery: if they are sent twice, the worker finds
 * each by its id. What is still left out keeps the delivery.
 *
 * @throws TransientFailure if the queue does not accept them; the delivery is then still kept
 */
export async function passOn(
  { arrivals, leftOut }: Pick<Extract<Judgement, { kind: 'accepted' }>, 'arrivals' | 'leftOut'>,
  { message, queue }: { message: Pick<QueueMessage, 'remove'>; queue: Intake },
): Promise<void> {
  if (arrivals.length > 0) await queue.sendAll(arrivals);
  if (leftOut.length === 0) await message.remove();
}

async function prove(
  kept: KeptDelivery,
  { source, delivery, secrets }: { source: Source; delivery: Delivery; secrets: Pick<SourceSecrets, 'read'> },
): Promise<Verification> {
  // A scheme that sends the secret itself leaves no proof behind: the receiver's own word counts.
  if (kept.why === 'unreadable' && source.proofIsSecret) return { kind: 'genuine', signedId: undefined };
  try {
    return source.verify(delivery, await secrets.read(source.secretId), toMillis(kept.receivedAt));
  } catch (failure) {
    if (failure instanceof TransientFailure && failure.code === 'secret-missing') return { kind: 'unusable-secret' };
    throw failure;
  }
}

function whyNot({ kind }: Verification, { source: { name, proofHeaders }, kept }: { source: Source; kept: KeptDelivery }): string {
  if (kind !== 'forged') return `the secret of ${name} is not set, or is not a valid key for its scheme; use secret set ${name}`;
  if (proofHeaders.length > 0 && !proofHeaders.some((header) => Object.hasOwn(kept.headers, header)))
    return `none of the headers of ${name}'s scheme came with it (${proofHeaders.join(', ')}); see its headers by quarantine list --body, and correct the scheme in the stage`;
  return `no secret of ${name} proves it: it is forged, or signed with another secret; if HR has another one, use secret rotate ${name}`;
}

/** Why an accepted delivery stays, or gave no event; empty if neither. */
export function becauseOf({ arrivals, ignored, leftOut }: Extract<Judgement, { kind: 'accepted' }>): string {
  if (leftOut.length > 0) return `stays, for what is still left out: ${leftOut.join('; ')}`;
  return arrivals.length === 0 ? `only ${ignored} items of types that the product ignores` : '';
}
