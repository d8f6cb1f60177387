import { readFileSync } from 'node:fs';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import { DAY, toInstant } from '../../lambda/domain/time/time.ts';
import type { SystemName } from '../../lambda/sources/systems/registry.ts';
import { Usage } from '../terminal/exit-code.ts';

/** The leaver in a test. */
interface TestLeaver {
  /** Unique for each delivery. */
  testId: string;
  email: string;
  /** The value of the other match keys, which nobody has; undefined for a real person, who is known by the address. */
  nobody: string | undefined;
  now: number;
}

type Sample = (leaver: TestLeaver, policy: Policy | undefined) => unknown;

/** A body to send. */
export interface TestBody {
  body: string;
  contentType: string;
}

/** What marks a test event, also in the ledger and the report. No DNS server knows the domain: RFC 2606, section 2. */
export const TEST_DOMAIN = 'offboarding-test.invalid';

/** A termination at once, in the form of each system for which ops can write one (docs/webhook.md, docs/sources). */
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

/** A date that is past in every time zone, so that the event is due at once. */
const lately = (now: number) => toInstant(now - 3 * DAY).slice(0, 10);
const JSON_TYPE = 'application/json';
const asJson = (content: unknown): TestBody => ({ body: JSON.stringify(content), contentType: JSON_TYPE });

/** Samples of systems that name an employee only by their own id: only possible about nobody, with the id of the test. */
const SAMPLES_OF_NOBODY: Partial<Record<SystemName, (leaver: TestLeaver) => TestBody>> = {
  deel: ({ testId, now }) =>
    asJson({
      data: { meta: { event_type: 'contract.terminated' }, resource: [{ id: testId, completion_date: lately(now) }] },
      timestamp: toInstant(now),
    }),
  gusto: ({ testId, now }) => asJson({ event_type: 'employee.terminated_effective', entity_id: testId, timestamp: Math.floor(now / 1000) }),
  merge: ({ testId, email, now }) =>
    asJson({
      hook: { event: 'Employee.changed' },
      data: { id: testId, work_email: email, employment_status: 'INACTIVE', termination_date: lately(now) },
    }),
  personio: ({ testId, now }) =>
    asJson({ event_name: 'employment.terminated', occurred_at: `${lately(now)}T06:00:00Z`, payload: { person_id: testId } }),
  rippling: ({ testId }) => ({
    body: String(new URLSearchParams({ event_name: 'employee.terminated', id: testId })),
    contentType: 'application/x-www-form-urlencoded',
  }),
  successfactors: ({ testId, now }) => ({
    body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><n:ExternalEvent xmlns:n="com.successfactors.event.notification"><n:externalEventMeta><n:externalEventId>${testId}</n:externalEventId><n:type>com.successfactors.Employment.AssignmentInformation.Termination</n:type></n:externalEventMeta><n:events><n:event><n:eventId>1</n:eventId><n:effectiveStartDate>${lately(now)}</n:effectiveStartDate><n:entityKeys><entityKey><name>userId</name><value>${testId}</value></entityKey></n:entityKeys></n:event></n:events></n:ExternalEvent></s:Body></s:Envelope>`,
    contentType: 'text/xml; charset=utf-8',
  }),
  'ukg-pro': ({ testId, now }) =>
    asJson({ EventId: testId, EventTime: toInstant(now), EventType: 'EmployeeTerminationEvent', Payload: { EeId: testId } }),
};

/** A body that somebody wrote, which is JSON or XML. @throws Usage if the file cannot be read */
export function readBody(file: string): TestBody {
  try {
    const body = readFileSync(file, 'utf8').trimEnd();
    return { body, contentType: body.startsWith('<') ? 'text/xml; charset=utf-8' : JSON_TYPE };
  } catch {
    throw new Usage(`--body cannot be read: ${file}; give the path of a file`);
  }
}

/** Whether ops can write a test delivery of a system about nobody. */
export const canWrite = (system: SystemName): boolean => SAMPLES[system] !== undefined || SAMPLES_OF_NOBODY[system] !== undefined;

/**
 * Writes the body of a test delivery.
 *
 * @throws PermanentFailure `no-sample` for a system whose deliveries ops cannot write, or cannot write about a person known by an address
 */
export function testBody(system: SystemName = 'canonical', leaver: TestLeaver, policy: Policy | undefined): TestBody {
  const sample = SAMPLES[system];
  if (sample !== undefined) return asJson(sample(leaver, policy));
  const ofNobody = SAMPLES_OF_NOBODY[system];
  if (ofNobody !== undefined && leaver.nobody !== undefined) return ofNobody(leaver);
  throw new PermanentFailure(
    'no-sample',
    ofNobody === undefined
      ? `ops cannot write deliveries of ${system}; send one of yours with --body FILE --really, or let that system send its own test`
      : `a test of ${system} can only be about nobody; use --employee with a source of another system`,
  );
}

/** Keys that nobody has, so that the worker can search for the leaver with any match keys of the stage. */
function namesOfNobody(nobody: string, policy: Policy | undefined) {
  const fields = (policy?.matchKeys ?? []).filter(({ from }) => from === 'customField').map(({ field }) => [field, nobody]);
  return {
    employeeNumber: nobody,
    ssoUsername: `${nobody}@${TEST_DOMAIN}`,
    ...(fields.length > 0 && { customFields: Object.fromEntries(fields) }),
  };
}
