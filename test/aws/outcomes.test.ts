import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventBridgeOutcomes } from '../../lambda/aws/outcomes.ts';
import { eventStatus } from '../../lambda/domain/event/event-status.ts';
import { outcomeEvent } from '../../lambda/domain/event/outcome-event.ts';
import { TransientFailure } from '../../lambda/domain/failures.ts';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { aTermination } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';
import { type Reply, scriptedHttp } from '../support/scripted-http.ts';

const DONE: Reply = {
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  json: { FailedEntryCount: 0, Entries: [{ EventId: '1' }] },
};
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function someOutcomes(answer: Reply = DONE) {
  const bus = await scriptedHttp(() => answer);
  open.push(bus.close);
  const client = new EventBridgeClient({ endpoint: bus.url, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
  return { bus, outcomes: eventBridgeOutcomes({ bus: 'default', stage: 'test', client }) };
}

const employee = { email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva', employeeNumber: '10042' };
const deactivated = anEntry(aTermination({ employee }), {
  status: 'deactivated',
  version: 4,
  workfrontUserId: '9'.repeat(32),
  matchedBy: 'emailAddr',
  effectiveAt: '2026-11-24T12:00:00.000Z',
  history: [{ at: '2026-11-24T12:00:02.000Z', to: 'deactivated', by: 'worker', why: 'Workfront answered isActive false for this user' }],
});

describe('an outcome', () => {
  it('is one event on the bus, with ids, status and times', async () => {
    const { bus, outcomes } = await someOutcomes();

    await outcomes.publish(deactivated);

    const [{ body = '', headers } = {}] = bus.arrived;
    const [entry, ...others] = JSON.parse(body).Entries;
    expect(headers?.['x-amz-target']).toBe('AWSEvents.PutEvents');
    expect(others).toEqual([]);
    expect({ ...entry, Time: undefined, Detail: undefined }).toEqual({
      EventBusName: 'default',
      Source: 'workfront-offboarding',
      DetailType: 'Leaver outcome',
    });
    expect(entry.Time).toBe(Date.parse('2026-11-24T12:00:02Z') / 1000);
    expect(outcomeEvent.parse(JSON.parse(entry.Detail))).toEqual({
      version: 1,
      id: 'acme-hr/evt-1/4',
      stage: 'test',
      source: 'acme-hr',
      eventId: 'evt-1',
      type: 'employee.terminated',
      status: 'deactivated',
      workfrontUserId: '9'.repeat(32),
      receivedAt: '2026-11-24T12:00:00.000Z',
      effectiveAt: '2026-11-24T12:00:00.000Z',
      at: '2026-11-24T12:00:02.000Z',
    });
  });

  it('contains nothing personal', async () => {
    const { bus, outcomes } = await someOutcomes();
    const hold = { guard: 'identity-mismatch', saw: 'user Ana', releasing: 'deactivates Ana' };

    await outcomes.publish({ ...deactivated, status: 'held', reason: 'identity-mismatch', hold });

    expect(bus.arrived[0]?.body).toContain('identity-mismatch');
    for (const value of [...Object.values(employee), 'emailAddr']) expect(bus.arrived[0]?.body).not.toContain(value);
  });

  it.each(
    eventStatus.options.map(
      (status) => [status, !['received', 'scheduled', 'processing', 'rejected', 'noted', 'accepted'].includes(status)] as const,
    ),
  )('of an event that is %s is published: %s', async (status, published) => {
    const { bus, outcomes } = await someOutcomes();

    await outcomes.publish({ ...deactivated, status });

    expect(bus.arrived).toHaveLength(published ? 1 : 0);
  });

  it.each<[string, Reply, string]>([
    [
      'refuses it with 200',
      { json: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'NotAuthorizedForSourceException' }] } },
      'outcome-refused',
    ],
    ['does not exist', { status: 400, json: { __type: 'ResourceNotFoundException' } }, 'outcomes-unavailable'],
    ['resets the connection', 'reset', 'outcomes-unavailable'],
    ['never answers', 'never', 'outcomes-unavailable'],
  ])('that cannot be published is a transient failure: the bus %s', async (_, answer, code) => {
    const { outcomes } = await someOutcomes(answer);

    const failure: unknown = await outcomes.publish(deactivated).then(
      () => undefined,
      (reason) => reason,
    );

    expect(failure).toBeInstanceOf(TransientFailure);
    expect(failure).toMatchObject({ code });
  });
});
