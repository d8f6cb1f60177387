import { needsPerson } from '../../lambda/domain/console-access/access-record.ts';
import { openAccess } from '../../lambda/domain/console-access/open-access.ts';
import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import { sqsOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { isLocal } from '../deployment/function-settings.ts';
import { openFindings } from '../events/findings.ts';
import { shownBy } from '../events/holds.ts';
import { describeDeadLetter } from '../queues/dead-letter.ts';
import { stockOf } from '../queues/quarantine.ts';
import { browse } from '../queues/queue-messages.ts';
import { quoted } from '../terminal/quoted.ts';
import { selected } from './selection.ts';

/** One thing that waits for a person. */
export interface ToDo {
  kind: 'held' | 'failed' | 'returned' | 'finding' | 'console access' | 'dead letter' | 'quarantine';
  /** Why, in a few words. */
  what: string;
  source: string | undefined;
  /** The event, or the message. */
  id: string | undefined;
  /** When access is due to end, or when it came here if that is unknown. RFC 3339. */
  at: string;
  /** The command that leads on, without the options that name the deployment. */
  next: string;
}

/** All that waits for a person, the earliest due first. */
export async function toDoOf(deployment: Deployment): Promise<ToDo[]> {
  const all = [
    ...(await eventsOf(deployment, 'held')),
    ...(await eventsOf(deployment, 'failed')),
    ...(await eventsOf(deployment, 'returned')),
    ...(await toDoBesideEvents(deployment)),
    ...(await deadLettersOf(deployment)),
    ...(await quarantineOf(deployment)),
  ];
  return all.sort((one, other) => one.at.localeCompare(other.at));
}

async function eventsOf(deployment: Deployment, status: Extract<EventStatus, 'held' | 'failed' | 'returned'>): Promise<ToDo[]> {
  const { entries } = await selected(deployment, { statuses: [status], filter: {} });
  const braked = entries.filter(({ reason }) => reason === 'brake');
  const others = entries.filter(({ reason }) => reason !== 'brake');
  return [
    ...others.map((entry) => ({
      kind: status,
      what:
        entry.hold === undefined
          ? (entry.reason ?? (status === 'returned' ? 'the user is active again' : ''))
          : shownBy(entry.hold)
              .map(({ guard }) => guard)
              .join(' + '),
      source: entry.source,
      id: entry.eventId,
      at: status === 'returned' ? entry.updatedAt : (entry.effectiveAt ?? entry.receivedAt),
      next: `show ${quoted(entry.eventId)}${status === 'failed' ? '' : ' --person'}`,
    })),
    // The brake is one decision about many people.
    ...braked.slice(0, 1).map((first) => ({
      kind: status,
      what: `brake, ${braked.length} events`,
      source: undefined,
      id: undefined,
      at: braked.map((entry) => entry.effectiveAt ?? entry.receivedAt).sort()[0] ?? first.receivedAt,
      next: 'brake status --person',
    })),
  ];
}

/** What waits for a person and is in no event's status. */
export const toDoBesideEvents = async (deployment: Deployment): Promise<ToDo[]> => [
  ...(await findingsOf(deployment)),
  ...(await consoleAccessOf(deployment)),
];

async function findingsOf(deployment: Deployment): Promise<ToDo[]> {
  const findings = await openFindings(deployment);
  return findings.map(({ source, eventId, what, saw, at }) => ({
    kind: 'finding',
    what: `${what}: ${saw}`,
    source,
    id: eventId,
    at,
    next: `show ${quoted(eventId)} --person`,
  }));
}

async function consoleAccessOf({ ledger }: Deployment): Promise<ToDo[]> {
  return (await openAccess(ledger)).filter(needsPerson).map(({ status, code, source, eventId, updatedAt }) => ({
    kind: 'console access',
    what: `${status}${code === undefined ? '' : `, ${code}`}`,
    source,
    id: eventId,
    at: updatedAt,
    next: `show ${quoted(eventId)}`,
  }));
}

async function deadLettersOf(deployment: Deployment): Promise<ToDo[]> {
  const { deadLetterQueueUrl } = deployment.places;
  const found: ToDo[] = [];
  for await (const message of browse(sqsOf(deployment), deadLetterQueueUrl, { isLocal: isLocal(deployment) })) {
    const { kind, source, eventId, since, id } = await describeDeadLetter(message, deployment);
    found.push({ kind: 'dead letter', what: kind, source, id: eventId ?? id, at: since, next: 'dlq list' });
  }
  return found;
}

async function quarantineOf(deployment: Deployment): Promise<ToDo[]> {
  const stocks = await stockOf(deployment);
  return stocks.map(({ source, why, count, since }) => ({
    kind: 'quarantine',
    what: why === 'unreadable' ? `${count} proven, not understood` : `${count} not proven`,
    source,
    id: undefined,
    at: since,
    next: `quarantine list --source ${source}${why === 'unknown' ? '' : ` --why ${why}`}`,
  }));
}
