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

describe('the secret of the Admin Console', () => {
  const GOOD = { clientId: 'client', clientSecret: 'p8e-secret', organizationId: '0123456789ABCDEF@AdobeOrg' };

  it('is read as JSON', () => {
    expect(parseConsoleSecret(JSON.stringify(GOOD))).toEqual(GOOD);
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
