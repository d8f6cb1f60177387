import assert from 'node:assert/strict';
import { FIRST, LATER, type Step, type Story } from './story.ts';

/** Schedules a termination; {@link laterStep} waits until it is due. */
export function scheduledStep({ system, termination, isActive }: Story): Step {
  return [
    'a termination for later gets a schedule',
    async () => {
      // A schedule is set at least a minute ahead; the last step waits for it.
      const eventId = await system.accepted(termination(9, { at: new Date(Date.now() + 30_000).toISOString() }), LATER);
      await system.becomes(eventId, 'scheduled');
      assert.equal(await system.until({ what: 'schedule', seconds: 10, ask: () => system.hasSchedule(eventId), isGood: Boolean }), true);
      assert.equal(isActive(9), true);
      return 'scheduled';
    },
  ];
}

export function laterStep({ system, isActive }: Story): Step {
  return [
    'the scheduled termination fires',
    async () => {
      await system.becomes(LATER, 'deactivated', 100);
      assert.equal(isActive(9), false);
      assert.equal(await system.hasSchedule(LATER), false);
      return 'deactivated, and the schedule is removed';
    },
  ];
}

/** HR withdraws a termination that waits for its day. */
export function rescindedStep({ system, isActive, termination, rescission }: Story): Step {
  return [
    'a rescission of a termination for later removes its schedule',
    async () => {
      const at = new Date(Date.now() + 24 * 60 * 60_000).toISOString();
      const withdrawn = await system.accepted(termination(7, { at }), 'msg_withdrawn');
      await system.becomes(withdrawn, 'scheduled');
      await system.until({ what: 'schedule', seconds: 10, ask: () => system.hasSchedule(withdrawn), isGood: Boolean });

      await system.becomes(await system.accepted(rescission(7), 'msg_rescission'), 'rescinded');

      const { reason } = await system.becomes(withdrawn, 'cancelled');
      assert.equal(await system.hasSchedule(withdrawn), false);
      assert.equal(isActive(7), true);
      return `cancelled: ${reason}`;
    },
  ];
}

/** Good and bad deliveries of HR. */
export function deliverySteps({ system, workfront, leaver, isActive, termination }: Story): Step[] {
  const first = termination(0);
  return [
    [
      'a signed termination deactivates its user',
      async () => {
        const eventId = await system.accepted(first, FIRST);
        const { workfrontUserId } = await system.becomes(eventId, 'deactivated');
        assert.equal(workfrontUserId, leaver(0).ID);
        assert.equal(isActive(0), false);
        return `user ${leaver(0).ID}`;
      },
    ],
    [
      'the same delivery again changes nothing',
      async () => {
        const writes = workfront.calls.byKind.write;
        const before = await system.entryOf(FIRST);
        assert.equal(await system.accepted(first, FIRST), FIRST);
        const other = await system.accepted(termination(1), 'msg_second');
        await system.becomes(other, 'deactivated');
        assert.equal(workfront.calls.byKind.write, writes + 1);
        assert.deepEqual(await system.entryOf(FIRST), before);
        return 'the same event, and one write in total';
      },
    ],
    [
      'a wrong signature is refused',
      async () => {
        const { status } = await system.deliver(termination(2), {
          id: 'msg_forged',
          secret: `whsec_${Buffer.alloc(24).toString('base64')}`,
        });
        assert.equal(status, 401);
        assert.equal(isActive(2), true);
        return '401';
      },
    ],
  ];
}
