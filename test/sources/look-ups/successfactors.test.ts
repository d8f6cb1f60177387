import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY } from '../../../lambda/domain/time/time.ts';
import { samlAssertion } from '../../../lambda/sources/look-ups/saml-assertion.ts';
import { readXml } from '../../../lambda/sources/read-xml.ts';
import { FAKE_SYSTEMS, type FakeHr } from '../../../local/hr/fake-hr.ts';
import { ANA, asking, NOW, ok, settle, startHr } from '../../support/asking-hr.ts';

let hr: FakeHr;
beforeAll(async () => {
  hr = await startHr();
});
afterAll(() => hr.close());
afterEach(() => settle(hr));

const odata = (date: string) => `/Date(${Date.parse(`${date}T00:00:00Z`)})/`;
const TOKEN = ok({ access_token: 't', token_type: 'Bearer', expires_in: 86_400 });
const one = (changes: object) => ({
  userId: ANA.id,
  personIdExternal: 'p1',
  startDate: odata('2020-02-01'),
  endDate: null,
  userNav: null,
  ...changes,
});
const employments = (...results: object[]) => ok({ d: { results } });

/** @param statuses of the employments that end, as of the day after: of the named one first */
async function answered(named: object, all: object[], statuses: string[] = []) {
  hr.troubles.push(
    TOKEN,
    employments(named),
    employments(...all),
    ...statuses.map((status, at) => jobs(status, at === 0 ? ANA.id : 'other')),
  );
  return asking(hr, 'successfactors').ask();
}

const jobs = (externalCode: string, userId = ANA.id) => employments({ userId, emplStatusNav: { externalCode } });

const OTHER = (changes: object) => one({ userId: 'other', ...changes });
const ENDED = one({ endDate: odata('2026-10-31') });
const WITH_OFFSET = one({ endDate: odata('2026-10-31').replace(')', '+0000)') });

const unexpected = (line: string) => ({
  name: 'PermanentFailure',
  code: 'hr-unexpected-answer',
  message: `${line}; check the look-up's credential and its page in docs/sources`,
});
const blind = (message: string) => ({ name: 'CredentialFailure', code: 'hr-blind', message });

