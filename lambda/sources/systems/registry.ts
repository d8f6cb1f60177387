import * as z from 'zod/mini';
import { sourceName } from '../../domain/event/leaver-message.ts';
import { expected } from '../../domain/parse.ts';
import { verifyScheme } from '../scheme.ts';
import type { Source } from '../source.ts';
import type { System } from '../system.ts';
import { proofHeaders, sendsSecret, verify, withoutSecret } from '../verify.ts';
import { adp } from './adp.ts';
import { bamboohr } from './bamboohr.ts';
import { canonical } from './canonical.ts';
import { dayforce } from './dayforce.ts';
import { deel } from './deel.ts';
import { employmentHero } from './employment-hero.ts';
import { entra } from './entra.ts';
import { factorial } from './factorial.ts';
import { finch } from './finch.ts';
import { gusto } from './gusto.ts';
import { hibob } from './hibob.ts';
import { merge } from './merge.ts';
import { okta } from './okta.ts';
import { paylocity } from './paylocity.ts';
import { personio } from './personio.ts';
import { remote } from './remote.ts';
import { rippling } from './rippling.ts';
import { successfactors } from './successfactors.ts';
import { ukgPro } from './ukg-pro.ts';
import { workday } from './workday.ts';

/** Every HR system that is known by name: docs/sources/README.md. */
const REGISTRY = [
  ['canonical', canonical],
  ['adp', adp],
  ['bamboohr', bamboohr],
  ['dayforce', dayforce],
  ['deel', deel],
  ['employment-hero', employmentHero],
  ['entra', entra],
  ['factorial', factorial],
  ['finch', finch],
  ['gusto', gusto],
  ['hibob', hibob],
  ['merge', merge],
  ['okta', okta],
  ['paylocity', paylocity],
  ['personio', personio],
  ['remote', remote],
  ['rippling', rippling],
  ['successfactors', successfactors],
  ['ukg-pro', ukgPro],
  ['workday', workday],
] as const satisfies (readonly [string, System])[];

export type SystemName = (typeof REGISTRY)[number][0];

const SYSTEMS: ReadonlyMap<SystemName | undefined, System> = new Map<SystemName, System>(REGISTRY);

export const SYSTEM_NAMES: readonly SystemName[] = REGISTRY.map(([name]) => name);

/** The settings of one source in a stage. `fitsSystem` must check them too. */
export const sourceShape = {
  /** Default `canonical`. */
  system: z.optional(z.enum(SYSTEM_NAMES, `one of ${SYSTEM_NAMES.join(', ')}`)),
  /** Default: the scheme of the system. */
  scheme: z.optional(verifyScheme),
  /** The system's own settings: see its page in docs/sources. */
  settings: z.optional(z.record(z.string(), z.unknown())),
};

/** Checks that scheme and settings fit the system, so that a mistake is found at synth, not at the first delivery. */
export const fitsSystem = z.check<z.infer<z.ZodMiniObject<typeof sourceShape>>>(({ value, issues }) => {
  const system = systemOf(value.system);
  if (value.scheme === undefined && system.scheme === undefined) {
    issues.push({ code: 'custom', path: ['scheme'], input: value.scheme, message: 'a scheme, because this system has no default' });
  }
  const settings = z.safeParse(system.settings, value.settings ?? {});
  for (const issue of settings.error?.issues ?? []) {
    const params = { issue, schema: system.settings };
    issues.push({ code: 'custom', path: ['settings', ...issue.path], input: value.settings, message: expected(issue), params });
  }
});

const sourceConfig = z
  .strictObject({
    ...sourceShape,
    /** Secrets Manager name or ARN; the secret is `{"secrets": ["current", "previous"]}` or the bare current value. */
    secretId: z.string().check(z.minLength(1)),
  })
  .check(fitsSystem);

/** All sources of a stage by name, which is the last part of the URL. */
export const sourceConfigs = z.record(sourceName, sourceConfig);

export type SourceConfig = z.infer<typeof sourceConfig>;
export type SourceConfigs = z.infer<typeof sourceConfigs>;

interface WrittenSource {
  system?: SystemName | undefined;
  settings?: Record<string, unknown> | undefined;
  lookUp?: object | undefined;
}

const writtenPolicy = z.looseObject({ sources: z._default(z.record(z.string(), z.looseObject({})), {}) });

/**
 * Completes a policy that has not been checked yet: each source of the stage gets the rules that follow from its system. What is written
 * in `policy.sources` wins.
 *
 * @returns what was written, if it cannot be a policy
 */
export function withSourceRules(written: unknown, sources: Record<string, WrittenSource>): unknown {
  const read = z.safeParse(writtenPolicy, written === undefined ? {} : written);
  if (!read.success) return written;
  const known = Object.entries(sources)
    .filter(([name]) => z.safeParse(sourceName, name).success)
    .map(([name, source]) => [name, { ...rulesOfSystem(source), ...read.data.sources[name] }]);
  return { ...read.data, sources: { ...read.data.sources, ...Object.fromEntries(known) } };
}

/** What follows from the system: nothing, if its settings are wrong. */
function rulesOfSystem({ system: name, settings = {}, lookUp }: WrittenSource): object {
  const system = systemOf(name);
  if (!z.safeParse(system.settings, settings).success) return {};
  const ownIdIsNumber = settings.employeeIdIs === 'employeeNumber';
  const sendsNumbers = ownIdIsNumber || system.sendsNumbersWith(settings, { isAsked: lookUp !== undefined });
  return { sendsNumbers };
}

/** Makes a source ready to receive from. @param config checked by `sourceConfigs`. @throws InvalidInput if the settings are wrong */
export function sourceOf(name: string, config: SourceConfig): Source {
  const system = systemOf(config.system);
  const scheme = schemeOf(config);
  const { answers, contentType, greet, decode, read } = system;
  const understand = system.understandWith(config.settings ?? {});
  return {
    name,
    secretId: config.secretId,
    answers,
    contentType,
    greet,
    decode,
    read,
    proofHeaders: proofHeaders(scheme),
    proofIsSecret: sendsSecret(scheme),
    withoutSecret: (body) => withoutSecret(scheme, body),
    verify: (delivery, secrets, now) => verify(scheme, delivery, { secrets, now }),
    understand: (body, signedId) => understand(body, { source: name, signedId }),
  };
}

/** How the deliveries of a source are proven: as the stage says, otherwise as its system does by default. */
export const schemeOf = (config: Pick<SourceConfig, 'system' | 'scheme'>) =>
  config.scheme ?? z.parse(verifyScheme, systemOf(config.system).scheme);

/** The schema of a system's own settings. */
export const settingsOf = (name: SystemName): z.core.$ZodType => systemOf(name).settings;

const systemOf = (name?: SystemName): System => SYSTEMS.get(name) ?? canonical;
