import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** The gateway's own refusals look like the receiver's: application/problem+json (RFC 9457). */
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

  // 503, not 429: some HR systems never send again after a 4xx
  answer(ResponseType.THROTTLED, '"Too many deliveries at once, send it again later"', { statusCode: '503', retryAfter: 30 });
  answer(ResponseType.INTEGRATION_TIMEOUT, '"No answer in time, send it again later"', { statusCode: '504', retryAfter: 30 });
  // what API Gateway says of a path that is not there, with 403
  answer(ResponseType.MISSING_AUTHENTICATION_TOKEN, '"No such resource"', { statusCode: '404' });
  answer(ResponseType.DEFAULT_4XX, '$context.error.messageString');
  answer(ResponseType.DEFAULT_5XX, '$context.error.messageString');
}
