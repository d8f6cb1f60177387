import { PermanentFailure } from '../lambda/domain/failures.ts';
import type { Policy } from '../lambda/domain/policy.ts';
import { toInstant } from '../lambda/domain/time.ts';
import type { SystemName } from '../lambda/sources/registry.ts';

/** Whom a test is about. */
interface Whom {
  /** Of this delivery alone. */
  testId: string;
  email: string;
  /** Values for the other match keys: nobody has them. Undefined where a real person is meant, who is known by the address. */
  nobody: string | undefined;
  now: number;
}

type Sample = (whom: Whom, policy: Policy | undefined) => unknown;

/** What a test event is known by, also in the ledger and the report. No resolver knows the domain: RFC 2606, section 2. */
export const TEST_DOMAIN = 'offboarding-test.invalid';

/** A termination at once, as each system that we can play writes it (docs/webhook.md, docs/sources). */
const SAMPLES: Partial<Record<SystemName, Sample>> = {
  canonical: ({ testId, email, nobody, now }, policy) => ({
    type: 'employee.terminated',
    timestamp: toInstant(now),
    data: { id: testId, employee: { email, ...(nobody !== undefined && namesOfNobody(nobody, policy)) }, effective: { immediate: true } },
  }),
  bamboohr: ({ testId, email, now }) => ({
    employees: [
      {
        id: testId,
        action: 'Updated',
        timestamp: toInstant(now),
        changedFields: ['status'],
        fields: { workEmail: email, status: 'Terminated' },
      },
    ],
  }),
  hibob: ({ testId, email, now }) => ({
    type: 'employee.left',
    creationDate: toInstant(now),
    employee: { id: testId, email },
  }),
  okta: ({ testId, email, now }) => ({
    data: {
      events: [
        {
          uuid: testId,
          published: toInstant(now),
          eventType: 'user.lifecycle.deactivate',
          outcome: { result: 'SUCCESS' },
          target: [{ id: testId, type: 'User', alternateId: email }],
        },
      ],
    },
  }),
};

/**
 * The body of a test delivery.
 *
 * @throws PermanentFailure `no-sample` for a system whose deliveries we cannot make up
 */
export function testBody(system: SystemName | undefined, whom: Whom, policy: Policy | undefined): string {
  const sample = SAMPLES[system ?? 'canonical'];
  if (sample === undefined)
    throw new PermanentFailure(
      'no-sample',
      `wanted a system whose deliveries ops can make up, this source is ${system}: send its own test`,
    );
  return JSON.stringify(sample(whom, policy));
}

/** So that the event can be looked for whatever the stage's match keys are. */
function namesOfNobody(nobody: string, policy: Policy | undefined) {
  const fields = (policy?.matchKeys ?? []).filter(({ from }) => from === 'customField').map(({ field }) => [field, nobody]);
  return {
    employeeNumber: nobody,
    ssoUsername: `${nobody}@${TEST_DOMAIN}`,
    ...(fields.length > 0 && { customFields: Object.fromEntries(fields) }),
  };
}
