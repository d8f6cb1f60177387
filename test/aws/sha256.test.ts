import { expect, it } from '@jest/globals';
import { Sha256 } from '../../lambda/aws/sha256.ts';

const hex = async (hash: Sha256) => Buffer.from(await hash.digest()).toString('hex');

it('hashes the message of FIPS 180-2, in two parts', async () => {
  const hash = new Sha256();
  hash.update('a');
  hash.update(Buffer.from('bc'));

  expect(await hex(hash)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it.each([
  { what: 'as text', key: 'Jefe' },
  { what: 'as bytes', key: new TextEncoder().encode('Jefe') },
  { what: 'as a part of other bytes', key: new TextEncoder().encode('?Jefe').subarray(1) },
  { what: 'as a buffer of bytes', key: new TextEncoder().encode('Jefe').buffer },
])('authenticates the message of RFC 4231, test case 2, with the key $what, also after a reset', async ({ key }) => {
  const hash = new Sha256(key);
  hash.update('another message');
  hash.reset();
  hash.update('what do ya want ');
  hash.update('for nothing?');

  expect(await hex(hash)).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
});