describe('the employments of a person in SuccessFactors', () => {
  it.each([
    ['one that has ended', ENDED, [ENDED], ['T'], 'left', '2026-10-31'],
    ['one of somebody who retired', ENDED, [ENDED], ['R'], 'left', '2026-10-31'],
    ['one that ends later', one({ endDate: odata('2027-01-31') }), [], ['T'], 'employed', '2027-01-31'],
    ['one whose termination was deleted, and its end with it', one({}), [one({})], [], 'employed', undefined],
    ['one whose termination was deleted, and its end was not', ENDED, [ENDED], ['A'], 'employed', undefined],
    [
      'one whose later termination was deleted, and its end was not',
      one({ endDate: odata('2027-01-31') }),
      [],
      ['A'],
      'employed',
      undefined,
    ],
    ['one on unpaid leave that has an end', ENDED, [ENDED], ['U'], 'employed', undefined],
    ['one that has ended, beside one that goes on', ENDED, [ENDED, OTHER({})], ['T'], 'employed', undefined],
    [
      'one that has ended, beside one that ends later',
      ENDED,
      [ENDED, OTHER({ endDate: odata('2027-03-31') })],
      ['T', 'T'],
      'employed',
      '2027-03-31',
    ],
    ['one that ends today, which is not over everywhere', one({ endDate: odata('2026-11-30') }), [], ['T'], 'employed', '2026-11-30'],
    ['one that has ended, beside one of long ago', ENDED, [OTHER({ endDate: odata('2001-12-31') }), ENDED], ['T'], 'left', '2026-10-31'],
    [
      'one that has ended, beside one of last year whose termination was deleted',
      ENDED,
      [ENDED, OTHER({ endDate: odata('2025-11-30') })],
      ['T', 'A'],
      'employed',
      undefined,
    ],
    ['one of long ago whose termination was deleted', one({ endDate: odata('2001-12-31') }), [], ['A'], 'employed', undefined],
    ['one that has ended, without a first day', one({ endDate: odata('2026-10-31'), startDate: null }), [], ['T'], 'left', '2026-10-31'],
    ['one that has ended, on a day that is written with an offset', WITH_OFFSET, [], ['T'], 'left', '2026-10-31'],
  ])('%s', async (_, named, all, statuses, standing, lastDay) => {
    expect(await answered(named, all, statuses)).toMatchObject({
      standing,
      lastDay: lastDay === undefined ? undefined : { date: lastDay },
    });
  });

  it.each([
    ['are looked at beside the own one until 400 days after they ended', 0, ['2026-11-01', '2025-10-28']],
    ['are not looked at any more beside the own one after that', 1, ['2026-11-01']],
  ])('%s', async (_, later, days) => {
    const { ask, time } = asking(hr, 'successfactors');
    time.now = Date.parse('2025-10-27T00:00:00Z') + 400 * DAY + later;
    hr.troubles.push(TOKEN, employments(ENDED), employments(OTHER({ endDate: odata('2025-10-27') })), jobs('T'), jobs('T', 'other'));
    await ask();

    expect(hr.calls.slice(3).map(({ query }) => query.get('asOfDate'))).toEqual(days);
  });

  it('are looked at as of the day after the last one, because the termination record begins then', async () => {
    await answered(ENDED, [ENDED], ['T']);

    expect(hr.calls.at(-1)).toMatchObject({ path: '/odata/v2/EmpJob', status: 200 });
    expect(hr.calls.at(-1)?.query.get('asOfDate')).toBe('2026-11-01');
  });

  const unseenStatus = blind(
    'expected the employment status in the job information, got none; let the API user see Job Information, emplStatus',
  );
  const otherJobs = unexpected('job information: expected one record of this userId as of a day, got others, so the filter was ignored');

  it.each([
    ['nobody may see it', [], unseenStatus],
    ['nobody may see its status', [{ userId: ANA.id, emplStatusNav: null }], unseenStatus],
    ['it is of another employment', [{ userId: '1', emplStatusNav: { externalCode: 'T' } }], otherJobs],
    ['it is of several', [{ userId: ANA.id }, { userId: '1' }], otherJobs],
    ['it is of nobody', [{ emplStatusNav: null }], unexpected('job information: userId: expected an id, got nothing')],
  ])('are not guessed from job information if %s', async (_, results, failure) => {
    hr.troubles.push(TOKEN, employments(ENDED), employments(ENDED), employments(...results));

    await expect(asking(hr, 'successfactors').ask()).rejects.toMatchObject(failure);
  });

  it('are asked for with a token for the assertion, and with no more than is needed', async () => {
    await asking(hr, 'successfactors').ask();

    const form = Object.fromEntries(new URLSearchParams(hr.calls[0]?.body));
    expect(form).toEqual({
      company_id: 'acme',
      client_id: 'fake-api-key',
      grant_type: 'urn:ietf:params:oauth:grant-type:saml2-bearer',
      assertion: expect.any(String),
    });
    const employment = {
      $select: 'userId,personIdExternal,startDate,endDate,userNav/email,userNav/firstName,userNav/lastName,userNav/empId',
      $expand: 'userNav',
      $format: 'json',
      $top: '50',
    };
    const job = { $select: 'userId,emplStatusNav/externalCode', $expand: 'emplStatusNav', $format: 'json', $top: '50' };
    expect(hr.calls.slice(1).map(({ path, query }) => [path, Object.fromEntries(query)])).toEqual([
      ['/odata/v2/EmpEmployment', { $filter: "userId eq '67890'", ...employment }],
      ['/odata/v2/EmpEmployment', { $filter: "personIdExternal eq 'p-67890'", ...employment }],
      ['/odata/v2/EmpJob', { $filter: "userId eq '67890'", asOfDate: '2026-12-01', ...job }],
    ]);
  });

  it('are none if SuccessFactors finds nothing', async () => {
    hr.troubles.push(TOKEN, { status: 404, body: {} });

    expect(await asking(hr, 'successfactors').ask()).toBeUndefined();
    expect(hr.calls).toHaveLength(2);
  });

  it('are asked for by the id of the event, then by the person, whatever characters they have', async () => {
    const { ask } = asking(hr, 'successfactors');
    hr.troubles.push(TOKEN, employments(one({ userId: "o'hara", personIdExternal: "p'1" })), employments());
    await ask("o'hara");

    expect(hr.calls.map(({ query }) => query.get('$filter')).slice(-2)).toEqual(["userId eq 'o''hara'", "personIdExternal eq 'p''1'"]);
  });

  const notADate = (length: number) => unexpected(`last day: expected a date such as 2026-11-30, got a string of ${length} characters`);

  it.each([
    [
      'an end date that may not be seen',
      [{ userId: ANA.id, personIdExternal: 'p1' }],
      blind('expected the end date of an employment, got none; let the API user see Employment Details, endDate'),
    ],
    [
      'several of one id',
      [one({}), one({})],
      unexpected('employments: expected one employment with this userId, got several, so the filter was ignored'),
    ],
    ['another one', [one({ userId: '1' })], unexpected('employee: expected the employee with this id, got another')],
    ['one of no person', [one({ personIdExternal: null })], unexpected('employment: personIdExternal: expected a string, got null')],
    ['a date that is not a date', [one({ endDate: 'soon' })], notADate(4)],
    ['text before a date', [one({ endDate: 'on /Date(1793404800000)/' })], notADate(24)],
    ['text behind a date', [one({ endDate: '/Date(1793404800000)/ or so' })], notADate(27)],
  ])('are not guessed from %s', async (_, results, failure) => {
    hr.troubles.push(TOKEN, employments(...results), employments());

    await expect(asking(hr, 'successfactors').ask()).rejects.toMatchObject(failure);
  });
});

