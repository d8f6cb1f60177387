import { type KeptDelivery, keptDelivery } from '../../lambda/domain/event/kept-delivery.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { sqsOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { isLocal } from '../deployment/function-settings.ts';
import { deleteForGood } from './deletion-log.ts';
import { browse, type QueueMessage } from './queue-messages.ts';

/** Why a delivery is here. `unreadable`: proven to be the source's, and not understood. `signature`: nobody proved it. */
export const WHYS = ['unreadable', 'signature'] as const;

export const UNREADABLE = 'the message is not a delivery that the receiver kept';

/** A message of the quarantine; `kept` is undefined if it is not a delivery that the receiver kept. */
export interface Quarantined {
  message: QueueMessage;
  kept: KeptDelivery | undefined;
}

export async function* deliveriesOf(deployment: Deployment): AsyncGenerator<Quarantined> {
  const { quarantineQueueUrl } = deployment.places;
  for await (const message of browse(sqsOf(deployment), quarantineQueueUrl, { isLocal: isLocal(deployment) }))
    yield { message, kept: readKept(message) };
}

function readKept({ body }: QueueMessage): KeptDelivery | undefined {
  try {
    return parseJson(keptDelivery, body, 'kept delivery');
  } catch {
    return undefined;
  }
}

/** A delivery as the commands print it, without its body. */
export function summaryOf({ message: { id, sentAt, body, attributes }, kept }: Quarantined) {
  const { source = attributes.source ?? 'unknown', why = 'unknown', receivedAt = sentAt, detail = UNREADABLE, requestId } = kept ?? {};
  const bytes = Buffer.byteLength(kept === undefined ? body : Buffer.from(kept.bodyBase64, 'base64'));
  return { id, source, why, receivedAt, detail, requestId, bytes };
}

/** Narrows the choice of deliveries. */
export interface DeliveryFilter {
  source?: string | undefined;
  why?: string | undefined;
}

/** Whether a filter chooses a delivery. */
export function isChosen(one: Quarantined, { source, why }: DeliveryFilter): boolean {
  const summary = summaryOf(one);
  return (source === undefined || summary.source === source) && (why === undefined || summary.why === why);
}

/** Proven ones come first, then the oldest. */
export const provenFirst = (one: { why: string; receivedAt: string }, other: { why: string; receivedAt: string }): number =>
  Number(isProven(other)) - Number(isProven(one)) || one.receivedAt.localeCompare(other.receivedAt);

/** Deliveries of one source that are here for the same reason. */
export interface Stock {
  source: string;
  why: string;
  count: number;
  /** When the first was received, RFC 3339. */
  since: string;
}

/** How many deliveries of each source there are, by why: proven ones first, then the oldest. */
export async function stockOf(deployment: Deployment): Promise<Stock[]> {
  const stocks = new Map<string, Stock>();
  for await (const one of deliveriesOf(deployment)) {
    const { source, why, receivedAt } = summaryOf(one);
    const stock = stocks.get(`${source} ${why}`) ?? { source, why, count: 0, since: receivedAt };
    const [since = receivedAt] = [receivedAt, stock.since].sort();
    stocks.set(`${source} ${why}`, { ...stock, count: stock.count + 1, since });
  }
  return [...stocks.values()].sort((one, other) =>
    provenFirst({ why: one.why, receivedAt: one.since }, { why: other.why, receivedAt: other.since }),
  );
}

const isProven = ({ why }: { why: string }): boolean => why === 'unreadable';

/** Anybody on the internet can send this many: they say nothing. More of them are a wrong secret of ours, or a flood. */
const STRAY = 10;

/** Whether a person must look: something proven was not understood, or so much was not proven that our secret may be wrong. */
export const isAlarming = (stocks: readonly Stock[]): boolean => stocks.some((stock) => isProven(stock) || stock.count >= STRAY);

/** Deletes deliveries permanently, and records who did it and why. */
export async function dismissDeliveries(
  ids: ReadonlySet<string>,
  { reason, deployment }: { reason: string; deployment: Deployment },
): Promise<void> {
  if (ids.size === 0) return;
  for await (const { message } of deliveriesOf(deployment))
    if (ids.has(message.id)) await deleteForGood(message, { what: 'dismissed delivery', deployment, reason });
}
