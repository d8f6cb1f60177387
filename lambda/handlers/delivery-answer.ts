import type { APIGatewayProxyResult } from 'aws-lambda';
import { toInstant } from '../domain/time/time.ts';
import type { PlainAnswer, Source } from '../sources/source.ts';
import type { DeliveryResult } from './delivery-report.ts';
import { problem } from './problem.ts';

/** Answers a delivery as the system of its source expects it. @param receivedAt milliseconds since the epoch */
export function answerTo(
  result: DeliveryResult,
  { requestId, source, receivedAt }: { requestId: string; source: Source | undefined; receivedAt: number },
): APIGatewayProxyResult {
  if (result.kind === 'greeted') return toGateway(result.greeting.answer);
  const success = source?.answers.success;
  if (result.kind === 'rejected' && (success === undefined || result.asSuccess !== true)) {
    return problem(result.reason, { requestId, detail: result.detail });
  }

  const { eventIds, ignored } = result.kind === 'accepted' ? result : { eventIds: [], ignored: 0 };
  if (success?.eventIds === true) {
    const body = JSON.stringify(ignored > 0 ? { eventIds, ignored } : { eventIds });
    return toGateway({ status: success.status, contentType: 'application/json', body });
  }
  return toGateway({ status: 200, ...success, body: (success?.body ?? '').replaceAll('{now}', toInstant(receivedAt)) });
}

const toGateway = ({ status, contentType, body = '' }: PlainAnswer): APIGatewayProxyResult => ({
  statusCode: status,
  ...(contentType !== undefined && { headers: { 'content-type': contentType } }),
  body,
});
