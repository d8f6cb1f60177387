import * as z from 'zod/mini';
import { parse } from './domain/parse.ts';
import { json, required } from './environment.ts';
import { sourceConfigs } from './sources/systems/registry.ts';

/** Apart from the worker's, whose bundle so holds no HR system. */
const receiverEnvironment = z.object({
  STAGE: required,
  SOURCES: json('SOURCES', sourceConfigs),
  LEAVER_QUEUE_URL: required,
  QUARANTINE_QUEUE_URL: required,
});

/** @throws InvalidInput naming the first variable that is missing or wrong */
export const readReceiverConfig = (environment: NodeJS.ProcessEnv = process.env) => parse(receiverEnvironment, environment, 'environment');
