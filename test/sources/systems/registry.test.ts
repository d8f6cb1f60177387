import { describe, expect, it } from '@jest/globals';
import { verifyScheme } from '../../../lambda/sources/scheme.ts';
import { SYSTEM_NAMES, schemeOf, settingsOf, sourceConfigs, sourceOf, withSourceRules } from '../../../lambda/sources/systems/registry.ts';
import { NOW, SECRET, STANDARD, standardHeaders } from '../../support/deliveries.ts';

describe('a stage', () => {
  const configured = (changes: object) => sourceConfigs.safeParse({ hr: { secretId: 's', ...changes } });

  it.each(SYSTEM_NAMES.filter((name) => name !== 'canonical' && name !== 'adp' && name !== 'ukg-pro' && name !== 'workday'))(
    'needs only the name of %s',
    (system) => {
      expect(configured({ system }).success).toBe(true);
    },
  );

  it.each([
    ['an unknown system', { system: 'peoplesoft' }, 'system', `one of ${SYSTEM_NAMES.join(', ')}`],
    ['the canonical system without a scheme', {}, 'scheme', 'a scheme, because this system has no default'],
    ['UKG Pro without a scheme', { system: 'ukg-pro' }, 'scheme', 'a scheme, because this system has no default'],
    ['an unknown value of a setting', { system: 'hibob', settings: { left: 'maybe' } }, 'settings.left', '"termination" or "ignore"'],
    ['a mistyped setting', { system: 'hibob', settings: { lef: 'ignore' } }, 'settings', 'no key "lef"'],
    ['a setting of another system', { system: 'hibob', settings: { announced: 'ask' } }, 'settings', 'no key "announced"'],
    [
      'settings of the canonical system',
      { scheme: { kind: 'basic' }, settings: { employeeIdIs: 'employeeNumber' } },
      'settings',
      'no key "employeeIdIs"',
    ],
    [
      'a name that is not a Workfront field',
      { system: 'hibob', settings: { employeeIdIs: 'HiBob ID' } },
      'settings.employeeIdIs',
      'employeeNumber or "DE:<custom field>"',
    ],
    [
      'an unknown time zone',
      { system: 'personio', settings: { timeZone: 'Berlin' } },
      'settings.timeZone',
      'an IANA time zone such as Europe/Amsterdam',
    ],
    ['Workday without its fields', { system: 'workday' }, 'settings.mapping', 'an object'],
    [
      'a path that is not a path',
      { system: 'workday', settings: { mapping: { type: { path: 'a..b', terminated: ['x'] } } } },
      'settings.mapping.type.path',
      'a path such as Worker.Emails[0].Address',
    ],
  ])('is refused with %s', (_, changes, place, message) => {
    const [issue] = configured(changes).error?.issues ?? [];

    expect([issue?.path.join('.'), issue?.message]).toEqual([`hr.${place}`, message]);
  });

  // What prints a mistake of a stage names the key that was probably meant, by the system's own schema.
  it.each([
    ['a missing scheme', { system: 'ukg-pro' }, undefined],
    ['a mistyped setting', { system: 'hibob', settings: { lef: 'ignore' } }, { code: 'unrecognized_keys', keys: ['lef'] }],
  ])('has %s as a finding of its own check, with what the system found', (_, changes, issue) => {
    const [found] = configured(changes).error?.issues ?? [];

    expect(found).toMatchObject({ code: 'custom', ...(issue && { params: { issue, schema: settingsOf('hibob') } }) });
  });

  it('may replace the scheme of a system', () => {
    const scheme = verifyScheme.parse({ kind: 'hmac', header: 'X-New', prefix: 'sha256=' });

    expect(schemeOf({ system: 'personio', scheme })).toEqual(scheme);
    expect(schemeOf({ system: 'personio' })).toMatchObject({ header: 'X-Personio-Signature' });
  });

  it('has deliveries verified by the scheme of their source', () => {
    const source = sourceOf('hr', { secretId: 's', scheme: STANDARD });
    const body = Buffer.from('{}');
    const delivery = { headers: new Map(Object.entries(standardHeaders(body))), body };

    expect(source.verify(delivery, [SECRET], NOW)).toEqual({ kind: 'genuine', signedId: 'msg_1' });
    expect(source.verify({ headers: new Map(), body }, [SECRET], NOW)).toEqual({ kind: 'forged' });
  });
});

describe('the rules that follow from the system of a source', () => {
  const rules = (source: Parameters<typeof withSourceRules>[1][string]) => withSourceRules(undefined, { hr: source });
  const sends = (sendsNumbers: boolean) => ({ sources: { hr: { sendsNumbers } } });

  it.each<{ what: string; source: Parameters<typeof withSourceRules>[1][string]; sendsNumbers: boolean }>([
    { what: 'the canonical system', source: {}, sendsNumbers: true },
    { what: 'a system whose own id is no number', source: { system: 'hibob' }, sendsNumbers: false },
    {
      what: 'a system whose own id is the number',
      source: { system: 'hibob', settings: { employeeIdIs: 'employeeNumber' } },
      sendsNumbers: true,
    },
    {
      what: 'a system whose own id is another field',
      source: { system: 'hibob', settings: { employeeIdIs: 'DE:HR ID' } },
      sendsNumbers: false,
    },
    { what: 'BambooHR, which sends them beside its id', source: { system: 'bamboohr' }, sendsNumbers: true },
    { what: 'Merge, which sends them beside its id', source: { system: 'merge' }, sendsNumbers: true },
    { what: 'Rippling, whose webhook sends none', source: { system: 'rippling' }, sendsNumbers: false },
    {
      what: 'a workflow of Rippling that sends none',
      source: { system: 'rippling', settings: { comes: 'when-due', workflow: { email: 'email' } } },
      sendsNumbers: false,
    },
    {
      what: 'a workflow of Rippling that sends them',
      source: { system: 'rippling', settings: { comes: 'when-due', workflow: { employeeNumber: 'nr' } } },
      sendsNumbers: true,
    },
    { what: 'a system whose events have no number', source: { system: 'deel' }, sendsNumbers: false },
    { what: 'a system whose mapping has a number', source: { system: 'adp' }, sendsNumbers: true },
    { what: 'a system whose mapping has none', source: { system: 'dayforce' }, sendsNumbers: false },
    { what: 'a system that is asked, and says the number then', source: { system: 'hibob', lookUp: {} }, sendsNumbers: true },
  ])('say of $what whether it sends numbers: $sendsNumbers', ({ source, sendsNumbers }) => {
    expect(rules(source)).toEqual(sends(sendsNumbers));
  });

  it('are none where the settings are wrong: that is said elsewhere', () => {
    expect(rules({ system: 'hibob', settings: { lef: 'ignore' } })).toEqual({ sources: { hr: {} } });
  });

  it('give way to what the stage writes, and leave everything else of the policy', () => {
    const written = { dryRun: true, sources: { hr: { sendsNumbers: false, approval: true }, payroll: { approval: true } } };

    expect(withSourceRules(written, { hr: {} })).toEqual(written);
  });

  it('are none of a source whose name is none, and of what cannot be a policy', () => {
    expect(withSourceRules({}, { 'a name': {} })).toEqual({ sources: {} });
    expect(withSourceRules('all', { hr: {} })).toBe('all');
    expect(withSourceRules({ sources: [] }, { hr: {} })).toEqual({ sources: [] });
  });
});
