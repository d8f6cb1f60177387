import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { eventStatus } from '../../lambda/domain/event/event-status.ts';
import { eventRef } from '../../lambda/domain/event/leaver-message.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { codeOf } from '../terminal/trouble.ts';

/** What would be done, to which events, and how each of them was when that was decided. */
const plan = z.strictObject({
  v: z.literal(1),
  deployment: z.strictObject({ name: z.string(), ledgerTable: z.string() }),
  kind: z.enum(['release', 'replay', 'cancel']),
  /** Why, kept with each event. */
  reason: z.string(),
  /** Who planned it, and when. */
  by: z.string(),
  at: z.iso.datetime(),
  /** With more events than this, somebody else must apply it. */
  secondAbove: z.number(),
  events: z.array(
    z.strictObject({
      ...eventRef.shape,
      version: z.number(),
      status: eventStatus,
      reason: z.string().optional(),
      receivedAt: z.string(),
      /** The user it resolved to, where it was resolved before. */
      workfrontUserId: z.string().optional(),
      does: z.string(),
    }),
  ),
});

const planFile = z.strictObject({ ...plan.shape, digest: z.string().regex(/^[0-9a-f]{64}$/) });

export type Plan = z.infer<typeof plan>;
export type DigestedPlan = z.infer<typeof planFile>;

/** SHA-256 over the plan, its keys in the order of the schema. */
const digestOf = (one: Plan): string =>
  createHash('sha256')
    .update(JSON.stringify(plan.parse(one)))
    .digest('hex');

/** Writes a new file for this user's eyes only. @throws PermanentFailure `plan-exists` */
export function writePlan(file: string, one: Plan): DigestedPlan {
  const digested = { ...one, digest: digestOf(one) };
  try {
    writeFileSync(file, `${JSON.stringify(digested, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new PermanentFailure('plan-exists', `expected to write a new file, ${file} is there already, choose another --out`);
  }
  return digested;
}

/**
 * Reads a plan and proves that it is as it was written.
 *
 * @param named a file, or a digest of a plan in `directory`
 * @throws PermanentFailure `no-plan`, `plan-changed`
 */
export function readPlan(named: string, directory: string): DigestedPlan {
  const file = /^[0-9a-f]{64}$/.test(named) ? fileOf(named, directory) : named;
  const { digest, ...rest } = parseJson(planFile, readText(file), `plan ${file}`);
  if (digestOf(rest) !== digest) throw new PermanentFailure('plan-changed', `plan ${file} was changed after it was written: plan again`);
  return { ...rest, digest };
}

function fileOf(digest: string, directory: string): string {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(directory, name));
  const found = files.find((file) => statSync(file).size < MOST_BYTES && readFileSync(file, 'utf8').includes(`"digest": "${digest}"`));
  if (found === undefined)
    throw new PermanentFailure('no-plan', `no plan with this digest in ${directory}: name its file, or --plans its directory`);
  return found;
}

const MOST_BYTES = 100_000_000;

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new PermanentFailure('no-plan', `expected plan ${file}, found no such file`);
  }
}
