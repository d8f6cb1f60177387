import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installEmulator } from '../aws-emulator/install-emulator.ts';
import { installElasticmq, installLambda, installMoto } from './install.ts';
import { type Running, startElasticmq, startMoto, startPlainMinistack } from './start.ts';

/** Another implementation of a part of AWS, and the tests that it judges. */
export interface Engine {
  name: string;
  version: string;
  /** Test files, from the root of the project. */
  tests: readonly string[];
  /** @throws Error that says what is missing */
  install(signal: AbortSignal): Promise<unknown>;
  /** undefined: the tests start it themselves. */
  start?: (signal: AbortSignal) => Promise<Running>;
}

const LEDGER = ['test/aws/ledger.test.ts', 'test/aws/read-records.test.ts', 'test/aws/consistent-reads.test.ts'];
const QUEUES = ['test/aws/queue.test.ts', 'test/aws/quarantine.test.ts'];
const UNSET_SECRET = 'test/aws/unset-secret.test.ts';

export const ENGINES: readonly Engine[] = [
  {
    name: 'moto',
    version: pinned('moto/requirements.txt', /^moto==(\S+)$/m),
    tests: [...LEDGER, UNSET_SECRET],
    install: installMoto,
    start: startMoto,
  },
  {
    name: 'ministack',
    version: pinned('../aws-emulator/requirements.txt', /^ministack==(\S+)$/m),
    tests: [...LEDGER, ...QUEUES, UNSET_SECRET],
    install: installEmulator,
    start: startPlainMinistack,
  },
  {
    name: 'ElasticMQ',
    version: pinned('elasticmq/pom.xml', /elasticmq-server\S+\s+<version>(\S+)<\/version>/),
    tests: [...QUEUES, 'test/engines/redrive.engine.ts'],
    install: installElasticmq,
    start: startElasticmq,
  },
  {
    name: 'aws-lambda-rie',
    version: pinned('lambda/go.mod', /emulator v\S+-([0-9a-f]{12})\b/),
    tests: ['test/engines/functions.engine.ts'],
    install: installLambda,
  },
];

/** Reads a version where it is pinned. */
function pinned(file: string, pattern: RegExp): string {
  return pattern.exec(readFileSync(join(import.meta.dirname, file), 'utf8'))?.[1] ?? '';
}
