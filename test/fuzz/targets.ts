import { createHash, createHmac } from 'node:crypto';
import type { Source } from '../../lambda/sources/source.ts';
import { type SourceConfigs, SYSTEM_NAMES, type SystemName, sourceOf } from '../../lambda/sources/systems/registry.ts';
import type { Sign } from '../support/signing.ts';
import { configOf, SPECIMENS } from '../support/systems.ts';

/** A source, with the deliveries and the signature of its HR system. */
export interface Target {
  source: Source;
  /** The current secret and the former one; empty if we lost the secret of the source. */
  secrets: string[];
  sign: Sign;
  /** Puts a secret into a body, if the proof is there and not in a header. */
  place: ((body: string, secret: string) => string) | undefined;
  /** Whether the proof covers the body: if not, a changed body is not a forgery. */
  coversBody: boolean;
  hasTime: boolean;
  /** Bodies of all kinds, with `{who}` in the place of the employee's id. */
  bodies: string[];
}

/** The employee's id in each sample, if it is not the `sourceId` of the thin event. */
const WHO: Partial<Record<SystemName, string>> = { canonical: '10042', workday: '10042', okta: '00u1a2b3c4' };

const hexOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** A secret for each source, in the form that its scheme needs. */
function secretOf(name: SystemName, { generation }: { generation: string }): string {
  const hex = hexOf(`${name} ${generation}`);
  const { secret } = SPECIMENS[name];
  if (secret.startsWith('whsec_')) return `whsec_${Buffer.from(hex, 'hex').toString('base64')}`;
  if (secret.includes(':')) return `${name}:${hex}`;
  return name === 'finch' ? Buffer.from(hex, 'hex').toString('base64') : hex;
}

/** Signs raw bytes with Standard Webhooks, because its own library signs only text. */
const signCanonical: Sign = (body, { secret, at = 0, id = 'msg_1' }) => {
  const time = String(Math.floor(at / 1000));
  const hmac = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(`${id}.${time}.`)
    .update(body);
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': `v1,${hmac.digest('base64')}`,
  };
};

function targetOf(name: SystemName): Target {
  const { good, foreign, wrong, thin, batch, sign, place, hasTime = false } = SPECIMENS[name];
  const source = sourceOf(name, configOf(name));
  const who = WHO[name] ?? thin?.sourceId ?? '';
  const bodies = [good, good, foreign, wrong, thin?.body, batch?.body].filter((body) => body !== undefined);
  return {
    source,
    secrets: ['current', 'former'].map((generation) => secretOf(name, { generation })),
    sign: name === 'canonical' ? signCanonical : sign,
    place,
    coversBody: !source.proofIsSecret,
    hasTime,
    bodies: bodies.map((body) => body.replaceAll(who, '{who}')),
  };
}

const PROVEN = SYSTEM_NAMES.map(targetOf);

/** Two sources whose deliveries cannot be proven: their secret is missing, or is not a valid key. */
const UNPROVEN = ['lost', 'unusable'].map(
  (name): Target => ({
    ...targetOf('canonical'),
    source: sourceOf(name, { ...configOf('canonical'), secretId: `${name}-secret` }),
    secrets: [],
  }),
);

/** Every named system, and two sources without a usable secret. */
export const TARGETS: readonly Target[] = [...PROVEN, ...UNPROVEN];

/** The sources in the environment of the receiver. */
export const FUZZED_SOURCES: SourceConfigs = {
  ...Object.fromEntries(SYSTEM_NAMES.map((name) => [name, configOf(name)])),
  ...Object.fromEntries(UNPROVEN.map(({ source: { name, secretId } }) => [name, { ...configOf('canonical'), secretId }])),
};

/** The secrets in Secrets Manager, by name. */
export const FUZZED_SECRETS: Record<string, string> = {
  ...Object.fromEntries(PROVEN.map(({ source, secrets }) => [source.secretId, JSON.stringify({ secrets })])),
  'unusable-secret': '{"secrets": ["%%%"]}',
};