describe('the assertion', () => {
  it('is not made with a text that is not a key: every event waits for a new credential, and HR is not asked', async () => {
    const secret = JSON.stringify({ ...FAKE_SYSTEMS.successfactors.credential, privateKey: 'no key' });

    await expect(asking(hr, 'successfactors', { secrets: [secret] }).ask()).rejects.toMatchObject({
      name: 'CredentialFailure',
      code: 'hr-credential-refused',
      message: 'expected a private key in PEM, got other text; set a new credential for the look-up',
    });
    expect(hr.calls).toEqual([]);
  });

  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asserted = { clientId: 'a&b', userId: 'user<1>"A"', tokenUrl: 'https://api4.successfactors.com/oauth/token', now: NOW };
  const text = () =>
    Buffer.from(
      samlAssertion({ ...asserted, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }),
      'base64',
    ).toString();

  it('says who asks for what, and until when', async () => {
    const { Assertion } = (await readXml(text())) as { Assertion: Record<string, unknown> };

    expect(Assertion).toMatchObject({
      Subject: { NameID: 'user<1>"A"' },
      Conditions: { AudienceRestriction: { Audience: 'www.successfactors.com' } },
      AttributeStatement: { Attribute: { AttributeValue: 'a&b' } },
    });
    expect(text()).toContain('NotOnOrAfter="2026-12-01T00:05:05Z" Recipient="https://api4.successfactors.com/oauth/token"');
  });

  it('is another one each time, because an id may be used once', () => {
    const idIn = (assertion: string) => / ID="(_[0-9a-f-]{36})"/.exec(assertion)?.[1];
    const [id, other] = [idIn(text()), idIn(text())];

    expect(id).toBeDefined();
    expect(other).toBeDefined();
    expect(other).not.toBe(id);
  });

  it('is in canonical form, or the other side would compute another digest of it', () => {
    const SAML = 'urn:oasis:names:tc:SAML:2.0';
    const DS = 'http://www.w3.org/2000/09/xmldsig#';
    const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
    const written = text()
      .replaceAll(/_[0-9a-f-]{36}/g, 'ID')
      .replace(/(<ds:DigestValue>).*(<\/ds:DigestValue>)/, '$1DIGEST$2')
      .replace(/(<ds:SignatureValue>).*(<\/ds:SignatureValue>)/, '$1VALUE$2');

    expect(written.replaceAll('><', '>\n<').split('\n')).toEqual([
      `<saml2:Assertion xmlns:saml2="${SAML}:assertion" ID="ID" IssueInstant="2026-12-01T00:00:05Z" Version="2.0">`,
      '<saml2:Issuer>workfront-offboarding</saml2:Issuer>',
      `<ds:Signature xmlns:ds="${DS}">`,
      '<ds:SignedInfo>',
      `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}">`,
      '</ds:CanonicalizationMethod>',
      '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256">',
      '</ds:SignatureMethod>',
      '<ds:Reference URI="#ID">',
      '<ds:Transforms>',
      `<ds:Transform Algorithm="${DS}enveloped-signature">`,
      '</ds:Transform>',
      `<ds:Transform Algorithm="${EXCLUSIVE}">`,
      '</ds:Transform>',
      '</ds:Transforms>',
      '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256">',
      '</ds:DigestMethod>',
      '<ds:DigestValue>DIGEST</ds:DigestValue>',
      '</ds:Reference>',
      '</ds:SignedInfo>',
      '<ds:SignatureValue>VALUE</ds:SignatureValue>',
      '</ds:Signature>',
      '<saml2:Subject>',
      '<saml2:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">user&lt;1&gt;"A"</saml2:NameID>',
      `<saml2:SubjectConfirmation Method="${SAML}:cm:bearer">`,
      '<saml2:SubjectConfirmationData NotOnOrAfter="2026-12-01T00:05:05Z" Recipient="https://api4.successfactors.com/oauth/token">',
      '</saml2:SubjectConfirmationData>',
      '</saml2:SubjectConfirmation>',
      '</saml2:Subject>',
      '<saml2:Conditions NotBefore="2026-11-30T23:59:05Z" NotOnOrAfter="2026-12-01T00:05:05Z">',
      '<saml2:AudienceRestriction>',
      '<saml2:Audience>www.successfactors.com</saml2:Audience>',
      '</saml2:AudienceRestriction>',
      '</saml2:Conditions>',
      '<saml2:AuthnStatement AuthnInstant="2026-12-01T00:00:05Z" SessionIndex="ID">',
      '<saml2:AuthnContext>',
      `<saml2:AuthnContextClassRef>${SAML}:ac:classes:X509</saml2:AuthnContextClassRef>`,
      '</saml2:AuthnContext>',
      '</saml2:AuthnStatement>',
      '<saml2:AttributeStatement>',
      '<saml2:Attribute Name="api_key">',
      '<saml2:AttributeValue>a&amp;b</saml2:AttributeValue>',
      '</saml2:Attribute>',
      '</saml2:AttributeStatement>',
      '</saml2:Assertion>',
    ]);
  });

  it('is signed: its digest is that of the assertion without the signature, and the key proves the digest', () => {
    const signed = text();
    const [signature = ''] = /<ds:Signature .*<\/ds:Signature>/.exec(signed) ?? [];
    const [, digest] = /<ds:DigestValue>(.*)<\/ds:DigestValue>/.exec(signature) ?? [];
    const [, value = ''] = /<ds:SignatureValue>(.*)<\/ds:SignatureValue>/.exec(signature) ?? [];
    const [info = ''] = /<ds:SignedInfo>.*<\/ds:SignedInfo>/.exec(signature) ?? [];
    const canonical = info.replace('<ds:SignedInfo>', '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">');

    expect(digest).toBe(createHash('sha256').update(signed.replace(signature, '')).digest('base64'));
    expect(
      verify(
        'sha256',
        Buffer.from(canonical),
        createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
        Buffer.from(value, 'base64'),
      ),
    ).toBe(true);
  });
});
