import { handler } from '../../lambda/receiver.ts';
import { startGateway } from '../../local/lambda/gateway.ts';

const TELL_EVERY_MS = 200;

// On AWS a process has one request at a time. Here many share the metrics, and the first to end publishes the counts of all.
console.warn = (warning: unknown) => {
  if (!String(warning).startsWith('No application metrics to publish.')) console.error(warning);
};

/** The receiver behind the local gateway, in a process of its own, which ends with the process that started it. */
const tell = (news: object) => void process.send?.(news);
const gateway = await startGateway({
  port: 0,
  handler,
  onError: (error) => tell({ error: error instanceof Error ? (error.stack ?? error.name) : typeof error }),
});
tell({ url: gateway.url });
setInterval(() => tell({ rss: process.memoryUsage.rss() }), TELL_EVERY_MS);
process.on('disconnect', () => process.exit());
