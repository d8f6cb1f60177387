import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { quarantineQueue } from './aws/quarantine.ts';
import { intakeQueue, sqsClient } from './aws/queue.ts';
import { sourceSecrets } from './aws/secrets.ts';
import { deliveryMetrics } from './handlers/delivery-metrics.ts';
import { receiveDelivery } from './handlers/receive-delivery.ts';
import { readReceiverConfig } from './receiver-config.ts';
import { sourceOf } from './sources/systems/registry.ts';

const config = readReceiverConfig();
const logger = new Logger({ serviceName: 'receiver', persistentKeys: { stage: config.STAGE } });
const metrics = new Metrics({ namespace: 'WorkfrontOffboarding', serviceName: 'receiver', defaultDimensions: { stage: config.STAGE } });
const clock = Date.now;
const client = sqsClient();

/** The receiver: verifies the deliveries of HR systems and puts their events on the leaver queue. */
export const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>({ timeoutEarlyInMillis: 0 })
  .use(logMetrics(metrics))
  .handler(
    receiveDelivery({
      sources: new Map(Object.entries(config.SOURCES).map(([name, source]) => [name, sourceOf(name, source)])),
      secrets: sourceSecrets({ clock }),
      queue: intakeQueue({ queueUrl: config.LEAVER_QUEUE_URL, client }),
      quarantine: quarantineQueue({ client, url: config.QUARANTINE_QUEUE_URL, clock }),
      clock,
      log: logger,
      metrics: deliveryMetrics(metrics),
    }),
  );
