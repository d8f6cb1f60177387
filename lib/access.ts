import * as z from 'zod/mini';

const pattern = (regex: RegExp, what: string) => z.string().check(z.regex(regex, what));

const domain = z.strictObject({
  name: pattern(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'a domain name in lower case, such as hooks.acme.test'),
  /** In Certificate Manager, in the region of the stage. */
  certificateArn: pattern(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/, 'the ARN of a certificate of Certificate Manager'),
  /** The certificates, in PEM, of those who sign the certificates of senders. */
  truststore: pattern(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+$/, 'an S3 URL such as s3://bucket/truststore.pem'),
  truststoreVersion: z.optional(z.string().check(z.minLength(1))),
});

/** Who may reach the endpoint at all. Signatures are expected of everybody who does. */
export const access = z.strictObject({
  /** Whoever sends from elsewhere is answered 403, which some HR systems never send after again: only ranges that are published. */
  allowedIps: z.optional(z.array(z.cidrv4('an IPv4 range such as 203.0.113.0/24')).check(z.minLength(1))),
  /** A web ACL of the same region, which whoever runs WAF keeps: its rules are not ours. */
  webAclArn: z.optional(
    pattern(/^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/.+$/, 'the ARN of a regional web ACL of WAF, version 2'),
  ),
  /** A domain at which only who has a client certificate may connect; the address that API Gateway gives is off then. */
  mutualTls: z.optional(domain),
});

export type Access = z.output<typeof access>;
