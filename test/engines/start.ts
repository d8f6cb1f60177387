import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startMinistack } from '../aws-emulator/emulator.ts';
import { HOME as EMULATOR_HOME } from '../aws-emulator/install-emulator.ts';
import { freePort, startServerProcess } from '../support/programs/loopback-process.ts';
import { ELASTICMQ_JARS, MOTO_PYTHON } from './install.ts';

/** An engine that runs. */
export interface Running {
  endpoint: string;
  stop(): Promise<void>;
}

const logOf = (name: string) => join('reports', `engine-${name}.log`);
const PLAIN = { PATH: process.env.PATH, HOME: process.env.HOME };

export async function startMoto(signal: AbortSignal): Promise<Running> {
  const port = await freePort();
  const args = ['-m', 'moto.server', '--host', '127.0.0.1', '--port', String(port)];
  const stop = await startServerProcess({ what: 'moto', command: MOTO_PYTHON, args, env: PLAIN, port, log: logOf('moto') }, signal);
  return { endpoint: `http://127.0.0.1:${port}`, stop };
}

export async function startElasticmq(signal: AbortSignal): Promise<Running> {
  const port = await freePort();
  const settings = {
    'rest-sqs.bind-hostname': '127.0.0.1',
    'rest-sqs.bind-port': port,
    // It gives the URLs of queues with this address.
    'node-address.host': '127.0.0.1',
    'node-address.port': port,
  };
  const args = [
    ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
    '-cp',
    join(ELASTICMQ_JARS, '*'),
    'org.elasticmq.server.Main',
  ];
  const stop = await startServerProcess({ what: 'ElasticMQ', command: 'java', args, env: PLAIN, port, log: logOf('elasticmq') }, signal);
  return { endpoint: `http://127.0.0.1:${port}`, stop };
}

/** Starts ministack as an API alone: `npm run test:aws` deploys into it. */
export async function startPlainMinistack(signal: AbortSignal): Promise<Running> {
  const port = await freePort();
  const home = mkdtempSync(join(EMULATOR_HOME, 'engine-'));
  mkdirSync(join(home, 'tmp'));
  const remove = () => rmSync(home, { recursive: true, force: true });
  try {
    const end = await startMinistack({ port, home, log: logOf('ministack'), settings: {}, signal });
    return { endpoint: `http://127.0.0.1:${port}`, stop: () => end().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}
