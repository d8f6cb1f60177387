import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { samlAssertion } from '../../../lambda/sources/look-ups/saml-assertion.ts';
import { readXml } from '../../../lambda/sources/read-xml.ts';
import type { FakeHr } from '../../../local/hr/fake-hr.ts';
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
  ])('%s', async (_, named, all, statuses, standing, lastDay) => {
    expect(await answered(named, all, statuses)).toMatchObject({
      standing,
      lastDay: lastDay === undefined ? undefined : { date: lastDay },
    });
  });

  it('are looked at as of the day after the last one, because the termination record begins then', async () => {
    await answered(ENDED, [ENDED], ['T']);

    expect(hr.calls.at(-1)).toMatchObject({ path: '/odata/v2/EmpJob', status: 200 });
    expect(hr.calls.at(-1)?.query.get('asOfDate')).toBe('2026-11-01');
  });

  it.each([
    ['nobody may see it', [], 'hr-blind'],
    ['nobody may see its status', [{ userId: ANA.id, emplStatusNav: null }], 'hr-blind'],
    ['it is of another employment', [{ userId: '1', emplStatusNav: { externalCode: 'T' } }], 'hr-unexpected-answer'],
    ['it is of several', [{ userId: ANA.id }, { userId: '1' }], 'hr-unexpected-answer'],
  ])('are not guessed from job information if %s', async (_, results, code) => {
    hr.troubles.push(TOKEN, employments(ENDED), employments(ENDED), employments(...results));

    await expect(asking(hr, 'successfactors').ask()).rejects.toMatchObject({ code });
  });

  it('are asked for by the id of the event, then by the person, whatever characters they have', async () => {
    const { ask } = asking(hr, 'successfactors');
    hr.troubles.push(TOKEN, employments(one({ userId: "o'hara", personIdExternal: "p'1" })), employments());
    await ask("o'hara");

    expect(hr.calls.map(({ query }) => query.get('$filter')).slice(-2)).toEqual(["userId eq 'o''hara'", "personIdExternal eq 'p''1'"]);
  });

  it.each([
    ['an end date that may not be seen', [{ userId: ANA.id, personIdExternal: 'p1' }], 'hr-blind'],
    ['several of one id', [one({}), one({})], 'hr-unexpected-answer'],
    ['another one', [one({ userId: '1' })], 'hr-unexpected-answer'],
    ['a date that is not a date', [one({ endDate: 'soon' })], 'hr-unexpected-answer'],
  ])('are not guessed from %s', async (_, results, code) => {
    hr.troubles.push(TOKEN, employments(...results), employments());

    await expect(asking(hr, 'successfactors').ask()).rejects.toMatchObject({ code });
  });
});

describe('the assertion', () => {
  it('is not made with a text that is not a key', () => {
    expect(() => samlAssertion({ clientId: 'a', userId: 'b', tokenUrl: 'https://x', now: NOW, privateKey: 'no key' })).toThrow(
      'expected a private key in PEM, got other text; set a new credential for the look-up',
    );
  });

  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asserted = { clientId: 'a&b', userId: 'user<1>', tokenUrl: 'https://api4.successfactors.com/oauth/token', now: NOW };
  const text = () =>
    Buffer.from(
      samlAssertion({ ...asserted, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }),
      'base64',
    ).toString();

  it('says who asks for what, and until when', async () => {
    const { Assertion } = (await readXml(text())) as { Assertion: Record<string, unknown> };

    expect(Assertion).toMatchObject({
      Subject: { NameID: 'user<1>' },
      Conditions: { AudienceRestriction: { Audience: 'www.successfactors.com' } },
      AttributeStatement: { Attribute: { AttributeValue: 'a&b' } },
    });
    expect(text()).toContain('NotOnOrAfter="2026-12-01T00:05:05Z" Recipient="https://api4.successfactors.com/oauth/token"');
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
