import { createRequire } from 'node:module';
import { startGateway } from '../../../local/lambda/gateway.ts';

/** The gateway in front of one receiver, in a process of its own: sends its URL to the parent, and serves until SIGTERM. Argument: the receiver's bundle. */
const [bundle = ''] = process.argv.slice(2);
const { handler }: typeof import('../../../lambda/receiver.ts') = createRequire(import.meta.url)(bundle);
const { url } = await startGateway({ port: 0, handler });
process.send?.(url);
process.once('SIGTERM', () => process.exit(0));
