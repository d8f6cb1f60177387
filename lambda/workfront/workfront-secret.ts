import * as z from 'zod/mini';
import { instant } from '../domain/event/hr-event.ts';
import { CredentialFailure, InvalidInput } from '../domain/failures.ts';
import { parse, parseJson } from '../domain/parse.ts';

const visible = (least: number, what: string) =>
  z.string().check(z.regex(new RegExp(`^[\\x21-\\x7e]{${least},512}$`), `${what} of ${least} to 512 visible ASCII characters`));
const guid = z.string().check(z.regex(/^[0-9a-f]{32}$/i, 'an id of 32 hex digits'));
/** When the credential was made. Keys expire after a month unless the administrator changed that. */
const createdAt = z.optional(instant);

const apiKey = z.object({ kind: z.literal('api-key'), apiKey: visible(8, 'a key'), createdAt });

/** A machine-to-machine application: "Create OAuth2 applications for Workfront integrations", Workfront administration. */
const workfrontOauth2 = z.object({
  kind: z.literal('workfront-oauth2'),
  clientId: visible(1, 'a client id'),
  clientSecret: visible(8, 'a client secret'),
  /** "Customer ID" on the page of the application. */
  customerId: guid,
  /** The user who made the public key. Calls act as this user. */
  userId: guid,
  privateKey: z
    .string()
    .check(z.regex(/^\s*-----BEGIN (RSA )?PRIVATE KEY-----\s[\s\S]+-----END (RSA )?PRIVATE KEY-----\s*$/, 'an RSA private key in PEM')),
  createdAt,
});

/** OAuth Server-to-Server of the Adobe Developer Console: "Gaining access", Workfront developer documentation. */
const adobeIms = z.object({
  kind: z.literal('adobe-ims'),
  clientId: visible(1, 'a client id'),
  clientSecret: visible(8, 'a client secret'),
  organizationId: z.string().check(z.regex(/^\w{1,64}@AdobeOrg$/, 'an organization id such as 0123456789ABCDEF@AdobeOrg')),
  /** As the Developer Console lists them, with commas. */
  scopes: z._default(visible(1, 'scopes'), 'openid,AdobeID,read_organizations,additional_info.projectedProductContext'),
  /** The client secret is sent only to Adobe, or to a stand-in on this machine. */
  tokenUrl: z._default(
    z
      .string()
      .check(
        z.regex(
          /^(https:\/\/([a-z0-9-]+\.)*adobelogin\.com|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)\/[\w/.-]*$/,
          'an https URL below adobelogin.com',
        ),
      ),
    'https://ims-na1.adobelogin.com/ims/token/v3',
  ),
  createdAt,
});

/** The kinds of secret. docs/credentials.md says how to make each. */
const workfrontSecret = z.discriminatedUnion('kind', [apiKey, workfrontOauth2, adobeIms], {
  error: 'a kind of "api-key", "workfront-oauth2" or "adobe-ims"',
});

export type WorkfrontSecret = z.infer<typeof workfrontSecret>;

/** A secret that is not sent itself, but exchanged for tokens. */
export type TokenSecret = Exclude<WorkfrontSecret, { kind: 'api-key' }>;

/**
 * Reads the text of a secret: JSON by kind, or a bare API key.
 *
 * @throws CredentialFailure `secret-unusable`, one line that never shows the value
 */
export function parseSecret(text: string): WorkfrontSecret {
  const what = 'workfront secret';
  const trimmed = text.trim();
  if (trimmed === '') throw new CredentialFailure('secret-unusable', `${what}: expected a credential, got nothing; set the secret`);
  try {
    return /^["{[]/.test(trimmed)
      ? parseJson(workfrontSecret, trimmed, what)
      : parse(workfrontSecret, { kind: 'api-key', apiKey: trimmed }, what);
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new CredentialFailure('secret-unusable', `${cause.message}; set the secret again`, { cause });
  }
}
