import { changedSince, type Kept } from '../../lambda/domain/deactivate/after/lost.ts';
import { LEAVES } from '../../lambda/domain/deactivate/after/undo.ts';
import type { LedgerEntry, Placement } from '../../lambda/domain/event/ledger-entry.ts';
import { isTermination } from '../../lambda/domain/event/termination.ts';
import { lookUpPerson } from '../../lambda/domain/person/known-person.ts';
import type { User } from '../../lambda/domain/ports.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { openWorkfront } from '../deployment/workfront-access.ts';
import { linkTo } from '../events/both-sides.ts';
import { sentenceOf } from '../terminal/trouble.ts';

/** What an undo would do. Only ids: it may be pasted into a ticket. */
export interface UndoPreview {
  eventId: string;
  userId: string;
  link: string | undefined;
  isActive: boolean | undefined;
  givenBack: Kept[];
  /** Somebody has put something else there since. */
  stays: Kept[];
  /** Whether the ledger remembers what the user had before our write. */
  isRemembered: boolean;
  /** Other terminations of the person: they say that this person leaves. */
  others: { source: string; eventId: string; status: string }[];
  /** Why Workfront could not be asked. */
  trouble: string | undefined;
}

/** What no write of ours brings back, as far as Adobe documents it or third parties report it. docs/runbook.md says more. */
const NOT_GIVEN_BACK: readonly string[] = [
  'the product profile in the Adobe Admin Console, if the person lost it: without it nobody can log in',
  'the licence and the proofing licence, if somebody else has them by now',
  'API keys and sessions of the person: they make new ones',
  'work, approvals and reports that were given to others since',
  'more teams and groups than the home team and the home group, if they were taken away',
];

/** Looks at the user in Workfront, only by reading. */
export async function undoPreview(entry: LedgerEntry, deployment: Deployment): Promise<UndoPreview> {
  const { eventId, workfrontUserId: userId = '', placement } = entry;
  let trouble: string | undefined;
  const settings = await functionSettings(deployment);
  const user = await openWorkfront(deployment, { settings, matchKeys: [] })
    .read(userId)
    .catch((failure: unknown) => {
      trouble = sentenceOf(failure);
      return undefined;
    });
  const changed = user === undefined ? rememberedOf(placement) : changedSince(placement, user.placement);
  return {
    eventId,
    userId,
    link: linkTo(userId, settings.WORKFRONT_BASE_URL),
    isActive: user?.isActive,
    givenBack: changed.filter(({ now }) => now === undefined),
    stays: changed.filter(({ now }) => now !== undefined),
    isRemembered: rememberedOf(placement).length > 0,
    others: await othersOf(entry, user, deployment),
    trouble,
  };
}

const rememberedOf = (placement: Placement | undefined): Kept[] => changedSince(placement, {});

async function othersOf(entry: LedgerEntry, user: User | undefined, { ledger }: Deployment): Promise<UndoPreview['others']> {
  if (!isTermination(entry)) return [];
  const { workfrontUserId: userId = '' } = entry;
  const { others } = await lookUpPerson(entry, { user, sighted: [userId] }, { ledger });
  const found: UndoPreview['others'] = [];
  for (const ref of others) {
    const other = await ledger.readEntry(ref);
    if (other !== undefined && isTermination(other) && LEAVES.includes(other.status)) {
      found.push({ source: other.source, eventId: other.eventId, status: other.status });
    }
  }
  return found;
}

/** The preview, line by line. */
export function previewLines(preview: UndoPreview): string[] {
  const { userId, link, isActive, givenBack, stays, isRemembered, others, trouble } = preview;
  const now = { true: 'active already', false: 'inactive now', undefined: 'could not be read' }[String(isActive)];
  return [
    `user           ${userId}, ${now}`,
    ...(link === undefined ? [] : [`               ${link}`]),
    ...(trouble === undefined ? [] : [`trouble        ${trouble}`]),
    `would be       active again`,
    ...givenBack.map(({ field, before }) => `given back     ${field.padEnd(15)} ${before}`),
    ...stays.map(({ field, before, now: there }) => `stays          ${field.padEnd(15)} ${there}; it was ${before} before`),
    ...(isRemembered ? [] : ['given back     nothing: what the user had before was not recorded; look at the access level in Workfront']),
    ...others.map(
      ({ source, eventId, status }) => `leaves too by  event ${eventId} of ${source}, ${status}: HR may not agree with the undo`,
    ),
    ...NOT_GIVEN_BACK.map((what, index) => `${index === 0 ? 'not given back' : '              '} ${what}`),
  ];
}
