import type { LookUpConfigs } from '../../lambda/sources/look-ups/registry.ts';
import type { FakeDirectory } from '../workfront/users/directory.ts';
import type { FakeEmployee } from './employees.ts';
import { FAKE_SYSTEMS } from './fake-hr.ts';

/** In the stand-ins the id of an employee is the employee number. */
const about = { employeeIdIs: 'employeeNumber' };

/** The sources of the local system whose HR system the product asks. */
export const LOCAL_LOOK_UPS: LookUpConfigs = {
  bamboohr: { system: 'bamboohr', lookUp: { companyDomain: 'acme' }, ...about },
  entra: { system: 'entra', lookUp: { tenantId: '00000000-0000-0000-0000-000000000001' }, ...about },
  finch: { system: 'finch', lookUp: {}, ...about },
  hibob: { system: 'hibob', lookUp: {}, ...about },
  merge: { system: 'merge', lookUp: {}, ...about },
  personio: { system: 'personio', lookUp: {}, ...about },
  successfactors: { system: 'successfactors', lookUp: { apiHost: 'api4.successfactors.com', companyId: 'acme' }, ...about },
};

export const LOCAL_LOOK_UP_SECRETS = 'offboarding/local/look-up/';

/** The credentials that the stand-ins accept. */
export const newLookUpSecrets = (lookUps: LookUpConfigs): Record<string, string> =>
  Object.fromEntries(
    Object.entries(lookUps).map(([source, { system }]) => [
      `${LOCAL_LOOK_UP_SECRETS}${source}`,
      JSON.stringify(FAKE_SYSTEMS[system].credential),
    ]),
  );

/** HR knows every user of the fake Workfront with an employee number, and shows them as employed. */
export function employeesOf(directory: FakeDirectory): () => FakeEmployee[] {
  return () =>
    directory.all().flatMap(({ extRefID: id, emailAddr, firstName, lastName }) =>
      id
        ? [
            {
              id,
              email: emailAddr,
              privateEmail: `${id}@home.test`,
              number: id,
              givenName: firstName,
              familyName: lastName,
              standing: 'employed' as const,
              lastDay: null,
              startedOn: null,
            },
          ]
        : [],
    );
}
