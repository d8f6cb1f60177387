import { createHash, createHmac } from 'node:crypto';
import { PermanentFailure } from '../lambda/domain/failures.ts';
import { readJson } from '../lambda/domain/parse.ts';
import { SECOND } from '../lambda/domain/time.ts';

interface Identity {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

interface SignedCall {
  url: string;
  /** As the service's name stands in its signatures. */
  service: string;
  region: string;
  /** `<service version>.<operation>`. */
  target: string;
  input: object;
  identity: Identity;
  now: number;
}

const WITHIN = 15 * SECOND;

/**
 * One call of a service that speaks AWS JSON 1.0, for a service whose SDK client is not installed.
 *
 * @returns its answer, still to be parsed
 * @throws PermanentFailure whose code is AWS's own
 */
export async function signedCall(call: SignedCall): Promise<unknown> {
  const body = JSON.stringify(call.input);
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': call.target };
  const response = await fetch(call.url, {
    method: 'POST',
    body,
    headers: { ...headers, ...signature(call, body, headers) },
    signal: AbortSignal.timeout(WITHIN),
  });
  const answer = readJson(await response.text(), call.target);
  if (response.ok) return answer;
  const type = typeof answer === 'object' && answer !== null && '__type' in answer ? String(answer.__type) : `status ${response.status}`;
  const code = type.split('#').at(-1) ?? type;
  throw new PermanentFailure(code, `wanted ${call.target.split('.').at(-1)} of ${call.service}, came ${code}`);
}

/** Signature Version 4 ("Create a signed AWS API request", IAM User Guide), for a POST to `/` without a query. */
export function signature(
  { url, service, region, identity, now }: Pick<SignedCall, 'url' | 'service' | 'region' | 'identity' | 'now'>,
  body: string,
  headers: Record<string, string>,
): Record<string, string> {
  const at = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = at.slice(0, 8);
  const added = { 'x-amz-date': at, ...(identity.sessionToken && { 'x-amz-security-token': identity.sessionToken }) };
  const signed = Object.entries({ host: new URL(url).host, ...headers, ...added }).sort(([one], [other]) => (one < other ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const request = ['POST', '/', '', ...signed.map(([name, value]) => `${name}:${value.trim()}`), '', names, sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (from, part) => hmac(from, part),
    `AWS4${identity.secretAccessKey}`,
  );
  const proof = hmac(key, ['AWS4-HMAC-SHA256', at, scope, sha256(request)].join('\n')).toString('hex');
  return {
    ...added,
    authorization: `AWS4-HMAC-SHA256 Credential=${identity.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${proof}`,
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
