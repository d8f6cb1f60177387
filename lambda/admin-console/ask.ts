import * as z from 'zod/mini';
import { InvalidInput, StageFailure } from '../domain/failures.ts';
import { parseJson } from '../domain/parse.ts';
import type { Clock } from '../domain/ports.ts';
import { type HttpAnswer, httpCalls } from './calls.ts';
import { type ConsoleCredential, consoleCredential } from './credential.ts';
import { meaningOf, refusedCredential } from './refusals.ts';
import type { AdminConsoleSettings } from './settings.ts';

export interface ConsoleOptions {
  settings: Pick<AdminConsoleSettings, 'baseUrl' | 'tokenUrl'>;
  /** Gives the text of the secret. */
  readSecret: () => Promise<string>;
  fetch: typeof globalThis.fetch;
  clock: Clock;
}

/** One request to the API. */
interface ConsoleRequest {
  /** Below the base URL, for the organization of the secret. */
  path: (organizationId: string) => string;
  /** Sent as JSON, by POST; without it the request is a GET. */
  body?: object;
}

/** Asks the API. @returns an answer with status 200 or 404 */
export type Ask = (request: ConsoleRequest) => Promise<HttpAnswer>;

/** Asks with the credential of the secret. A refused token is renewed once: Adobe may have ended it early. */
export function consoleAsk({ settings, readSecret, fetch, clock }: ConsoleOptions): Ask {
  const send = httpCalls({ fetch, clock });
  const credential = consoleCredential({ readSecret, tokenUrl: settings.tokenUrl, send, clock });
  const sendWith = ({ secret, token }: ConsoleCredential, { path, body }: ConsoleRequest) =>
    send({
      method: body === undefined ? 'GET' : 'POST',
      url: `${settings.baseUrl}${path(secret.organizationId)}`,
      headers: {
        authorization: `Bearer ${token}`,
        'x-api-key': secret.clientId,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  return async (request) => {
    const first = await credential();
    const answer = await sendWith(first, request);
    if (answer.status !== 401) return accepted(answer);
    return accepted(await sendWith(await credential(first), request));
  };
}

const refusalAnswer = z.object({ result: z.string() });

function accepted(answer: HttpAnswer): HttpAnswer {
  const { status, text } = answer;
  if (status === 401 || status === 403) throw refusedCredential(status);
  if (status === 200 || status === 404) return answer;
  const meaning = meaningOf(resultIn(text) ?? '');
  if (meaning.kind === 'failure') throw meaning.failure;
  throw new StageFailure('console-unexpected', `the Admin Console answered with status ${status}; run doctor`);
}

/** The code of an answer; undefined if it has none. */
export function resultIn(text: string): string | undefined {
  try {
    return parseJson(refusalAnswer, text, 'answer').result;
  } catch {
    return undefined;
  }
}

/** Reads the body of a success. @throws StageFailure `console-unexpected` that names the first wrong place, without its value */
export function parsed<Schema extends z.core.$ZodType>(schema: Schema, text: string): z.output<Schema> {
  try {
    return parseJson(schema, text, 'answer of the Admin Console');
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new StageFailure('console-unexpected', `${cause.message}; check adminConsole.baseUrl of the stage, then report this`);
  }
}
