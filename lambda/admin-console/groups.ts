import * as z from 'zod/mini';
import { type ConsoleOptions, consoleAsk, parsed } from './ask.ts';

const group = z.object({
  /** `PRODUCT_PROFILE`, `USER_GROUP`, and kinds of administrators. */
  type: z.string(),
  groupName: z.string(),
  productName: z.optional(z.string()),
  /** Shared from another console. */
  isReadOnly: z.optional(z.boolean()),
});

export type ConsoleGroup = z.infer<typeof group>;

const groupsAnswer = z.object({ lastPage: z.boolean(), groups: z.array(group) });

/** Adobe allows so many of these calls a minute ("Get User Groups and Product Profiles"). */
const MOST_PAGES = 5;

/** The profiles and user groups of the organization, as far as one minute's calls show them. For people: the worker needs none of it. */
export async function consoleGroups(options: ConsoleOptions): Promise<ConsoleGroup[]> {
  const ask = consoleAsk(options);
  const found: ConsoleGroup[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const { text } = await ask({ path: (organization) => `/groups/${organization}/${page}` });
    const { groups, lastPage } = parsed(groupsAnswer, text);
    found.push(...groups);
    if (lastPage) break;
  }
  return found;
}
