import { createHash, createHmac } from 'node:crypto';
import type { Source } from '../../lambda/sources/source.ts';
import { type SourceConfigs, SYSTEM_NAMES, type SystemName, sourceOf } from '../../lambda/sources/systems/registry.ts';
import type { Sign } from '../support/signing.ts';
import { configOf, SPECIMENS } from '../support/systems.ts';

/** A source as the fuzz run knows it: what its HR system sends and how it signs. */
export interface Target {
  source: Source;
  /** The current secret and the former one; none for a source of which we lost it. */
  secrets: string[];
  sign: Sign;
  /** Whether the proof covers the body: where it does not, a changed body is no forgery. */
  coversBody: boolean;
  hasTime: boolean;
  /** Bodies of all kinds, with `{who}` where the employee's id stands. */
  bodies: string[];
}

/** What each sample calls its employee, where that is not the `sourceId` of the thin event. */
const WHO: Partial<Record<SystemName, string>> = { canonical: '10042', workday: '10042', okta: '00u1a2b3c4' };

const hexOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** A secret of its own for each source, written as its scheme wants it. */
function secretOf(name: SystemName, generation: string): string {
  const hex = hexOf(`${name} ${generation}`);
  const { secret } = SPECIMENS[name];
  if (secret.startsWith('whsec_')) return `whsec_${Buffer.from(hex, 'hex').toString('base64')}`;
  if (secret.includes(':')) return `${name}:${hex}`;
  return name === 'finch' ? Buffer.from(hex, 'hex').toString('base64') : hex;
}

/** Standard Webhooks over raw bytes: its own library signs text alone. */
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
  const { good, foreign, wrong, thin, batch, sign, hasTime = false } = SPECIMENS[name];
  const source = sourceOf(name, configOf(name));
  const who = WHO[name] ?? thin?.sourceId ?? '';
  const bodies = [good, good, foreign, wrong, thin?.body, batch?.body].filter((body) => body !== undefined);
  return {
    source,
    secrets: ['current', 'former'].map((generation) => secretOf(name, generation)),
    sign: name === 'canonical' ? signCanonical : sign,
    coversBody: !source.proofIsSecret,
    hasTime,
    bodies: bodies.map((body) => body.replaceAll(who, '{who}')),
  };
}

const PROVEN = SYSTEM_NAMES.map(targetOf);

/** Two sources that no delivery can be proven to come from: their secret is missing, or can be no key. */
const UNPROVEN = ['lost', 'unusable'].map(
  (name): Target => ({
    ...targetOf('canonical'),
    source: sourceOf(name, { ...configOf('canonical'), secretId: `${name}-secret` }),
    secrets: [],
  }),
);

/** Every system that is known by name, and two sources without a usable secret. */
export const TARGETS: readonly Target[] = [...PROVEN, ...UNPROVEN];

/** As the receiver's environment has them. */
export const FUZZED_SOURCES: SourceConfigs = {
  ...Object.fromEntries(SYSTEM_NAMES.map((name) => [name, configOf(name)])),
  ...Object.fromEntries(UNPROVEN.map(({ source: { name, secretId } }) => [name, { ...configOf('canonical'), secretId }])),
};

/** As Secrets Manager has them, by name. */
export const FUZZED_SECRETS: Record<string, string> = {
  ...Object.fromEntries(PROVEN.map(({ source, secrets }) => [source.secretId, JSON.stringify({ secrets })])),
  'unusable-secret': '{"secrets": ["%%%"]}',
};
