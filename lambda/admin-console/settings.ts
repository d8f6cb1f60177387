import * as z from 'zod/mini';

/** At most 250 characters ("User Management Action Commands"). Names of administrator roles begin with an underscore: they are never touched. */
const names = z._default(
  z
    .array(
      z
        .string()
        .check(
          z.regex(/^[^_\s\p{Cc}][^\p{Cc}]{0,249}$/u, 'the name of a profile or group, at most 250 characters and not beginning with _'),
        ),
    )
    .check(z.maxLength(25, 'at most 25 names')),
  [],
);

/** Secrets and addresses of people are sent only to Adobe, or to a stand-in on this machine. */
const atAdobe = (domain: string) =>
  z
    .string()
    .check(
      z.regex(
        new RegExp(`^(https://([a-z0-9-]+\\.)*${domain.replace('.', '\\.')}|http://(127\\.0\\.0\\.1|localhost)(:\\d+)?)/[\\w/.-]*[\\w-]$`),
        `an https URL below ${domain}`,
      ),
    );

/** The part of a stage that has leavers removed in the Adobe Admin Console too. Without it nothing is asked there. */
export const adminConsoleSettings = z
  .strictObject({
    /** The product profiles that give access to Workfront. */
    profiles: names,
    /** The user groups that carry such a profile. */
    groups: names,
    /** "User Management API", Adobe. */
    baseUrl: z._default(atAdobe('adobe.io'), 'https://usermanagement.adobe.io/v2/usermanagement'),
    /** Where Adobe IMS gives tokens: "User Management Authentication Guide". */
    tokenUrl: z._default(atAdobe('adobelogin.com'), 'https://ims-na1.adobelogin.com/ims/token/v2'),
  })
  .check(
    z.refine(({ profiles, groups }) => profiles.length + groups.length > 0, 'at least one name in profiles or groups'),
    z.refine(({ profiles, groups }) => new Set([...profiles, ...groups]).size === profiles.length + groups.length, 'each name once'),
  );

export type AdminConsoleSettings = z.infer<typeof adminConsoleSettings>;
