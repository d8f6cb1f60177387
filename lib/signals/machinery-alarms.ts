import { type AlarmRule, FIVE_MINUTES, type Watched } from './alarm-rules.ts';

/** Alarms on AWS resources, for trouble that stops an event before the ledger knows of it. */
export function machineryAlarms({ receiver, worker, api, leaverQueue: { queue, deadLetterQueue } }: Watched): AlarmRule[] {
  return [
    {
      name: 'dead-letters',
      means: 'A leaver may still have access: a message could not be recorded and waits for a person.',
      command: 'dlq list',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', ...FIVE_MINUTES }),
      tellsWhenOver: true,
    },
    {
      name: 'queue-stuck',
      means: 'Leavers still have access: a message has been in the leaver queue for half an hour without being processed.',
      command: 'status',
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', ...FIVE_MINUTES }),
      above: 1800,
      tellsWhenOver: true,
    },
    {
      name: 'worker-errors',
      means: 'Leavers may keep access for longer: the worker crashed or ran out of time. Its messages are being retried.',
      command: 'doctor',
      metric: worker.metricErrors(FIVE_MINUTES),
    },
    {
      name: 'worker-throttled',
      means: 'Leavers keep access for longer: AWS throttles the worker because of the concurrency limits of the account.',
      command: 'status',
      metric: worker.metricThrottles(FIVE_MINUTES),
      above: 10,
    },
    {
      name: 'receiver-errors',
      means: 'HR got a 502 and may not send again: the receiver crashed, so a leaver may be unknown to us.',
      command: 'doctor',
      metric: receiver.metricErrors(FIVE_MINUTES),
    },
    {
      name: 'receiver-throttled',
      means: 'HR got a 5xx and may not send again: AWS throttles the receiver because of the concurrency limits of the account.',
      command: 'doctor',
      metric: receiver.metricThrottles(FIVE_MINUTES),
    },
    {
      name: 'answers-5xx',
      means: 'HR was asked to send again later. A leaver in that delivery keeps access until it arrives.',
      command: 'doctor',
      metric: api.metricServerError(FIVE_MINUTES),
    },
  ];
}
