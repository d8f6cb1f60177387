import { Metrics } from '@aws-lambda-powertools/metrics';
import { jest } from '@jest/globals';
import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import { DAY, HOUR } from '../../../lambda/domain/time/time.ts';
import { deliveryMetrics } from '../../../lambda/handlers/delivery-metrics.ts';
import { reportDelivery } from '../../../lambda/handlers/delivery-report.ts';
import { reportCall, reportKey } from '../../../lambda/handlers/workfront-report.ts';
import { aRecord, aWorker } from '../../support/a-worker.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../../support/builders.ts';
import { emittedIn } from '../../support/emitted.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { seenBy } from '../../support/working.ts';

type Worker = ReturnType<typeof aWorker>;

const ana = anArrival(aTermination());
const ANA = { source: ana.source, eventId: ana.eventId };
const newDesk = (rules: Parameters<typeof aDesk>[0]['rules'] = {}, user = {}) =>
  aDesk({ users: aDirectory({ id: guid(1), ...user }), rules });

function failing(desk: TestDesk, failure: Error): TestDesk {
  desk.directory.find = () => Promise.reject(failure);
  return desk;
}

/** An Admin Console that refuses everything. */
const consoleThat = (failure: Error) => ({
  adminConsole: { memberships: () => Promise.reject(failure), remove: () => Promise.reject(failure) },
  named: { profiles: ['Workfront'], groups: [] },
});

/** Runs the code of receiver and worker through everything that they count, and collects what CloudWatch would get. */
export async function everythingEmitted(): Promise<Set<string>> {
  const lines = [...(await byWorker()), ...byReceiver()];
  return emittedIn(lines);
}

async function byWorker(): Promise<string[]> {
  const lines: string[] = [];
  const play = async (desk: TestDesk, story: (worker: Worker) => Promise<unknown>, options: Parameters<typeof aWorker>[1] = {}) => {
    const worker = aWorker(desk, options);
    await story(worker);
    lines.push(...worker.lines);
    jest.restoreAllMocks();
  };
  const arrives = (worker: Worker) => worker.process([aRecord(ana)]);
  const inConsole = async (worker: Worker) => {
    await arrives(worker);
    await worker.process([aRecord({ kind: 'console-access', ...ANA })]);
  };

  await play(newDesk(), async (worker) => {
    await arrives(worker);
    await arrives(worker);
    await worker.process([aRecord(anArrival(aRescission(), { eventId: 'evt-2' })), aRecord('no message', { messageId: 'm-2' })]);
  });
  await play(newDesk({}, { isActive: false }), arrives);
  const pending = newDesk({}, { isActive: false });
  pending.directory.pending.add(guid(1));
  await play(pending, arrives);
  await play(newDesk({ dryRun: true }), arrives);
  await play(newDesk({ brake: { perHour: 0 } }), arrives);
  await play(aDesk({ users: aDirectory() }), arrives);
  await play(newDesk(), async (worker) => {
    await worker.process([aRecord(anArrival(aTermination({ effective: { date: '2027-01-31' } })))]);
    await worker.process([aRecord(anArrival(aRescission(), { eventId: 'evt-2', receivedAt: '2026-11-24T13:00:00.000Z' }))]);
    await worker.process([aRecord({ ...ana, eventId: 'evt-3' })]);
  });

  const back = newDesk();
  await play(back, async (worker) => {
    await arrives(worker);
    await worker.process([aRecord({ kind: 'watch', ...ANA })]);
    await worker.process([aRecord({ kind: 'sweep' })]);
    const user = back.directory.users.get(guid(1));
    if (user !== undefined) user.isActive = true;
    await worker.process([aRecord({ kind: 'watch', ...ANA })]);
  });

  const held = newDesk({}, { isAdmin: true });
  await play(held, async (worker) => {
    await arrives(worker);
    await worker.process([aRecord({ kind: 'release', guard: 'administrator', ...(await seenBy(held, ANA)) })]);
  });
  const failed = failing(newDesk(), new PermanentFailure('too-long', 'no'));
  await play(failed, async (worker) => {
    await arrives(worker);
    await worker.process([aRecord({ kind: 'replay', ...(await seenBy(failed, ANA)) })]);
  });

  const late = failing(newDesk(), new TransientFailure('server-error', 'status 503'));
  late.now += HOUR;
  await play(late, arrives);
  await play(failing(newDesk(), new CredentialFailure('rejected', 'status 401')), arrives);
  await play(failing(newDesk(), new StageFailure('redirected', 'status 302')), arrives);
  await play(failing(newDesk(), new TypeError('a mistake')), arrives);
  await play(newDesk(), arrives, { outcomes: { publish: () => Promise.reject(new TransientFailure('outcome-refused', 'no')) } });

  const limited = aDesk({ users: aDirectory() });
  limited.directory.owner = async () => ({ userId: guid(0xadd), customerId: undefined, activeUsers: 9, seesEverybody: false });
  await play(limited, arrives);

  await play(newDesk(), inConsole, { console: consoleThat(new PermanentFailure('console-refused', 'no')) });
  await play(newDesk(), inConsole, { console: consoleThat(new StageFailure('console-name-unknown', 'no')) });
  await play(newDesk(), (worker) => worker.process([aRecord({ kind: 'canary' }), aRecord({ kind: 'late-look' })]));
  await play(newDesk(), (worker) => worker.process([aRecord({ kind: 'canary', rememberedAt: '2026-11-24T05:00:00.000Z' })]));
  const forgotten = newDesk();
  await play(forgotten, async (worker) => {
    await worker.process([aRecord(anArrival(aTermination({ effective: { date: '2026-11-25' } })))]);
    forgotten.now += 3 * DAY;
    await worker.process([aRecord({ kind: 'canary' })]);
  });
  const refused = newDesk();
  refused.directory.owner = () => Promise.reject(new CredentialFailure('rejected', 'status 401'));
  await play(refused, (worker) => worker.process([aRecord({ kind: 'canary' })]));

  return [
    ...lines,
    ...printed('worker', (metrics) => {
      reportCall({ ms: 20, status: 429 }, metrics);
      reportKey(6.5, metrics);
    }),
  ];
}

function byReceiver(): string[] {
  return printed('receiver', (metrics) => {
    const nowhere = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const signals = { log: nowhere, metrics: deliveryMetrics(metrics) };
    const delivery = { requestId: 'r-1', source: 'hr', status: 0 };
    reportDelivery({ ...delivery, result: { kind: 'accepted', eventIds: ['evt-1'], ignored: 1 } }, signals);
    reportDelivery({ ...delivery, result: { kind: 'rejected', reason: 'not-understood', kept: true } }, signals);
  });
}

function printed(serviceName: string, emit: (metrics: Metrics) => void): string[] {
  const lines: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    lines.push(String(chunk));
    return true;
  });
  const metrics = new Metrics({ namespace: 'WorkfrontOffboarding', serviceName, defaultDimensions: { stage: 'test' } });
  emit(metrics);
  metrics.publishStoredMetrics();
  jest.restoreAllMocks();
  return lines;
}
