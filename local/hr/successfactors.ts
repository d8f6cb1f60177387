import { generateKeyPairSync } from 'node:crypto';
import type { FakeEmployee } from './employees.ts';
import type { ApiAnswer, FakeSystem } from './system.ts';

/** The stand-in looks at what the assertion says, and not at its signature: it knows no certificate. */
const privateKey = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const credential = { clientId: 'fake-api-key', userId: 'offboarding', privateKey };
const TOKEN = 'fake-successfactors-token';

/** "EmpEmployment", "EmpJob" and "Authentication Using OAuth 2.0", SAP SuccessFactors OData API v2. Everybody has an employment of long ago. */
export const fakeSuccessfactors: FakeSystem = {
  host: /^api[a-z0-9-]*\.(successfactors|sapsf)\.(com|eu|cn)$/,
  credential,
  answer({ method, host, path, query, headers, body }, employees) {
    if (method === 'POST' && path === '/oauth/token') {
      const form = new URLSearchParams(body);
      const assertion = Buffer.from(form.get('assertion') ?? '', 'base64').toString();
      const says = ['>offboarding<', '>fake-api-key<', `Recipient="https://${host}/oauth/token"`, '<ds:SignatureValue>'];
      const isKnown = form.get('client_id') === credential.clientId && says.every((one) => assertion.includes(one));
      if (!isKnown) return { status: 401, body: { errorMessage: 'Unable to verify the signature of the SAML assertion' } };
      return { status: 200, body: { access_token: TOKEN, token_type: 'Bearer', expires_in: 86_400 } };
    }
    if (method !== 'GET' || !/^\/odata\/v2\/Emp(Employment|Job)$/.test(path)) return undefined;
    if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { error: { code: 'LGN0005' } } };

    const [, field, value = ''] = /^(userId|personIdExternal) eq '(.*)'$/.exec(query.get('$filter') ?? '') ?? [];
    const employee = employees.find(value.replaceAll("''", "'").replace(/^p-/, ''));
    if (employee === undefined) return { status: 200, body: { d: { results: [] } } };
    if (path.endsWith('EmpJob')) return jobOf(employee, query.get('asOfDate') ?? '');
    const own = employmentOf(employee);
    const former = { ...own, userId: `${employee.id}-former`, startDate: odata('2001-01-01'), endDate: odata('2001-12-31') };
    return { status: 200, body: { d: { results: field === 'userId' ? [own] : [former, own] } } };
  },
};

const odata = (date: string | null) => (date === null ? null : `/Date(${Date.parse(`${date}T00:00:00Z`)})/`);

/** The job information as of a day: with a termination record from the day after the last one. */
function jobOf({ id, lastDay, standing }: FakeEmployee, asOfDate: string): ApiAnswer {
  const ends = lastDay ?? (standing === 'left' ? '2020-01-31' : '9999-12-31');
  return { status: 200, body: { d: { results: [{ userId: id, emplStatusNav: { externalCode: asOfDate > ends ? 'T' : 'A' } }] } } };
}

function employmentOf({ id, email, number, givenName, familyName, standing, lastDay, startedOn }: FakeEmployee) {
  const isRehired = lastDay !== null && startedOn !== null && startedOn > lastDay;
  const ended = standing === 'left' ? (lastDay ?? '2020-01-31') : isRehired ? null : lastDay;
  return {
    userId: id,
    personIdExternal: `p-${id}`,
    startDate: odata(startedOn ?? '2019-01-01'),
    endDate: odata(ended),
    userNav: { email, firstName: givenName, lastName: familyName, empId: number },
  };
}
