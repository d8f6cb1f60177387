import type { Context } from 'aws-lambda';
import { TransientFailure } from '../../lambda/domain/failures.ts';
import { ACCOUNT, REGION } from '../aws/account.ts';

/**
 * Runs a handler as Lambda does, with a context of its own and a time limit. Lambda freezes a handler that takes too long; here it
 * may still finish in the background.
 *
 * @throws TransientFailure `function-timed-out`, and everything that the handler throws
 */
export async function invoke<Event, Result>({
  handler,
  event,
  functionName,
  timeoutSeconds,
}: {
  handler: (event: Event, context: Context) => Promise<Result>;
  event: Event;
  functionName: string;
  timeoutSeconds: number;
}): Promise<Result> {
  const context = lambdaContext(functionName, Date.now() + timeoutSeconds * 1000);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const late = () =>
      reject(
        new TransientFailure(
          'function-timed-out',
          `the ${functionName} did not answer within ${timeoutSeconds} s; look for the call that it waits for`,
        ),
      );
    timer = setTimeout(late, timeoutSeconds * 1000);
  });
  // The handler starts in a promise of its own, so that one that throws at once is a rejection too.
  const answer = Promise.resolve().then(() => handler(event, context));
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function lambdaContext(functionName: string, deadline: number): Context {
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName}`,
    memoryLimitInMB: '512',
    awsRequestId: crypto.randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    // For callbacks, which Lambda's Node.js 24 does not have any more.
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
