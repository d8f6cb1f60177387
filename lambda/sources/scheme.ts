import * as z from 'zod/mini';

const headerName = z.string().check(z.regex(/^[A-Za-z0-9-]+$/, 'a header name'));

/** A configurable HMAC over the raw body: for any system that signs with a shared secret. */
const hmacScheme = z
  .strictObject({
    kind: z.literal('hmac'),
    /** The header that carries the signature; several may come, parted by commas or spaces. */
    header: headerName,
    algorithm: z._default(z.enum(['sha256', 'sha512']), 'sha256'),
    encoding: z._default(z.enum(['hex', 'base64', 'base64url']), 'hex'),
    /** What stands before each signature, such as `sha256=`. Without commas and spaces, since these part the signatures. */
    prefix: z._default(z.string().check(z.regex(/^[\x21-\x2b\x2d-\x7e]*$/, 'visible ASCII characters without a comma')), ''),
    /** What is signed, in order, with its separators: `{body}`, `{timestamp}`, `{id}`, `{method}` and any text between them. */
    signed: z._default(z.string().check(z.regex(/\{body\}/, 'a template with {body}')), '{body}'),
    /** Unix seconds, or an RFC 3339 instant; must be part of `signed`. */
    timestampHeader: z.optional(headerName),
    /** The delivery's own id; must be part of `signed`. */
    idHeader: z.optional(headerName),
    /** How the secret is written: its text is the key, or base64 of it. */
    keyEncoding: z.optional(z.enum(['text', 'base64'])),
    toleranceSeconds: z._default(z.number().check(z.gte(1, 'at least 1 second')), 300),
  })
  .check(
    z.refine(
      ({ signed, timestampHeader }) => signed.includes('{timestamp}') === (timestampHeader !== undefined),
      'timestampHeader and {timestamp} in signed, both or neither',
    ),
    z.refine(
      ({ signed, idHeader }) => signed.includes('{id}') === (idHeader !== undefined),
      'idHeader and {id} in signed, both or neither',
    ),
  );

/** Standard Webhooks (specification of standard-webhooks.com), whose headers some systems call by other names. */
const standardWebhooksScheme = z.strictObject({
  kind: z.literal('standard-webhooks'),
  /** webhook-id, where it is not called otherwise; and so on. */
  idHeader: z.optional(headerName),
  timestampHeader: z.optional(headerName),
  signatureHeader: z.optional(headerName),
});

/** A secret that is sent along with every delivery: for systems that cannot sign. It proves nothing about the body. */
const bearerScheme = z.strictObject({
  kind: z.literal('bearer'),
  header: z._default(headerName, 'Authorization'),
  /** What stands before the secret, whatever its case; '' where the header is the secret alone. */
  prefix: z._default(z.string(), 'Bearer '),
});

/** HTTP Basic (RFC 7617); the secret is `user:password`. It proves nothing about the body. */
const basicScheme = z.strictObject({ kind: z.literal('basic') });

/** How a source's deliveries are proven to be its own. */
export const verifyScheme = z.discriminatedUnion('kind', [standardWebhooksScheme, hmacScheme, bearerScheme, basicScheme]);

export type StandardWebhooksScheme = z.infer<typeof standardWebhooksScheme>;
export type HmacScheme = z.infer<typeof hmacScheme>;
export type VerifyScheme = z.infer<typeof verifyScheme>;
/** As it is written: with defaults left out. */
export type VerifySchemeInput = z.input<typeof verifyScheme>;
