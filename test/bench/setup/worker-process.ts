import { startEventSource } from '../../../local/lambda/event-source.ts';

/** Runs one worker as Lambda does: the deployed bundle gets one batch after the other, until SIGTERM. Argument: the bundle. */
const [bundle = ''] = process.argv.slice(2);
const { handler }: typeof import('../../../lambda/worker.ts') = await import(bundle);
const { AWS_ENDPOINT_URL_SQS: endpoint = '', LEAVER_QUEUE_URL: queueUrl = '', LEAVER_QUEUE_ARN: queueArn = '' } = process.env;

const source = startEventSource({
  endpoint,
  queueUrl,
  queueArn,
  handler,
  // The values in lib/worker-function.ts and lib/leaver-queue.ts.
  batchSize: 10,
  maximumConcurrency: 1,
  timeoutSeconds: 30,
  visibilitySeconds: 180,
  onError: console.error,
});
process.once('SIGTERM', () => void source.stop().then(() => process.exit(0)));
