import { describe, expect, it } from '@jest/globals';
import { readWorkerConfig } from '../lambda/worker-config.ts';

const messageOf = (baseUrl: string) => {
  try {
    readWorkerConfig({
      ...Object.fromEntries(
        [
          'STAGE',
          'LEDGER_TABLE',
          'LEAVER_QUEUE_URL',
          'LEAVER_QUEUE_ARN',
          'DEAD_LETTER_QUEUE_URL',
          'SCHEDULE_GROUP',
          'SCHEDULE_ROLE_ARN',
          'SCHEDULE_DEAD_LETTER_ARN',
          'WORKFRONT_SECRET_ID',
        ].map((name) => [name, 'given']),
      ),
      POLICY: '{}',
      WORKFRONT_API_VERSION: 'v21.0',
      CALLS_IN_FLIGHT: '2',
      WORKFRONT_BASE_URL: baseUrl,
    });
  } catch (failure) {
    return failure instanceof Error ? failure.message : '';
  }
  return 'taken';
};

describe("the worker's address of Workfront", () => {
  it.each([
    'http://acme.my.workfront.com',
    'http://169.254.169.254',
    'http://127.0.0.1.evil.test',
    'https://key@acme.my.workfront.com',
    'https://acme.my.workfront.com/attask?x=',
    'file:///etc/passwd',
    '//acme.my.workfront.com',
    '',
  ])('is refused if it could send the credential elsewhere: %s', (baseUrl) => {
    expect(messageOf(baseUrl)).toMatch(/^environment: WORKFRONT_BASE_URL: expected /);
  });

  it.each(['https://acme.my.workfront.com', 'http://127.0.0.1:8788'])('is an https origin, or on this machine: %s', (baseUrl) => {
    expect(messageOf(baseUrl)).toBe('taken');
  });
});
