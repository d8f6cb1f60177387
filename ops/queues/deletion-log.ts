import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Change, changeLog, logged } from '../../lambda/domain/stage/change-log.ts';
import { changeRecord } from '../../lambda/domain/stage/shared-record.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { QueueMessage } from './queue-messages.ts';

const KEY = 'stage/dead-letters';
const record = z.object({ log: changeLog });

/**
 * Deletes a message permanently, after recording who deleted it and why. The record has a digest of the content, never the content.
 *
 * @returns who deleted it, and the digest
 */
export async function deleteForGood(
  { id, body, remove }: QueueMessage,
  { what, deployment, reason }: { what: 'deleted dead letter' | 'dismissed delivery'; deployment: Deployment; reason: string },
): Promise<{ by: string; sha256: string }> {
  const { ledger, clock, operator } = deployment;
  const by = await operator();
  const sha256 = createHash('sha256').update(body).digest('hex');
  const change = { at: toInstant(clock()), by, what: `${what} ${id} (sha256 ${sha256})`, reason };
  await changeRecord(ledger, { key: KEY, schema: record }, (before) => ({ log: logged(before?.log, change) }));
  await remove();
  return { by, sha256 };
}

/** The deletions that were recorded, the latest last. */
export async function deletedMessages({ ledger }: Pick<Deployment, 'ledger'>): Promise<Change[]> {
  return (await ledger.readRecord(KEY, record))?.value.log ?? [];
}
