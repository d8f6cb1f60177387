import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { CredentialFailure } from '../domain/failures.ts';

/**
 * Signs the JWT that Workfront exchanges for a token: RS256, with only the three claims that it requires ("Configure and use your
 * organization's custom OAuth 2 applications using the JWT flow", Workfront).
 *
 * @param expiresAt milliseconds since the epoch
 * @throws CredentialFailure `secret-unusable` for a key that is not an RSA key of 2048 bits or more; the key is not shown
 */
export async function signedJwt({
  privateKey,
  customerId,
  userId,
  expiresAt,
}: {
  privateKey: string;
  customerId: string;
  userId: string;
  expiresAt: number;
}): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(customerId)
    .setSubject(userId)
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(rsaKey(privateKey));
}

/** Reads an RSA key. Node.js reads both forms, PKCS #8 and PKCS #1; the library reads only the first. */
function rsaKey(pem: string): KeyObject {
  const key = keyOrNothing(pem);
  const { modulusLength = 0 } = key?.asymmetricKeyDetails ?? {};
  if (key?.asymmetricKeyType === 'rsa' && modulusLength >= 2048) return key;
  throw new CredentialFailure(
    'secret-unusable',
    'workfront secret: expected in privateKey an RSA key of at least 2048 bits, got none; set the secret again',
  );
}

/** Drops the cause, because OpenSSL's message may describe the key. */
function keyOrNothing(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
