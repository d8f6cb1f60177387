import { describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';
import { parse } from '../../../lambda/domain/parse.ts';
import {
  checkLookUpSecret,
  fitsLookUp,
  hrSystems,
  type LookUpConfig,
  lookUpConfigs,
  lookUpSettings,
  lookUpSettingsOf,
  lookUpsOf,
} from '../../../lambda/sources/look-ups/registry.ts';
import { FAKE_SYSTEMS } from '../../../local/hr/fake-hr.ts';
import { NAMES, SYSTEMS } from '../../support/asking-hr.ts';
import { refusalOf } from '../../support/refusal.ts';

const source = z.object({ system: z.optional(z.string()), lookUp: z.optional(lookUpSettings) }).check(fitsLookUp);

describe('the look-up in a stage', () => {
  it.each([
    ['no look-up', { system: 'gusto' }],
    ['no look-up of no system', {}],
    ...NAMES.map((system) => [`one of ${system}`, { system, lookUp: SYSTEMS[system].lookUp }] as const),
  ])('may be %s', (_, config) => {
    expect(parse(source, config, 'stage')).toEqual(config);
  });

  const only =
    'lookUp: expected no look-up, because only bamboohr, entra, finch, hibob, merge, personio, successfactors can be asked, got an object';

  it.each([
    ['a system that cannot be asked', { system: 'gusto', lookUp: {} }, only],
    ['no system', { lookUp: {} }, only],
    ['a setting that is missing', { system: 'bamboohr', lookUp: {} }, 'lookUp.companyDomain: expected a string, got nothing'],
    ['an unknown setting', { system: 'finch', lookUp: { host: 'evil.test' } }, 'lookUp: expected no key "host", got an object'],
    [
      'an unknown region',
      { system: 'merge', lookUp: { region: 'evil.test' } },
      'lookUp.region: expected "us" or "eu" or "ap", got a string of 9 characters',
    ],
    [
      'an unknown kind of last day',
      { system: 'personio', lookUp: { lastDayIs: 'today' } },
      'lookUp.lastDayIs: expected "last-working-day" or "end-of-contract", got a string of 5 characters',
    ],
  ])('may not be %s', (_, config, says) => {
    expect(refusalOf(() => parse(source, config, 'stage'))).toBe(`stage: ${says}`);
  });

  it.each([
    ['another host', 'evil.test/'],
    ['a host below', 'acme.evil'],
    ['a host after it', 'evil.test#acme'],
    ['a host after a user', 'acme@evil'],
    ['a port', 'acme:80'],
    ['a path', 'acme/..'],
    ['a line after it', 'acme\n'],
    ['a line before it', '\nacme'],
    ['nothing', ''],
    ['a hyphen at its front', '-acme'],
    ['a hyphen at its end', 'acme-'],
    ['64 characters', 'a'.repeat(64)],
    ['letters that look alike', 'аcme'],
  ])('may not send BambooHR’s key to %s', (_, companyDomain) => {
    expect(() => parse(source, { system: 'bamboohr', lookUp: { companyDomain } }, 'stage')).toThrow(
      'stage: lookUp.companyDomain: expected the part before .bamboohr.com, got ',
    );
  });

  it.each(['a', 'ac', 'ACME', 'acme-2', 'a'.repeat(63)])('may name a company of BambooHR’s: %s', (companyDomain) => {
    expect(() => parse(source, { system: 'bamboohr', lookUp: { companyDomain } }, 'stage')).not.toThrow();
  });
});

describe('the settings of a look-up', () => {
  it.each(NAMES)('are known before a stage is written: %s', (system) => {
    const { lookUp } = SYSTEMS[system];

    expect(parse(lookUpSettingsOf(system) ?? z.never(), lookUp, 'stage')).toMatchObject(lookUp);
  });

  it.each(['gusto', 'toString'])('are none if the system cannot be asked: %s', (system) => {
    expect(lookUpSettingsOf(system)).toBeUndefined();
  });

  it('that are mistyped are told with the settings that there are, so that somebody can say what was meant', () => {
    const [issue] = z.safeParse(source, { system: 'merge', lookUp: { regoin: 'eu' } }).error?.issues ?? [];

    expect(issue).toMatchObject({
      code: 'custom',
      params: { issue: { code: 'unrecognized_keys', keys: ['regoin'] }, schema: lookUpSettingsOf('merge') },
    });
  });
});

describe('the look-ups of a stage', () => {
  it('are the look-ups of the sources that have one, with the settings that they need', () => {
    const lookUp = { region: 'eu' };
    const sources = {
      asked: { system: 'merge', lookUp },
      configured: { system: 'hibob', settings: { employeeIdIs: 'DE:HiBob ID', timeZone: 'Europe/Berlin', left: 'ignore' }, lookUp: {} },
      without: { system: 'merge', settings: { unsaid: 'ignore' } },
      canonical: {},
    };

    expect(lookUpsOf(sources)).toEqual({
      asked: { system: 'merge', lookUp },
      configured: { system: 'hibob', lookUp: {}, employeeIdIs: 'DE:HiBob ID', timeZone: 'Europe/Berlin' },
    });
  });

  it.each([
    [
      'a system that cannot be asked',
      { system: 'gusto', lookUp: {} },
      'system: expected "bamboohr" or "entra" or "finch" or "hibob" or "merge" or "personio" or "successfactors", got a string of 5 characters',
    ],
    ['a setting that is missing', { system: 'bamboohr', lookUp: {} }, 'lookUp.companyDomain: expected a string, got nothing'],
    [
      'an unknown time zone',
      { system: 'finch', lookUp: {}, settings: { timeZone: 'Mars' } },
      'timeZone: expected an IANA time zone such as Europe/Amsterdam, got a string of 4 characters',
    ],
  ])('are refused with the name of the source that has %s', (_, config, says) => {
    expect(refusalOf(() => lookUpsOf({ acme: config }))).toBe(`look-up of acme: ${says}`);
  });

  it.each([
    ['an unknown key', { acme: { system: 'finch', lookUp: {}, host: 'evil.test' } }, 'acme: expected no key "host", got an object'],
    [
      'another host',
      { acme: { system: 'bamboohr', lookUp: { companyDomain: 'evil.test/' } } },
      'acme.lookUp.companyDomain: expected the part before .bamboohr.com, got a string of 10 characters',
    ],
  ])('are checked again in the worker: %s', (_, config, says) => {
    expect(refusalOf(() => parse(lookUpConfigs, config, 'LOOK_UPS'))).toBe(`LOOK_UPS: ${says}`);
  });
});

describe('the secret of a look-up', () => {
  const merge: LookUpConfig = { system: 'merge', lookUp: {} };

  it.each(NAMES)('has the form that the system of the source needs: %s', (system) => {
    const one = { system, lookUp: SYSTEMS[system].lookUp };

    expect(() => checkLookUpSecret(one, JSON.stringify(FAKE_SYSTEMS[system].credential))).not.toThrow();
  });

  it.each([
    ['text that is not JSON', 'fake-merge-key', 'expected JSON, got text of 14 characters that is not'],
    ['the secret of another system', JSON.stringify(FAKE_SYSTEMS.hibob.credential), 'apiKey: expected a string, got nothing'],
    ['half of it', '{"apiKey":"fake-merge-key"}', 'accountToken: expected a string, got nothing'],
    [
      'an unknown key',
      JSON.stringify({ ...FAKE_SYSTEMS.merge.credential, host: 'evil.test' }),
      'the whole: expected no key "host", got an object',
    ],
  ])('has no other form: %s', (_, text, says) => {
    expect(refusalOf(() => checkLookUpSecret(merge, text))).toBe(`secret: ${says}`);
  });
});

it('HR is asked for a source that has a look-up, and for no other source', async () => {
  const systems = hrSystems(
    { acme: { system: 'merge', lookUp: {} } },
    { secrets: '', readSecret: () => Promise.reject(new Error('read')), fetch, clock: () => 0 },
  );

  expect(systems.canBeAsked('acme')).toBe(true);
  expect(systems.canBeAsked('other')).toBe(false);
  expect(systems.canBeAsked('toString')).toBe(false);
  await expect(systems.ask('other', '1')).rejects.toThrow('expected a source with a look-up, got one without; ask canBeAsked first');
});
