import type { Impact } from '../../domain/event/ledger-entry.ts';
import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../../domain/failures.ts';
import type { Clock, CredentialOwner } from '../../domain/ports.ts';
import { DAY } from '../../domain/time/time.ts';
import type { Ask } from '../requests.ts';
import { countAnswer, idsAnswer, metadataAnswer, parseAnswer } from '../wire.ts';
import { HOLDINGS, type Holding } from './holdings.ts';

/** Workfront's own limit of a page. */
const MOST_LISTED = 2000;

interface Reach {
  ask: Ask;
  owner: () => Promise<CredentialOwner>;
  /** Whether the tenant answers `OR:` groups correctly. */
  answersOr: () => Promise<boolean>;
  /** Whether others need Workfront now. */
  isBusy: () => boolean;
  clock: Clock;
}

/** What a user owns in Workfront: counts, and the ids on demand. Only reads, one call after another. */
export function impactOf(reach: Reach) {
  const conditionsOf = conditionsBy(reach);

  return {
    /**
     * Counts everything in {@link HOLDINGS}. What the tenant does not know, or refuses, is left out and named; as soon as Workfront is busy
     * or in trouble, the rest is dropped.
     *
     * @param until milliseconds since the epoch after which nothing more is asked
     */
    async countHoldings(userId: string, until: number): Promise<Impact> {
      const impact: Impact = { counts: {}, unknown: [] };
      for (const holding of HOLDINGS) {
        const stop = whyStop(reach, until);
        if (stop !== undefined) return { ...impact, dropped: stop };
        try {
          if (!(await reach.owner()).seesEverybody) impact.partial = true;
          const query = await conditionsOf(holding, userId);
          if (query === undefined) impact.unknown.push(holding.name);
          else impact.counts[holding.name] = await countOf(reach.ask, holding, query);
        } catch (failure) {
          if (isOfOne(failure)) impact.unknown.push(holding.name);
          else return { ...impact, dropped: codeOf(failure) };
        }
      }
      return impact;
    },

    /** The ids of one kind, at most 2,000. @throws what the calls throw; PermanentFailure `not-askable` if the tenant does not know it */
    async listHoldings(userId: string, name: string): Promise<string[]> {
      const holding = HOLDINGS.find((one) => one.name === name);
      const query = holding && (await conditionsOf(holding, userId));
      if (holding === undefined || query === undefined)
        throw new PermanentFailure('not-askable', `Workfront does not know ${name}; leave it out`);
      const request = questionOn(holding, 'search', {
        ...query,
        $$LIMIT: String(MOST_LISTED),
        ID_Sort: 'asc',
        fields: ['ID', holding.id].flatMap((field) => field ?? []).join(','),
      });
      return parseAnswer(idsAnswer, await reach.ask(request), request).data.map((record) =>
        holding.id === undefined ? record.ID : String(record[holding.id]),
      );
    },
  };
}

type Query = Record<string, string | readonly string[]>;

const questionOn = ({ object, name }: Holding, service: 'count' | 'search' | 'metadata', query: Query) =>
  ({ method: 'GET', path: `${object}/${service}`, query, expected: `the ${name} of a user`, call: 'question' }) as const;

async function countOf(ask: Ask, holding: Holding, query: Query): Promise<number> {
  const request = questionOn(holding, 'count', query);
  return parseAnswer(countAnswer, await ask(request), request);
}

/** Makes the conditions of a count, of fields that the tenant's own metadata has: an unknown field would fail the call. */
function conditionsBy({ ask, answersOr, clock }: Reach) {
  const known = new Map<string, { at: number; fields: ReadonlySet<string> }>();

  async function fieldsOf(holding: Holding): Promise<ReadonlySet<string>> {
    const before = known.get(holding.object);
    if (before !== undefined && clock() - before.at < DAY) return before.fields;
    const request = questionOn(holding, 'metadata', {});
    const fields = new Set(Object.keys(parseAnswer(metadataAnswer, await ask(request), request).data.fields));
    known.set(holding.object, { at: clock(), fields });
    return fields;
  }

  return async (holding: Holding, userId: string): Promise<Query | undefined> => {
    const has = await fieldsOf(holding);
    const fields = holding.fields.filter((field) => has.has(field));
    if (fields.length === 0 || !(holding.only ?? []).every(({ field }) => has.has(field))) return undefined;
    const only: Query = Object.fromEntries(
      (holding.only ?? []).flatMap(({ field, modifier, values }) => [
        [field, values],
        [`${field}_Mod`, modifier],
      ]),
    );
    const named = fields.length > 1 && (await answersOr()) ? fields : fields.slice(0, 1);
    const groups = named.map((field): Query => ({ ...only, [field]: userId }));
    if (groups.length === 1) return { ...groups[0] };
    // No condition is implied from one group to another (Adobe, "API basics", "Using OR Statements").
    return Object.fromEntries(
      groups.flatMap((group, index) => Object.entries(group).map(([name, value]) => [`OR:${index + 1}:${name}`, value])),
    );
  };
}

const whyStop = ({ isBusy, clock }: Reach, until: number): 'busy' | 'out-of-time' | undefined =>
  isBusy() ? 'busy' : clock() > until ? 'out-of-time' : undefined;

/** What one question meets alone: the others may be answered. */
const isOfOne = (failure: unknown): boolean =>
  failure instanceof PermanentFailure || (failure instanceof StageFailure && !['redirected', 'api-version-gone'].includes(failure.code));

function codeOf(failure: unknown): string {
  const isOurs = failure instanceof TransientFailure || failure instanceof CredentialFailure || failure instanceof StageFailure;
  if (!isOurs) throw failure;
  return failure.code;
}
