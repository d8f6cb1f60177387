import { hrSystems, type LookUpConfig } from '../../lambda/sources/look-ups/registry.ts';
import { standIn } from '../../lambda/sources/look-ups/stand-in.ts';
import { type FakeEmployee, fakeEmployees } from '../../local/hr/employees.ts';
import { FAKE_SYSTEMS, type FakeHr, startFakeHr } from '../../local/hr/fake-hr.ts';

export const NOW = Date.parse('2026-12-01T00:00:05Z');

/** The only employee that HR knows. */
export const ANA: FakeEmployee = {
  id: '67890',
  email: 'ana@acme.test',
  privateEmail: 'ana@home.test',
  number: '10042',
  givenName: 'Ana',
  familyName: 'Silva',
  standing: 'left',
  lastDay: '2026-11-30',
  startedOn: '2020-02-01',
};

/** The settings of a stage for each system that is asked, and the only host that may get a call. */
export const SYSTEMS = {
  bamboohr: { lookUp: { companyDomain: 'acme' }, host: 'acme.bamboohr.com' },
  entra: { lookUp: { tenantId: '5df911a0-e8e9-412d-8aaf-a46ad193dd96' }, host: 'graph.microsoft.com' },
  finch: { lookUp: {}, host: 'api.tryfinch.com' },
  hibob: { lookUp: {}, host: 'api.hibob.com' },
  merge: { lookUp: { region: 'eu' }, host: 'api-eu.merge.dev' },
  personio: { lookUp: {}, host: 'api.personio.de' },
  successfactors: { lookUp: { apiHost: 'api4.successfactors.com', companyId: 'acme' }, host: 'api4.successfactors.com' },
} as const;

export type Name = keyof typeof SYSTEMS;
export const NAMES: Name[] = ['bamboohr', 'entra', 'finch', 'hibob', 'merge', 'personio', 'successfactors'];

export const startHr = (): Promise<FakeHr> => startFakeHr({ employees: fakeEmployees(() => [ANA]) });

/** Resets HR after a test. */
export function settle(hr: FakeHr): void {
  hr.calls.length = 0;
  hr.troubles.length = 0;
  hr.employees.change(ANA.id, { standing: 'left', lastDay: '2026-11-30', startedOn: '2020-02-01' });
}

interface Asking {
  /** The values of the secret, one for each time that it is read; the last one stays. */
  secrets?: string[];
  about?: Partial<LookUpConfig>;
}

/** Asks a system's API as the worker does, over real HTTP. */
export function asking(hr: FakeHr, name: Name, { secrets = [JSON.stringify(FAKE_SYSTEMS[name].credential)], about = {} }: Asking = {}) {
  const left = [...secrets];
  const read: string[] = [];
  const time = { now: NOW };
  const systems = hrSystems(
    { acme: { system: name, lookUp: SYSTEMS[name].lookUp, ...about } },
    {
      secrets: 'stage/look-up/',
      readSecret: async (secretId) => {
        read.push(secretId);
        return (left.length > 1 ? left.shift() : left[0]) ?? '';
      },
      fetch: standIn(fetch, hr.url),
      clock: () => time.now,
    },
  );
  return { read, time, systems, ask: (sourceId: string = ANA.id) => systems.ask('acme', sourceId) };
}

/** Makes an answer of HR's API. */
export const ok = (body: object) => ({ status: 200, body });
