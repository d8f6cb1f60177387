import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { signedJwt } from '../../lambda/workfront/jwt.ts';
import { CUSTOMER, ID } from './a-directory.ts';

it('a signed JWT contains customer, user and expiry, and nothing else', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const endsAt = Date.parse('2099-11-24T10:00:00Z');

  const jwt = await signedJwt({
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    customerId: CUSTOMER,
    userId: ID,
    expiresAt: endsAt + 999,
  });

  expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'RS256', typ: 'JWT' });
  expect((await jwtVerify(jwt, publicKey)).payload).toEqual({ iss: CUSTOMER, sub: ID, exp: endsAt / 1000 });
});
