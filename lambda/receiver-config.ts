import * as z from 'zod/mini';
import { parse } from './domain/parse.ts';
import { json, required, withSettings } from './environment.ts';
import { sourceConfigs } from './sources/systems/registry.ts';

/** Separate from the worker's, to keep the HR systems out of the worker's bundle. */
const receiverEnvironment = z.object({
  STAGE: required,
  SOURCES: json('SOURCES', sourceConfigs),
  LEAVER_QUEUE_URL: required,
  QUARANTINE_QUEUE_URL: required,
});

/** Reads the receiver's environment and settings. @throws InvalidInput that names the first variable that is missing or wrong */
export const readReceiverConfig = (environment: NodeJS.ProcessEnv = process.env) =>
  parse(receiverEnvironment, withSettings(environment), 'environment');
