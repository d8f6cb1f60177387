import * as z from 'zod/mini';

const pattern = (regex: RegExp, what: string) => z.string().check(z.regex(regex, what));

const domain = z.strictObject({
  name: pattern(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'a domain name in lower case, such as hooks.acme.test'),
  /** A certificate of Certificate Manager in the region of the stage. */
  certificateArn: pattern(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/, 'the ARN of a certificate of Certificate Manager'),
  /** Where the CA certificates that senders' certificates must chain to are kept, in PEM. */
  truststore: pattern(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+$/, 'an S3 URL such as s3://bucket/truststore.pem'),
  truststoreVersion: z.optional(z.string().check(z.minLength(1))),
});

/** Who may reach the endpoint at all. Every delivery must be signed in any case. */
export const access = z.strictObject({
  /** Other senders get a 403, and some HR systems never retry after a 403: list only ranges that the HR system publishes. */
  allowedIps: z.optional(z.array(z.cidrv4('an IPv4 range such as 203.0.113.0/24')).check(z.minLength(1))),
  /** A web ACL in the same region. Its rules belong to the team that runs WAF, not to this stack. */
  webAclArn: z.optional(
    pattern(/^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/.+$/, 'the ARN of a regional web ACL of WAF, version 2'),
  ),
  /** A domain that accepts only senders with a client certificate. API Gateway's own address is then switched off. */
  mutualTls: z.optional(domain),
});

export type Access = z.output<typeof access>;
