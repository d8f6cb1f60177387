import type { APIGatewayProxyResult } from 'aws-lambda';

/** Every reason for which a delivery is not taken on, with the answer to it. Reasons are also what metrics and logs say. */
export const REASONS = {
  'unknown-source': { status: 404, detail: 'no such source' },
  'wrong-method': { status: 405, detail: 'a delivery is a POST', headers: { allow: 'POST' } },
  'too-large': { status: 413, detail: 'expected a body of at most 512 KiB' },
  // One answer, whatever was wrong: a forger learns nothing. The challenge is what RFC 9110, section 15.5.2, asks for.
  forged: { status: 401, detail: 'the delivery could not be verified', headers: { 'www-authenticate': 'Signature' } },
  'wrong-content-type': { status: 415, detail: 'expected the content type application/json' },
  'not-json': { status: 400, detail: 'expected JSON in UTF-8' },
  'not-understood': { status: 422, detail: 'expected events as in docs/webhook.md' },
  'no-secret': { status: 503, detail: 'deliveries of this source cannot be verified at present, send it again later' },
  'queue-trouble': { status: 503, detail: 'the delivery could not be stored, send it again later' },
  'quarantine-trouble': { status: 503, detail: 'the delivery could not be stored, send it again later' },
  unexpected: { status: 500, detail: 'the fault is ours, send it again later' },
} as const satisfies Record<string, { status: number; detail: string; headers?: Record<string, string> }>;

export type Reason = keyof typeof REASONS;

/** What `about:blank` wants as title (RFC 9457, section 4.2.1): the status in words. */
const TITLES: Record<(typeof REASONS)[Reason]['status'], string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

const RETRY_AFTER_SECONDS = 30;

export const statusOf = (reason: Reason): number => REASONS[reason].status;

/** An answer as RFC 9457 has it: application/problem+json. */
export function problem(reason: Reason, { requestId, detail }: { requestId: string; detail?: string | undefined }): APIGatewayProxyResult {
  const { status, ...rest } = REASONS[reason];
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...('headers' in rest ? rest.headers : {}),
      ...(status >= 500 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {}),
    },
    body: JSON.stringify({ type: 'about:blank', title: TITLES[status], status, detail: detail ?? rest.detail, requestId }),
  };
}
