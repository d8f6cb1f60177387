import { createHmac } from 'node:crypto';
import { NOW } from './deliveries.ts';

/** The knowledge of a sender. */
interface Sender {
  secret: string;
  at?: number;
  id?: string;
}

/** Makes the headers of a delivery as each HR system does; written from its documentation, not from our schemes. */
export type Sign = (body: string | Buffer, sender: Sender) => Record<string, string>;

const JSON_TYPE = { 'content-type': 'application/json' };
const hmac = (algorithm: string, secret: string | Buffer, ...parts: (string | Buffer)[]) => {
  const made = createHmac(algorithm, secret);
  for (const part of parts) made.update(part);
  return made;
};

export const SIGN = {
  bamboohr: (body, { secret, at = NOW }) => {
    const time = String(Math.floor(at / 1000));
    return { ...JSON_TYPE, 'X-BambooHR-Timestamp': time, 'X-BambooHR-Signature': hmac('sha256', secret, body, time).digest('hex') };
  },
  hibob: (body, { secret }) => ({ ...JSON_TYPE, 'Bob-Signature': hmac('sha512', secret, body).digest('base64') }),
  personio: (body, { secret }) => ({ ...JSON_TYPE, 'X-Personio-Signature': hmac('sha256', secret, body).digest('hex') }),
  gusto: (body, { secret }) => ({ ...JSON_TYPE, 'X-Gusto-Signature': hmac('sha256', secret, body).digest('hex') }),
  deel: (body, { secret }) => ({ ...JSON_TYPE, 'x-deel-signature': hmac('sha256', secret, 'POST', body).digest('hex') }),
  merge: (body, { secret }) => ({
    ...JSON_TYPE,
    // As in Merge's own example: base64 with - and _, and with padding.
    'X-Merge-Webhook-Signature': hmac('sha256', secret, body).digest('base64').replaceAll('+', '-').replaceAll('/', '_'),
  }),
  ukg: (body, { secret }) => ({ ...JSON_TYPE, 'X-UKG-Signature': hmac('sha256', secret, body).digest('base64') }),
  finch: (body, { secret, at = NOW, id = 'msg_2Lh9KRb0pzN4LePd3XiA4v12Axj' }) => {
    const time = String(Math.floor(at / 1000));
    const signature = hmac('sha256', Buffer.from(secret, 'base64'), `${id}.${time}.`, body).digest('base64');
    return { ...JSON_TYPE, 'finch-event-id': id, 'finch-timestamp': time, 'finch-signature': `v1,${signature}` };
  },
  okta: (_, { secret }) => ({ ...JSON_TYPE, Authorization: secret }),
  rippling: (_, { secret }) => ({ 'content-type': 'application/x-www-form-urlencoded', Authorization: `Bearer ${secret}` }),
  workday: (_, { secret }) => ({ ...JSON_TYPE, Authorization: `Basic ${btoa(secret)}` }),
  successfactors: (_, { secret }) => ({ 'content-type': 'text/xml; charset=utf-8', Authorization: `Basic ${btoa(secret)}` }),
  adp: (_, { secret }) => ({ ...JSON_TYPE, Authorization: `Bearer ${secret}` }),
  remote: (body, { secret, at = NOW }) => ({
    ...JSON_TYPE,
    'X-Remote-Timestamp': String(at),
    'X-Remote-Signature': hmac('sha256', secret, body, `:${at}`).digest('hex'),
  }),
  employmentHero: (body, { secret }) => ({
    ...JSON_TYPE,
    'ms-signature': `sha256=${hmac('sha256', secret, body).digest('hex').toUpperCase()}`,
  }),
  entra: () => JSON_TYPE,
  factorial: (_, { secret }) => ({ ...JSON_TYPE, 'x-factorial-wh-challenge': secret }),
} as const satisfies Record<string, Sign>;
