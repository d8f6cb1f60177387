import { type AlarmRule, FIVE_MINUTES, type Watched } from './alarm-rules.ts';

/** What no event tells, since it does not get that far. */
export function machineryAlarms({ receiver, worker, api, leaverQueue: { queue, deadLetterQueue } }: Watched): AlarmRule[] {
  return [
    {
      name: 'dead-letters',
      means: 'A leaver may still have access: a message could not even be recorded and waits for a person.',
      command: 'dlq list',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', ...FIVE_MINUTES }),
      tellsWhenOver: true,
    },
    {
      name: 'queue-stuck',
      means: 'Leavers still have access: for half an hour nobody has taken their messages from the leaver queue.',
      command: 'status',
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', ...FIVE_MINUTES }),
      above: 1800,
      tellsWhenOver: true,
    },
    {
      name: 'worker-errors',
      means: 'Leavers may wait with their access: the worker itself broke off or ran out of time; what it had is tried again.',
      command: 'doctor',
      metric: worker.metricErrors(FIVE_MINUTES),
    },
    {
      name: 'worker-throttled',
      means: 'Leavers wait with their access: AWS lets the worker run less often than its queue asks, by the limits of the account.',
      command: 'status',
      metric: worker.metricThrottles(FIVE_MINUTES),
      above: 10,
    },
    {
      name: 'receiver-errors',
      means: 'HR was told 502 and may not send again: the receiver itself broke off, so a leaver may be unknown to us.',
      command: 'doctor',
      metric: receiver.metricErrors(FIVE_MINUTES),
    },
    {
      name: 'receiver-throttled',
      means: 'HR was told 5xx and may not send again: AWS lets the receiver run less often than is asked, by the limits of the account.',
      command: 'doctor',
      metric: receiver.metricThrottles(FIVE_MINUTES),
    },
    {
      name: 'answers-5xx',
      means: 'HR was told to send again later: what it sent is not with us, and a leaver keeps access until it comes.',
      command: 'doctor',
      metric: api.metricServerError(FIVE_MINUTES),
    },
  ];
}
