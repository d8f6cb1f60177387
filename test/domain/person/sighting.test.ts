import { describe, expect, it } from '@jest/globals';
import { isHandedOver, likenessOf, sightingOf } from '../../../lambda/domain/person/sighting.ts';
import type { User } from '../../../lambda/domain/ports.ts';
import { aUser, guid } from '../../support/builders.ts';

const digest = (text: string) => `digest(${text})`;
const ANA = aUser({ firstName: 'Ana', lastName: 'Silva' });
const sightedAs = (user: User) => sightingOf([user], { digest, clock: () => 0 });

describe('an account', () => {
  it.each<{ what: string; now: Partial<User>; handedOver: boolean }>([
    { what: 'is as it was', now: {}, handedOver: false },
    { what: 'has another family name, after a marriage', now: { lastName: 'Costa' }, handedOver: false },
    { what: 'has another family name and address', now: { lastName: 'Costa', emailAddr: 'ana.costa@acme.test' }, handedOver: false },
    { what: 'has another address, of the new domain', now: { emailAddr: 'ana@new.test' }, handedOver: false },
    { what: 'has other names and the address', now: { firstName: 'Tom', lastName: 'Berg' }, handedOver: false },
    { what: 'has the given name alone in common', now: { lastName: 'Berg', emailAddr: 'x@acme.test' }, handedOver: false },
    { what: 'has the family name alone in common', now: { firstName: 'Tom', emailAddr: 'x@acme.test' }, handedOver: false },
    { what: 'has nothing of what it was', now: { firstName: 'Tom', lastName: 'Berg', emailAddr: 'tom@acme.test' }, handedOver: true },
    { what: 'has lost all', now: { firstName: undefined, lastName: '', emailAddr: undefined }, handedOver: true },
    { what: 'is written in other case', now: { firstName: 'ANA ', lastName: 'x', emailAddr: 'x@acme.test' }, handedOver: false },
  ])('was handed over if it $what: $handedOver', ({ now, handedOver }) => {
    expect(isHandedOver({ ...ANA, ...now }, { sighted: sightedAs(ANA), digest })).toBe(handedOver);
  });

  it('was handed over if it has nothing of what it was, also if it had no name then', () => {
    const nameless = aUser({});

    expect(isHandedOver({ ...nameless, emailAddr: 'tom@acme.test' }, { sighted: sightedAs(nameless), digest })).toBe(true);
  });

  it.each([
    { what: 'nobody was sighted', sighted: undefined },
    { what: 'another was sighted', sighted: sightedAs({ ...ANA, id: guid(2) }) },
    { what: 'it had neither a name nor an address', sighted: sightedAs(aUser({ emailAddr: undefined })) },
  ])('says nothing if $what', ({ sighted }) => {
    expect(isHandedOver(aUser({ firstName: 'Tom', emailAddr: 'tom@acme.test' }), { sighted, digest })).toBe(false);
  });
});

describe('a sighting', () => {
  it('keeps all that matched, and nothing that names them but digests of their own', () => {
    const other = aUser({ ...ANA, id: guid(2) });

    expect(sightingOf([ANA, other], { digest, clock: () => Date.parse('2026-11-24T12:00:00Z') })).toEqual({
      at: '2026-11-24T12:00:00.000Z',
      users: [likenessOf(ANA, digest), likenessOf(other, digest)],
    });
    expect(likenessOf(ANA, digest).address).not.toBe(likenessOf(other, digest).address);
    expect(likenessOf(aUser({ emailAddr: undefined }), digest)).toEqual({ userId: guid(1) });
  });
});
