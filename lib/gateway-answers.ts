import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** Makes the gateway's own error responses look like the receiver's: application/problem+json (RFC 9457). */
export function answerAsProblems(api: RestApi): void {
  const answer = (type: ResponseType, title: string, { statusCode, retryAfter }: { statusCode?: string; retryAfter?: number } = {}) =>
    api.addGatewayResponse(type.responseType, {
      type,
      ...(statusCode !== undefined && { statusCode }),
      responseHeaders: {
        'Content-Type': "'application/problem+json'",
        ...(retryAfter !== undefined && { 'Retry-After': `'${retryAfter}'` }),
      },
      templates: { 'application/json': `{"type":"about:blank","title":${title},"requestId":"$context.requestId"}` },
    });

  // sends 503 instead of 429: some HR systems never retry after a 4xx
  answer(ResponseType.THROTTLED, '"Too many deliveries at once, send it again later"', { statusCode: '503', retryAfter: 30 });
  answer(ResponseType.INTEGRATION_TIMEOUT, '"No answer in time, send it again later"', { statusCode: '504', retryAfter: 30 });
  // replaces the 403 that API Gateway sends for an unknown path
  answer(ResponseType.MISSING_AUTHENTICATION_TOKEN, '"No such resource"', { statusCode: '404' });
  answer(ResponseType.DEFAULT_4XX, '$context.error.messageString');
  answer(ResponseType.DEFAULT_5XX, '$context.error.messageString');
}
