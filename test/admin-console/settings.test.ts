import { describe, expect, it } from '@jest/globals';
import { parseConsoleSecret } from '../../lambda/admin-console/secret.ts';
import { adminConsoleSettings } from '../../lambda/admin-console/settings.ts';
import { parse } from '../../lambda/domain/parse.ts';

const read = (written: object) => parse(adminConsoleSettings, written, 'adminConsole');

describe('the part adminConsole of a stage', () => {
  it('asks Adobe unless it says otherwise', () => {
    expect(read({ profiles: ['Workfront'] })).toEqual({
      profiles: ['Workfront'],
      groups: [],
      baseUrl: 'https://usermanagement.adobe.io/v2/usermanagement',
      tokenUrl: 'https://ims-na1.adobelogin.com/ims/token/v2',
    });
  });

  it.each([
    { what: 'a stage that names nothing', written: {} },
    { what: 'the name of an administrator role', written: { profiles: ['_product_admin_Workfront'] } },
    { what: 'an empty name', written: { groups: [''] } },
    { what: 'a name of more than 250 characters', written: { groups: ['a'.repeat(251)] } },
    { what: 'a name that is there twice', written: { profiles: ['Workfront'], groups: ['Workfront'] } },
    { what: 'an unknown key', written: { profiles: ['Workfront'], all: true } },
    { what: 'another host for the API', written: { profiles: ['Workfront'], baseUrl: 'https://usermanagement.adobe.io.evil.test/v2' } },
    { what: 'a host that only ends like Adobe', written: { profiles: ['Workfront'], baseUrl: 'https://evil-adobe.io/v2' } },
    { what: 'a host that is part of a user name', written: { profiles: ['Workfront'], tokenUrl: 'https://adobelogin.com@evil.test/x' } },
    { what: 'a token host without encryption', written: { profiles: ['Workfront'], tokenUrl: 'http://ims-na1.adobelogin.com/ims' } },
  ])('refuses $what', ({ written }) => {
    expect(() => read(written)).toThrow(/^adminConsole: /);
  });
});

describe('the part adminConsole of a stage takes', () => {
  const API = 'https://usermanagement.adobe.io/v2';

  it.each([
    { what: 'a name of 250 characters', written: { groups: ['a'.repeat(250)] } },
    { what: '25 names', written: { groups: Array.from({ length: 25 }, (_, index) => `G${index}`) } },
    { what: 'another host of Adobe', written: { groups: ['G'], baseUrl: 'https://stage.um.adobe.io/v2/x-y' } },
    {
      what: 'a stand-in on this machine',
      written: { groups: ['G'], baseUrl: 'http://127.0.0.1:8080/v2', tokenUrl: 'http://localhost/token' },
    },
  ])('$what', ({ written }) => {
    expect(read(written)).toMatchObject(written);
  });

  it.each([
    { written: { groups: ['_admin'] }, why: 'the name of a profile or group, at most 250 characters and not beginning with _' },
    { written: { groups: ['a\u0007'] }, why: 'the name of a profile or group, at most 250 characters and not beginning with _' },
    { written: { groups: Array.from({ length: 26 }, (_, index) => `G${index}`) }, why: 'at most 25 names' },
    { written: {}, why: 'at least one name in profiles or groups' },
    { written: { groups: ['G', 'G'] }, why: 'each name once' },
    { written: { groups: ['G'], baseUrl: `x${API}` }, why: 'an https URL below adobe.io' },
    { written: { groups: ['G'], baseUrl: `${API}/` }, why: 'an https URL below adobe.io' },
    { written: { groups: ['G'], baseUrl: 'https://um.adobeXio/v2' }, why: 'an https URL below adobe.io' },
    { written: { groups: ['G'], tokenUrl: `${API}/token` }, why: 'an https URL below adobelogin.com' },
  ])('not $written, and says: $why', ({ written, why }) => {
    expect(() => read(written)).toThrow(why);
  });
});

describe('the secret of the Admin Console', () => {
  const GOOD = { clientId: 'client', clientSecret: 'p8e-secret', organizationId: '0123456789ABCDEF@AdobeOrg' };

  it('is read as JSON', () => {
    expect(parseConsoleSecret(JSON.stringify(GOOD))).toEqual(GOOD);
  });

  it.each([
    [{ clientId: '' }, 'a client id of 1 to 512 visible ASCII characters'],
    [{ clientId: 'a'.repeat(513) }, 'a client id of 1 to 512 visible ASCII characters'],
    [{ clientSecret: '1234567' }, 'a client secret of 8 to 512 visible ASCII characters'],
    [{ clientSecret: '1234567 8' }, 'a client secret of 8 to 512 visible ASCII characters'],
    [{ organizationId: 'x@AdobeOrg.test' }, 'an organization id such as 0123456789ABCDEF@AdobeOrg'],
    [{ organizationId: '/x@AdobeOrg' }, 'an organization id such as 0123456789ABCDEF@AdobeOrg'],
  ])('says what is wrong with it: %j, %s', (changes, why) => {
    expect(() => parseConsoleSecret(JSON.stringify({ ...GOOD, ...changes }))).toThrow(
      expect.objectContaining({ code: 'secret-unusable', message: expect.stringContaining(why), cause: expect.anything() }),
    );
  });

  it.each([
    'p8e-secret',
    JSON.stringify({ ...GOOD, clientSecret: 'short' }),
    JSON.stringify({ ...GOOD, organizationId: '../p8e-secret' }),
    JSON.stringify({ ...GOOD, privateKey: 'p8e-secret' }),
  ])('is refused in one line without its value: %s', (text) => {
    const read = () => parseConsoleSecret(text);

    expect(read).toThrow(/^admin-console secret: .*; set the secret again$/);
    expect(read).not.toThrow(/p8e-secret/);
  });
});
