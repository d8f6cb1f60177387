import { setImmediate as breathe } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { deliveryMetrics } from '../../../lambda/handlers/delivery-metrics.ts';
import { processLeavers } from '../../../lambda/handlers/process-leavers.ts';
import { receiveDelivery } from '../../../lambda/handlers/receive-delivery.ts';
import { sourceOf } from '../../../lambda/sources/systems/registry.ts';
import { anArrival, aTermination, gatewayEvent, queueEvent } from '../setup/events.ts';
import { SOURCE, SOURCE_SECRET } from '../setup/stand-ins.ts';
import { type Asked, aContext, forgetfulDesk } from './forgetful-desk.ts';

/*
 * Runs one function with its ports in memory on very many events, so that only its own memory can grow. Forked with --expose-gc;
 * arguments: receiver or worker, the number of events, the number of looks. Sends each {@link Look} to its parent.
 */

export interface Look {
  events: number;
  heapMegabytes: number;
  rssMegabytes: number;
  cpuMs: number;
  /** For one event; only for the worker. */
  asked: Asked | undefined;
}

const IN_ONE_BATCH = 10;
const logger = new Logger({ serviceName: 'bench' });
const metrics = new Metrics({ namespace: 'Bench', serviceName: 'bench', defaultDimensions: { stage: 'bench' } });
const { desk, asked } = forgetfulDesk();

const [which = '', count = '0', looks = '1'] = process.argv.slice(2);
const act = which === 'receiver' ? receiver() : worker();
const every = Number(count) / Number(looks);
for (let done = 0; done < Number(count); ) {
  const cpu = process.cpuUsage();
  const before = { ...asked };
  for (let turn = 0; turn < every; turn += IN_ONE_BATCH) {
    await act(done + turn);
    // As between invocations: otherwise work that waits for the event loop would never end.
    await breathe();
  }
  done += every;
  const { user, system } = process.cpuUsage(cpu);
  const perEvent = { reads: (asked.reads - before.reads) / every, writes: (asked.writes - before.writes) / every };
  await collect();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({
    events: done,
    heapMegabytes: heapUsed / 2 ** 20,
    rssMegabytes: rss / 2 ** 20,
    cpuMs: (user + system) / 1000 / every,
    asked: which === 'worker' ? perEvent : undefined,
  } satisfies Look);
}
process.disconnect?.();

function receiver(): (from: number) => Promise<unknown> {
  const secrets = { read: async () => [SOURCE_SECRET], refresh: async () => [SOURCE_SECRET] };
  const receive = receiveDelivery({
    sources: new Map([[SOURCE, sourceOf(SOURCE, { scheme: { kind: 'standard-webhooks' }, secretId: 'one' })]]),
    secrets,
    queue: { sendAll: async () => undefined },
    quarantine: { keep: async () => undefined, keepForged: async () => true },
    clock: Date.now,
    log: logger,
    metrics: deliveryMetrics(metrics),
  });
  return async (from) => {
    for (let index = from; index < from + IN_ONE_BATCH; index++) {
      const answer = await receive(gatewayEvent(aTermination(`leaver.${index}@acme.test`)));
      if (answer.statusCode !== 202) throw new Error(`the receiver answered ${answer.statusCode} instead of 202: ${answer.body}`);
      metrics.publishStoredMetrics();
    }
  };
}

function worker(): (from: number) => Promise<unknown> {
  const work = processLeavers({
    desk,
    queue: { send: async () => undefined, postpone: async () => undefined, toDeadLetter: async () => undefined },
    outcomes: undefined,
    eventsAtOnce: 4,
    logger,
    metrics,
  });
  return async (from) => {
    const messages = Array.from({ length: IN_ONE_BATCH }, (_, index) =>
      anArrival({ email: `leaver.${from + index}@acme.test`, eventId: `event-${from + index}` }),
    );
    const { batchItemFailures } = await work(queueEvent(messages), aContext);
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} messages of a batch failed; see the log of the worker`);
  };
}

/** Collects garbage twice, because memory that a finaliser releases is only collected the next time. */
async function collect(): Promise<void> {
  for (let times = 0; times < 2; times++) {
    globalThis.gc?.();
    await breathe();
  }
}
