import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ACCOUNT } from '../aws/account.ts';

export interface Route {
  source: string;
  url: URL;
}

/** @returns undefined if API Gateway has no such resource */
export function findRoute(target: string): Route | undefined {
  const url = URL.parse(target, 'http://127.0.0.1');
  const [, part] = /^\/webhooks\/([^/]+)$/.exec(url?.pathname ?? '') ?? [];
  if (url === null || part === undefined) return undefined;
  try {
    return { source: decodeURIComponent(part), url };
  } catch {
    return undefined;
  }
}

/**
 * Makes the event that a Lambda proxy integration of a REST API with the binary media type `*\/*` passes on ("Set up Lambda proxy
 * integrations in API Gateway"): the raw bytes in base64, the sender's names of headers, and in `headers` the last of several values.
 */
export function toProxyEvent(request: IncomingMessage, { source, url }: Route, body: Buffer): APIGatewayProxyEvent {
  const requestId = crypto.randomUUID();
  const now = new Date();
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  const httpMethod = request.method ?? 'GET';
  const headers = grouped(pairs(request.rawHeaders));
  const query = grouped([...url.searchParams]);

  return {
    resource: '/webhooks/{source}',
    path: url.pathname,
    httpMethod,
    pathParameters: { source },
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: url.search === '' ? null : lastOf(query),
    multiValueQueryStringParameters: url.search === '' ? null : query,
    stageVariables: null,
    body: body.length === 0 ? null : body.toString('base64'),
    isBase64Encoded: body.length > 0,
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      authorizer: null,
      extendedRequestId: requestId,
      httpMethod,
      identity: anonymous(sourceIp, request.headers['user-agent'] ?? null),
      path: url.pathname,
      protocol: `HTTP/${request.httpVersion}`,
      requestId,
      requestTime: now.toISOString(),
      requestTimeEpoch: now.getTime(),
      resourceId: 'local',
      resourcePath: '/webhooks/{source}',
      stage: 'local',
    },
  };
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
}

function grouped(entries: readonly [string, string][]): Record<string, string[]> {
  const groups = Map.groupBy(entries, ([name]) => name);
  return Object.fromEntries([...groups].map(([name, found]) => [name, found.map(([, value]) => value)]));
}

const lastOf = (groups: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values.at(-1) ?? '']));

const anonymous = (sourceIp: string, userAgent: string | null): APIGatewayProxyEvent['requestContext']['identity'] => ({
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp,
  user: null,
  userAgent,
  userArn: null,
});
