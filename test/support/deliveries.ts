import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { VerifyScheme } from '../../lambda/sources/scheme.ts';

export const NOW = Date.parse('2026-11-24T09:00:00Z');
export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export const STANDARD: VerifyScheme = { kind: 'standard-webhooks' };
export const HMAC: VerifyScheme = {
  kind: 'hmac',
  header: 'X-Signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
  signed: '{timestamp}.{body}',
  timestampHeader: 'X-Timestamp',
  toleranceSeconds: 300,
};

/** Makes an item of a canonical delivery; `data` replaces parts of the usual one. */
export function terminationItem({ data, ...envelope }: { data?: object; [key: string]: unknown } = {}): object {
  return {
    type: 'employee.terminated',
    timestamp: '2026-11-24T08:59:00Z',
    ...envelope,
    data: { employee: { email: 'ana@acme.test' }, effective: { date: '2026-11-30', timeZone: 'Europe/Amsterdam' }, ...data },
  };
}

/** Makes headers as a sender of Standard Webhooks does, with the specification's own library. */
export function standardHeaders(
  body: string | Buffer,
  { secret = SECRET, id = 'msg_1', at = NOW }: { secret?: string; id?: string; at?: number } = {},
): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(at), body),
    'content-type': 'application/json',
  };
}

/** Makes headers for the scheme HMAC above. */
export function hmacHeaders(body: string | Buffer, { secret = SECRET, at = NOW } = {}): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  return { 'X-Signature': `sha256=${signature}`, 'X-Timestamp': timestamp, 'Content-Type': 'application/json' };
}

/** Makes a POST as API Gateway passes it on. */
export function aProxyEvent({
  source = 'hr',
  body = '',
  ...rest
}: {
  source?: string;
  body?: string | null;
  headers?: object | null;
  [key: string]: unknown;
}): object {
  return {
    httpMethod: 'POST',
    pathParameters: { source },
    headers: {},
    multiValueHeaders: null,
    body,
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1' },
    ...rest,
  };
}

/** Makes a delivery signed by Standard Webhooks, as API Gateway passes it on. */
export function aSignedEvent(
  content: unknown,
  {
    headers = {},
    source,
    ...signing
  }: { headers?: Record<string, string>; source?: string; secret?: string; id?: string; at?: number } = {},
): object {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  return aProxyEvent({ body, headers: { ...standardHeaders(body, signing), ...headers }, ...(source !== undefined && { source }) });
}
