import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { eventStatus } from '../../lambda/domain/event/event-status.ts';
import { eventRef } from '../../lambda/domain/event/leaver-message.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { Usage } from '../terminal/exit-code.ts';
import { fileExists } from '../terminal/new-file.ts';
import { codeOf } from '../terminal/trouble.ts';

/** What to do, to which events, and how each event was when that was decided. */
const plan = z.strictObject({
  v: z.literal(1),
  deployment: z.strictObject({ name: z.string(), ledgerTable: z.string() }),
  kind: z.enum(['release', 'replay', 'cancel']),
  /** Why, kept with each event. */
  reason: z.string(),
  /** Who planned it, and when. */
  by: z.string(),
  at: z.iso.datetime(),
  /** With more events than this, somebody else must apply the plan. */
  secondAbove: z.number(),
  events: z.array(
    z.strictObject({
      ...eventRef.shape,
      version: z.number(),
      status: eventStatus,
      reason: z.string().optional(),
      receivedAt: z.string(),
      /** The user of the event, if it was found before. */
      workfrontUserId: z.string().optional(),
      /** The user found when the plan was made, if a finished event is processed again: nobody else may be meant when it is applied. */
      foundUserId: z.string().optional(),
      does: z.string(),
    }),
  ),
});

const planFile = z.strictObject({ ...plan.shape, digest: z.string().regex(/^[0-9a-f]{64}$/) });

export type Plan = z.infer<typeof plan>;
export type DigestedPlan = z.infer<typeof planFile>;

/** SHA-256 of the plan, with its keys in the order of the schema. */
const digestOf = (one: Plan): string =>
  createHash('sha256')
    .update(JSON.stringify(plan.parse(one)))
    .digest('hex');

/** The plan with its digest, as a plan file has it. */
export const withDigest = (one: Plan): DigestedPlan => ({ ...one, digest: digestOf(one) });

/** The text of a plan file. */
export const textOfPlan = (plan: DigestedPlan): string => `${JSON.stringify(plan, null, 2)}\n`;

/** Writes a new file that only this user can read. @throws Usage if the file exists */
export function writePlan(file: string, one: Plan): DigestedPlan {
  const digested = withDigest(one);
  try {
    writeFileSync(file, textOfPlan(digested), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new Usage(fileExists(file));
  }
  return digested;
}

/**
 * Reads a plan, and checks that nobody changed it since it was written.
 *
 * @param named a file, or the digest of a plan in `directory`
 * @throws Usage if there is no such plan; InvalidInput if the file is not a plan; PermanentFailure `plan-changed`
 */
export function readPlan({ named, directory }: { named: string; directory: string }): DigestedPlan {
  const file = /^[0-9a-f]{64}$/.test(named) ? fileOf({ digest: named, directory }) : named;
  return parsePlan(readText(file), `plan ${file}`);
}

/** @param what names the plan in an error. @throws InvalidInput if the text is not a plan; PermanentFailure `plan-changed` */
export function parsePlan(text: string, what: string): DigestedPlan {
  const { digest, ...rest } = parseJson(planFile, text, what);
  if (digestOf(rest) !== digest) throw new PermanentFailure('plan-changed', `${what} was changed after it was written; plan again`);
  return { ...rest, digest };
}

function fileOf({ digest, directory }: { digest: string; directory: string }): string {
  const files = namesIn(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(directory, name));
  const found = files.find((file) => statSync(file).size < MOST_BYTES && readFileSync(file, 'utf8').includes(`"digest": "${digest}"`));
  if (found === undefined)
    throw new Usage(`there is no plan with this digest in ${directory}; name its file, or its directory with --plans`);
  return found;
}

const MOST_BYTES = 100_000_000;

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    throw new Usage(`--plans cannot be ${JSON.stringify(directory)}; use a directory that exists`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Usage(`there is no plan ${JSON.stringify(file)}; name the file of a plan, or its digest`);
  }
}
