import * as z from 'zod/mini';
import { parse } from '../domain/parse.ts';
import type { Delivery } from '../sources/source.ts';

/** The parts of an API Gateway proxy event (REST API, payload format 1.0) that the receiver needs. */
const proxyEvent = z.object({
  httpMethod: z.string(),
  pathParameters: z.nullish(z.object({ source: z.optional(z.string()) })),
  headers: z.nullish(z.record(z.string(), z.nullish(z.string()))),
  multiValueHeaders: z.nullish(z.record(z.string(), z.nullish(z.array(z.string())))),
  queryStringParameters: z.nullish(z.record(z.string(), z.nullish(z.string()))),
  body: z.nullish(z.string()),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({ requestId: z.string() }),
});

export interface HttpRequest {
  requestId: string;
  method: string;
  /** The last part of the URL. */
  source: string;
  /** The parameters of the URL, as API Gateway decoded them; of one that occurs twice, the last. */
  query: ReadonlyMap<string, string>;
  delivery: Delivery;
}

/** Reads a request from API Gateway. @throws InvalidInput if it is not an API Gateway event */
export function readHttpRequest(event: unknown): HttpRequest {
  const { httpMethod, pathParameters, headers, multiValueHeaders, queryStringParameters, body, isBase64Encoded, requestContext } = parse(
    proxyEvent,
    event,
    'API Gateway event',
  );
  const query = Object.entries(queryStringParameters ?? {}).map(([name, value]): [string, string] => [name, value ?? '']);
  return {
    requestId: requestContext.requestId,
    method: httpMethod,
    source: pathParameters?.source ?? '',
    query: new Map(query),
    delivery: {
      headers: joined(headers ?? {}, multiValueHeaders ?? {}),
      body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
    },
  };
}

/** Joins both forms of the headers: `headers` has the last value of each, `multiValueHeaders` has all of them. */
function joined(
  single: Record<string, string | null | undefined>,
  multiple: Record<string, string[] | null | undefined>,
): ReadonlyMap<string, string> {
  const all = new Map<string, string[]>();
  const add = (name: string, values: string[]) => all.set(name.toLowerCase(), [...(all.get(name.toLowerCase()) ?? []), ...values]);

  for (const [name, values] of Object.entries(multiple)) add(name, values ?? []);
  const complete = new Set(all.keys());
  for (const [name, value] of Object.entries(single)) {
    if (typeof value === 'string' && !complete.has(name.toLowerCase())) add(name, [value]);
  }
  return new Map([...all].map(([name, values]) => [name, values.join(', ')]));
}
