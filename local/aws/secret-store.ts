import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../../lambda/domain/parse.ts';
import { ACCOUNT, REGION } from './account.ts';
import { AwsError } from './aws-endpoint.ts';

const version = z.object({ value: z.string(), stages: z.array(z.string()), createdAt: z.number() });
const secret = z.object({ createdAt: z.number(), versions: z.record(z.string(), version) });
const secrets = z.record(z.string(), secret);

export type Secret = z.infer<typeof secret>;

export interface SecretStore {
  /** Finds a secret by name or ARN. @throws AwsError ResourceNotFoundException */
  find(id: string): { name: string; arn: string; secret: Secret };
  /** Changes one secret, and returns when the change is on disk. If it throws, nothing has changed. */
  change(name: string, update: (secret: Secret) => void): void;
}

/**
 * Opens a file of secrets that only its owner can read. Times are seconds since the epoch.
 *
 * @param initial values by name; a secret that the file already has keeps its own. An empty value makes a secret without a value,
 *   as a stack does before an operator sets it
 */
export function openSecretStore({ file, initial, now }: { file: string; initial: Record<string, string>; now: () => number }): SecretStore {
  let current = existsSync(file) ? parseJson(secrets, readFileSync(file, 'utf8'), file) : {};
  const save = (next: z.infer<typeof secrets>) => {
    writeDurably(file, JSON.stringify(next, null, 2));
    current = next;
  };
  save({ ...Object.fromEntries(Object.entries(initial).map(([name, value]) => [name, firstVersion(value, now())])), ...current });

  return {
    find(id) {
      const found = Object.entries(current).find(([name]) => name === id || arnOf(name) === id);
      if (found === undefined) throw new AwsError(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      return { name: found[0], arn: arnOf(found[0]), secret: found[1] };
    },
    change(name, update) {
      const next = structuredClone(current);
      const changed = next[name];
      if (changed === undefined) throw new AwsError(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      update(changed);
      save(next);
    },
  };
}

/** AWS adds six characters of its own to the name. */
function arnOf(name: string): string {
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-${suffix}`;
}

function firstVersion(value: string, createdAt: number): Secret {
  const versions = value === '' ? {} : { [crypto.randomUUID()]: { value, stages: ['AWSCURRENT'], createdAt } };
  return { createdAt, versions };
}

/** Writes so that a crash leaves either the old file or the new one, never a part. */
function writeDurably(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}
