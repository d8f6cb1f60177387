import * as z from 'zod';
import { parseJson } from '../../lambda/domain/parse.ts';

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const statement = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*').transform(() => ({ AWS: ['*'] })), z.record(z.string(), oneOrMore)]).default({}),
  Action: oneOrMore.default([]),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).default({}),
});
const policy = z.object({ Statement: z.union([statement.transform((one) => [one]), z.array(statement)]) });

/** Who asks, for what. */
export interface Request {
  /** A service such as `cloudwatch.amazonaws.com`, or the ARN of the root of an account. */
  principal: string;
  action: string;
  /** The account for which a service acts. */
  account: string;
}

/**
 * Whether the policy of a resource allows a request, as far as that can be told: statements with `NotPrincipal` or `NotAction` are passed
 * over, and a condition other than that of the account is taken as met by a permission, and as not met by a denial. "Policy evaluation
 * logic", IAM User Guide.
 *
 * @throws InvalidInput if the text is no policy
 */
export function allows(text: string, { principal, action, account }: Request): boolean {
  const meant = parseJson(policy, text, 'policy').Statement.filter(
    (one) => names(one.Principal, { principal, account }) && one.Action.some((pattern) => isLike(action, pattern)),
  );
  const denied = meant.some(({ Effect, Condition }) => Effect === 'Deny' && Object.keys(Condition).length === 0);
  return !denied && meant.some(({ Effect, Condition }) => Effect === 'Allow' && isOfAccount(Condition, account));
}

function names(principals: Record<string, string[]>, { principal, account }: Pick<Request, 'principal' | 'account'>): boolean {
  const all = Object.values(principals).flat();
  return all.includes(principal) || all.includes('*') || (principal.endsWith(':root') && all.includes(account));
}

const ACCOUNT_KEYS = ['aws:sourceaccount', 'aws:sourceowner'];

/** Whether every condition on the account names this one. */
function isOfAccount(conditions: z.output<typeof statement>['Condition'], account: string): boolean {
  return Object.values(conditions)
    .flatMap((tests) => Object.entries(tests))
    .every(([key, values]) => !ACCOUNT_KEYS.includes(key.toLowerCase()) || values.includes(account));
}

const isLike = (action: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  ).test(action);
