import { openAccess } from '../../lambda/domain/console-access/open-access.ts';
import { EVENT_STATUSES } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { CLOSED_CIRCUIT, circuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { pauseRecord } from '../../lambda/domain/stage/gate.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { tenantRecord } from '../../lambda/domain/stage/tenant.ts';
import { DAY, toInstant } from '../../lambda/domain/time/time.ts';
import { sqsOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { countsOf } from '../events/console-story.ts';
import { periodOf } from '../events/filter.ts';
import { openFindings } from '../events/findings.ts';
import { brakeSummary } from '../orders/brake-summary.ts';
import { EVER, selected } from '../orders/selection.ts';
import { deletedMessages } from '../queues/deletion-log.ts';
import { depthOf } from '../queues/queue-messages.ts';
import { onTimeCount, targetOf, USUAL } from '../report/on-time.ts';

const COUNTED = 7 * DAY;
/** As long as CloudWatch counts for the objective of the stage, and as `report` goes back. */
const TIMED = 30 * DAY;
const MOST_SHOWN = 10;

export type Status = Awaited<ReturnType<typeof statusOf>>;

/** Everything of a stage that a person looks at first. `last7Days` and `last30Days` count the events received then, the others count all. */
export async function statusOf(deployment: Deployment) {
  const { ledger, clock, name } = deployment;
  const policy = await deployment.policy();
  const tenant = (await ledger.readRecord(STAGE_KEYS.tenant, tenantRecord))?.value;
  const counts: Record<string, number> = Object.fromEntries(EVENT_STATUSES.map((status) => [status, 0]));
  const objective = (await deployment.objective()) ?? null;
  const onTime = onTimeCount(targetOf(objective ?? USUAL));
  const { since } = periodOf({}, clock(), COUNTED);
  for await (const entry of ledger.entries(periodOf({}, clock(), TIMED))) {
    onTime.add(entry);
    if (entry.receivedAt >= since) counts[entry.status] = (counts[entry.status] ?? 0) + 1;
  }
  const pause = (await ledger.readRecord(STAGE_KEYS.pause, pauseRecord))?.value;
  const brake = await brakeSummary(deployment);
  const open = (status: 'held' | 'failed' | 'returned') => selected(deployment, { statuses: [status], filter: {}, limit: 0 });

  return {
    deployment: name,
    at: toInstant(clock()),
    dryRun: policy?.dryRun ?? null,
    paused: pause?.paused ?? null,
    circuit: (await ledger.readRecord(STAGE_KEYS.circuit, circuitRecord))?.value ?? CLOSED_CIRCUIT,
    brake,
    tenant: policy?.customerId ?? tenant?.customerId ?? null,
    last7Days: counts,
    last30Days: { onTime: onTime.figure(), objective },
    held: (await open('held')).total,
    failed: (await open('failed')).total,
    returned: (await open('returned')).total,
    findings: await openFindings(deployment),
    waiting: await waitingEvents(deployment),
    inConsole: countsOf(await openAccess(ledger)),
    ...(await depths(deployment)),
    changes: [...brake.log, ...(pause?.log ?? []), ...(await deletedMessages(deployment))].sort((one, other) =>
      one.at.localeCompare(other.at),
    ),
  };
}

/** How many messages wait for a person in each of the two queues. */
async function depths({ region, places }: Deployment): Promise<{ deadLetters: number; quarantine: number }> {
  const client = sqsOf({ region });
  const [deadLetters, quarantine] = [await depthOf(client, places.deadLetterQueueUrl), await depthOf(client, places.quarantineQueueUrl)];
  return { deadLetters: totalOf(deadLetters), quarantine: totalOf(quarantine) };
}

const totalOf = ({ visible, hidden, delayed }: Awaited<ReturnType<typeof depthOf>>): number => visible + hidden + delayed;

async function waitingEvents(deployment: Deployment) {
  let total = 0;
  const longest: (NonNullable<LedgerEntry['waiting']> & { eventId: string; source: string })[] = [];
  for (const status of ['received', 'processing'] as const) {
    for await (const { waiting, eventId, source } of deployment.ledger.withStatus(status, periodOf({}, deployment.clock(), EVER))) {
      if (waiting === undefined) continue;
      total += 1;
      longest.push({ eventId, source, ...waiting });
      longest.sort((one, other) => one.since.localeCompare(other.since)).splice(MOST_SHOWN);
    }
  }
  return { total, longest };
}
