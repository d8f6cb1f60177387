import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import type { EventRef } from '../../lambda/domain/event/leaver-message.ts';
import { WATCHED } from '../../lambda/domain/event/watch-times.ts';
import { type Finding, readFindings } from '../../lambda/domain/watch/findings.ts';
import { COMPARED } from '../../lambda/domain/watch/sweep.ts';
import type { Deployment } from '../deployment/deployment.ts';

/** The statuses of an event about which each finding speaks. Any other status tells a later story, and shows itself. */
const ABOUT: Record<Finding['what'], readonly EventStatus[]> = {
  employed: ['deactivated'],
  'still-active': COMPARED.filter((status) => status !== 'deactivated'),
  unreadable: WATCHED,
};

/** What the nightly sweep found and nobody has settled since. The sweep itself forgets the others only in the next night. */
export async function openFindings({ ledger }: Pick<Deployment, 'ledger'>): Promise<Finding[]> {
  const open: Finding[] = [];
  for (const finding of await readFindings({ ledger })) {
    const entry = await ledger.readEntry({ source: finding.source, eventId: finding.eventId });
    // An event that the ledger does not show any more settles nothing.
    if (entry === undefined || ABOUT[finding.what].includes(entry.status)) open.push(finding);
  }
  return open;
}

/** What the nightly sweep found about one event, if nobody has settled it. */
export const findingOf = async ({ source, eventId }: EventRef, deployment: Pick<Deployment, 'ledger'>): Promise<Finding | undefined> =>
  (await openFindings(deployment)).find((one) => one.source === source && one.eventId === eventId);

const WAYS: Record<Finding['what'], string> = {
  employed: 'ask HR; if they are employed, they must get their access again',
  'still-active':
    'ask HR; if they left, have the event done again, or let HR send the termination again; if it is urgent, deactivate the user in Workfront',
  unreadable: "look for the user in Workfront, and at the rights of the credential's user",
};

/** A finding, and what to do about it. */
export const findingLines = ({ what, saw }: Finding): string[] => [
  `${what}: ${saw}`,
  WAYS[what],
  'the sweep of the next night looks again, and forgets what it does not see any more',
];
