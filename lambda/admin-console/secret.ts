import * as z from 'zod/mini';
import { CredentialFailure, InvalidInput } from '../domain/failures.ts';
import { parseJson } from '../domain/parse.ts';

const visible = (least: number, what: string) =>
  z.string().check(z.regex(new RegExp(`^[\\x21-\\x7e]{${least},512}$`), `${what} of ${least} to 512 visible ASCII characters`));

/** An OAuth Server-to-Server credential of a project with the User Management API: "User Management Authentication Guide", Adobe. */
const adminConsoleSecret = z.strictObject({
  clientId: visible(1, 'a client id'),
  clientSecret: visible(8, 'a client secret'),
  organizationId: z.string().check(z.regex(/^\w{1,64}@AdobeOrg$/, 'an organization id such as 0123456789ABCDEF@AdobeOrg')),
});

export type AdminConsoleSecret = z.infer<typeof adminConsoleSecret>;

/** Reads the text of the secret. @throws CredentialFailure `secret-unusable`, one line that never shows the value */
export function parseConsoleSecret(text: string): AdminConsoleSecret {
  try {
    return parseJson(adminConsoleSecret, text, 'admin-console secret');
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new CredentialFailure('secret-unusable', `${cause.message}; set the secret again`, { cause });
  }
}
