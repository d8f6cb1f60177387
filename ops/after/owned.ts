import type { Impact } from '../../lambda/domain/event/ledger-entry.ts';
import { allMatchKeys } from '../../lambda/domain/policy.ts';
import { MINUTE, toInstant } from '../../lambda/domain/time/time.ts';
import { HOLDINGS } from '../../lambda/workfront/impact/holdings.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { openWorkfront } from '../deployment/workfront-access.ts';
import { linkTo } from '../events/both-sides.ts';
import { sentenceOf } from '../terminal/trouble.ts';
import { HOLDING_WORDS } from './holding-words.ts';

/** A person waits for the counts, and they stop there. */
const WITHIN = 2 * MINUTE;

/** One thing that a user owns. */
interface Owned {
  id: string;
  link: string | undefined;
}

/** What a user owns in Workfront, as it was counted now. */
export interface OwnedByUser extends Impact {
  userId: string;
  link: string;
  at: string;
  /** Only on demand: personal, and kept nowhere. */
  name?: string | undefined;
  /** Only on demand, by the name of the kind. */
  ids?: Record<string, Owned[]>;
}

/** Counts what a user owns, only by reading. @param show what is wanted beside the counts */
export async function ownedBy(
  userId: string,
  { ids, person }: { ids: boolean; person: boolean },
  deployment: Deployment,
): Promise<OwnedByUser> {
  const settings = await functionSettings(deployment);
  const rules = await deployment.policy();
  const directory = openWorkfront(deployment, { settings, matchKeys: rules === undefined ? [] : allMatchKeys(rules) });
  const at = deployment.clock();
  const counted = await directory.countHoldings(userId, at + WITHIN);
  const pageOf = (page: string | undefined) => (id: string) => ({
    id,
    link: page === undefined ? undefined : linkTo(id, settings.WORKFRONT_BASE_URL, page),
  });
  const lists: Record<string, Owned[]> = {};
  for (const { name } of ids ? HOLDINGS : []) {
    if ((counted.counts[name] ?? 0) === 0) continue;
    lists[name] = (await directory.listHoldings(userId, name)).map(pageOf(HOLDING_WORDS[name]?.page));
  }
  return {
    userId,
    link: linkTo(userId, settings.WORKFRONT_BASE_URL),
    at: toInstant(at),
    ...counted,
    ...(person && { name: await directory.read(userId).then((user) => user?.displayName, sentenceOf) }),
    ...(ids && { ids: lists }),
  };
}

/** A row for people: what it is, how many, and what to do. */
export interface OwnedRow {
  what: string;
  count: string;
  advice: string;
  things: readonly Owned[];
}

export const ownedRows = ({ counts, unknown, ids = {} }: Impact & Pick<OwnedByUser, 'ids'>): OwnedRow[] =>
  HOLDINGS.map(({ name }) => {
    const { what = name, advice = '' } = HOLDING_WORDS[name] ?? {};
    const count = counts[name];
    if (count === undefined)
      return { what, count: '?', advice: unknown.includes(name) ? 'Workfront does not say; look there' : 'not asked', things: [] };
    return { what, count: String(count), advice: count === 0 ? '' : advice, things: ids[name] ?? [] };
  });

/** What a reader must know of the numbers. */
export function caveats({ partial, dropped, unknown }: Pick<OwnedByUser, 'partial' | 'dropped' | 'unknown'>): string[] {
  return [
    ...(partial ? ['The credential sees only a part of Workfront: it is no system administrator. A 0 proves nothing.'] : []),
    ...(dropped === undefined ? [] : [`Not everything was asked: Workfront was busy or in trouble (${dropped}). Ask again later.`]),
    ...(unknown.length === 0 ? [] : [`Workfront does not say: ${unknown.join(', ')}.`]),
    'Not counted at all: Workfront Planning, Fusion, boards, proofs, calendars, API keys and OAuth applications.',
  ];
}
