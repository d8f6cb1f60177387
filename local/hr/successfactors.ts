import { generateKeyPairSync } from 'node:crypto';
import type { FakeEmployee } from './employees.ts';
import type { FakeSystem } from './system.ts';

/** The stand-in looks at what the assertion says, and not at its signature: it knows no certificate. */
const privateKey = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const credential = { clientId: 'fake-api-key', userId: 'offboarding', privateKey };
const TOKEN = 'fake-successfactors-token';

/** "EmpEmployment" and "Authentication Using OAuth 2.0", SAP SuccessFactors OData API v2. Everybody has an employment of long ago. */
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
    if (method !== 'GET' || path !== '/odata/v2/EmpEmployment') return undefined;
    if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { error: { code: 'LGN0005' } } };

    const [, field, value = ''] = /^(userId|personIdExternal) eq '(.*)'$/.exec(query.get('$filter') ?? '') ?? [];
    const employee = employees.find(value.replaceAll("''", "'").replace(/^p-/, ''));
    if (employee === undefined) return { status: 200, body: { d: { results: [] } } };
    const own = employmentOf(employee);
    const former = { ...own, userId: `${employee.id}-former`, startDate: odata('2001-01-01'), endDate: odata('2001-12-31') };
    return { status: 200, body: { d: { results: field === 'userId' ? [own] : [former, own] } } };
  },
};

const odata = (date: string | null) => (date === null ? null : `/Date(${Date.parse(`${date}T00:00:00Z`)})/`);

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
