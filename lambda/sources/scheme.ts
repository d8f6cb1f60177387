import * as z from 'zod/mini';
import { path } from './field-mapping.ts';

const headerName = z.string().check(z.regex(/^[A-Za-z0-9-]+$/, 'a header name'));

/** A configurable HMAC over the raw body, for any system that signs with a shared secret. */
const hmacScheme = z
  .strictObject({
    kind: z.literal('hmac'),
    /** The header that carries the signature, or several signatures separated by commas, semicolons or spaces. */
    header: headerName,
    algorithm: z._default(z.enum(['sha256', 'sha512']), 'sha256'),
    /** Hex may be in lower or in upper case. */
    encoding: z._default(z.enum(['hex', 'base64', 'base64url']), 'hex'),
    /** The text before each signature, such as `sha256=`. Without commas, semicolons and spaces, because these separate signatures. */
    prefix: z._default(
      z.string().check(z.regex(/^[\x21-\x2b\x2d-\x3a\x3c-\x7e]*$/, 'visible ASCII characters without comma and semicolon')),
      '',
    ),
    /** The text that is signed: `{body}`, `{timestamp}`, `{id}`, `{method}` and any text between them, in this order. */
    signed: z._default(z.string().check(z.regex(/\{body\}/, 'a template with {body}')), '{body}'),
    /** The header with the time: Unix seconds, Unix milliseconds (13 digits) or an RFC 3339 instant. It must be part of `signed`. */
    timestampHeader: z.optional(headerName),
    /** The text before the time, if it is in the header of the signature: `t=` for `t=1795510800,v1=...`. Then there is no `timestampHeader`. */
    timestampPrefix: z.optional(
      z.string().check(z.regex(/^[\x21-\x2b\x2d-\x3a\x3c-\x7e]+$/, 'visible ASCII characters without comma and semicolon')),
    ),
    /** The header with the delivery's own id. It must be part of `signed`. */
    idHeader: z.optional(headerName),
    /** How the secret is written: as the key itself, or as base64 of it. */
    keyEncoding: z.optional(z.enum(['text', 'base64'])),
    toleranceSeconds: z._default(z.number().check(z.gte(1, 'at least 1 second')), 300),
  })
  .check(
    z.refine(
      ({ signed, timestampHeader, timestampPrefix }) =>
        signed.includes('{timestamp}') === ((timestampHeader ?? timestampPrefix) !== undefined),
      'both timestampHeader (or timestampPrefix) and {timestamp} in signed, or neither',
    ),
    z.refine(
      ({ timestampHeader, timestampPrefix }) => timestampHeader === undefined || timestampPrefix === undefined,
      'timestampHeader or timestampPrefix, not both',
    ),
    z.refine(
      ({ signed, idHeader }) => signed.includes('{id}') === (idHeader !== undefined),
      'both idHeader and {id} in signed, or neither',
    ),
  );

/** Standard Webhooks (specification of standard-webhooks.com). Some systems have other names for its headers. */
const standardWebhooksScheme = z.strictObject({
  kind: z.literal('standard-webhooks'),
  /** Default `webhook-id`, and so on. */
  idHeader: z.optional(headerName),
  timestampHeader: z.optional(headerName),
  signatureHeader: z.optional(headerName),
  /** How the secret is written. Default `base64`, as the specification has it; some senders take the text itself for the key. */
  keyEncoding: z.optional(z.enum(['base64', 'text'])),
});

/** A secret that every delivery carries, for systems that cannot sign. It proves nothing about the body. */
const bearerScheme = z.strictObject({
  kind: z.literal('bearer'),
  header: z._default(headerName, 'Authorization'),
  /** The text before the secret, in any case; '' if the header is the secret alone. */
  prefix: z._default(z.string(), 'Bearer '),
});

/** HTTP Basic (RFC 7617); the secret is `user:password`. It proves nothing about the body. */
const basicScheme = z.strictObject({ kind: z.literal('basic') });

/**
 * A secret that every item of the body carries, for systems that put it nowhere else. It proves nothing about the rest of the body, which is
 * parsed as JSON before it is proven.
 */
const inBodyScheme = z.strictObject({
  kind: z.literal('in-body'),
  /** The list of items. Default: the body is one item, or a list of them. */
  items: z.optional(path),
  /** The name of the field with the secret. Each item must have it, and a right one. */
  field: z.string().check(z.regex(/^[^.[\]]+$/, 'the name of a field')),
});

/** How a source proves that a delivery is its own. */
export const verifyScheme = z.discriminatedUnion('kind', [standardWebhooksScheme, hmacScheme, bearerScheme, basicScheme, inBodyScheme]);

export type StandardWebhooksScheme = z.infer<typeof standardWebhooksScheme>;
export type HmacScheme = z.infer<typeof hmacScheme>;
export type InBodyScheme = z.infer<typeof inBodyScheme>;
export type VerifyScheme = z.infer<typeof verifyScheme>;
/** The scheme as a stage writes it, without defaults. */
export type VerifySchemeInput = z.input<typeof verifyScheme>;
