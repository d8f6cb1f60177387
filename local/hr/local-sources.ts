import { randomBytes } from 'node:crypto';
import { verifyScheme } from '../../lambda/sources/scheme.ts';
import { type SourceConfig, type SourceConfigs, SYSTEM_NAMES, type SystemName, schemeOf } from '../../lambda/sources/systems/registry.ts';

/** The name of a source's secret in the local system. */
export const secretOf = (source: string) => `offboarding/local/source/${source}`;

/** The settings of the local sources. In the fake Workfront the employee number is the id that every HR system uses. */
const SETTINGS: Partial<Record<SystemName, Partial<SourceConfig>>> = {
  adp: { scheme: verifyScheme.parse({ kind: 'bearer' }) },
  rippling: { settings: { comes: 'when-due' } },
  'ukg-pro': {
    scheme: verifyScheme.parse({ kind: 'hmac', header: 'X-UKG-Signature', encoding: 'base64' }),
    settings: { comes: 'when-due' },
  },
  workday: {
    settings: {
      mapping: {
        type: { path: 'event', terminated: ['Termination'], rescinded: ['Rescind Termination'] },
        id: 'transactionId',
        occurredAt: 'completedAt',
        effectiveDate: 'lastDayOfWork',
        employeeNumber: 'worker.employeeId',
        email: 'worker.email',
        givenName: 'worker.firstName',
        familyName: 'worker.lastName',
      },
    },
  },
};

const byName = (system: SystemName): SourceConfig => ({
  ...SETTINGS[system],
  system,
  secretId: secretOf(system),
  settings: { employeeIdIs: 'employeeNumber', ...SETTINGS[system]?.settings },
});

/** The sources of the local system: two for the canonical event, and one for each named HR system. */
export const LOCAL_SOURCES: SourceConfigs = {
  'standard-webhooks': { scheme: { kind: 'standard-webhooks' }, secretId: secretOf('standard-webhooks') },
  hmac: {
    scheme: {
      kind: 'hmac',
      header: 'X-Hub-Signature-256',
      algorithm: 'sha256',
      encoding: 'hex',
      prefix: 'sha256=',
      signed: '{body}',
      toleranceSeconds: 300,
    },
    secretId: secretOf('hmac'),
  },
  ...Object.fromEntries(SYSTEM_NAMES.filter((name) => name !== 'canonical').map((name) => [name, byName(name)])),
};

/** A new secret for each source, in the form that its scheme needs. */
export const newSourceSecrets = (sources: SourceConfigs): Record<string, string> =>
  Object.fromEntries(Object.values(sources).map((source) => [source.secretId, newSecret(schemeOf(source).kind)]));

function newSecret(scheme: ReturnType<typeof schemeOf>['kind']): string {
  switch (scheme) {
    case 'standard-webhooks':
      return `whsec_${randomBytes(24).toString('base64')}`;
    case 'basic':
      return `workfront:${randomBytes(24).toString('hex')}`;
    case 'hmac':
    case 'bearer':
    case 'in-body':
      return randomBytes(32).toString('hex');
  }
}
