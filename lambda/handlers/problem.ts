import type { APIGatewayProxyResult } from 'aws-lambda';

/** Every reason for which a delivery is not accepted, with its answer. Metrics and logs use the same reasons. */
export const REASONS = {
  'unknown-source': { status: 404, detail: 'no source has this name; check the last part of the URL' },
  'wrong-method': { status: 405, detail: 'only POST is accepted; send the delivery by POST', headers: { allow: 'POST' } },
  'too-large': { status: 413, detail: 'expected a body of at most 512 KiB; send fewer events at once' },
  // The same answer whatever was wrong, so that a forger learns nothing. RFC 9110, section 15.5.2, requires the challenge.
  forged: {
    status: 401,
    detail: 'the delivery could not be verified; check the secret and the signature',
    headers: { 'www-authenticate': 'Signature' },
  },
  'wrong-content-type': { status: 415, detail: 'expected the content type application/json; set the header content-type' },
  'not-json': { status: 400, detail: 'expected JSON in UTF-8; check the body' },
  'not-understood': { status: 422, detail: 'expected events as in docs/webhook.md; check the body' },
  'no-secret': { status: 503, detail: 'deliveries of this source cannot be verified at present; send it again later' },
  'queue-trouble': { status: 503, detail: 'the delivery could not be stored; send it again later' },
  'quarantine-trouble': { status: 503, detail: 'the delivery could not be stored; send it again later' },
  unexpected: { status: 500, detail: 'the fault is ours; send the delivery again later' },
} as const satisfies Record<string, { status: number; detail: string; headers?: Record<string, string> }>;

export type Reason = keyof typeof REASONS;

/** The title of a problem of the type `about:blank` is the status in words (RFC 9457, section 4.2.1). */
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

/** Builds the answer of RFC 9457, application/problem+json. */
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
