import { describe, expect, it } from '@jest/globals';
import { verifyScheme } from '../../../lambda/sources/scheme.ts';
import { SYSTEM_NAMES, schemeOf, sourceConfigs, sourceOf } from '../../../lambda/sources/systems/registry.ts';
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
