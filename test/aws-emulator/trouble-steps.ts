import assert from 'node:assert/strict';
import * as z from 'zod';
import { DAY } from '../../lambda/domain/time/time.ts';
import { SOURCE } from './deployed.ts';
import { FIRST, type Step, type Story } from './story.ts';

const deadLetters = z.array(z.object({ kind: z.string(), status: z.string().optional(), why: z.string() }));

/** Errors, and how they end: by waiting, or by an operator. */
export function troubleSteps({ system, workfront, isActive, termination }: Story): Step[] {
  return [
    [
      'an event that waits for Workfront is done when Workfront is up again',
      async () => {
        workfront.behaviour.down = true;
        const eventId = await system.accepted(termination(3), 'msg_down');
        const waiting = await system.until({
          what: 'wait',
          seconds: 30,
          ask: () => system.entryOf(eventId),
          isGood: (entry) => entry?.waiting !== undefined,
        });
        assert.equal(waiting?.waiting?.code, 'server-error');
        workfront.behaviour.down = false;
        await system.becomes(eventId, 'deactivated', 45);
        assert.equal(isActive(3), false);
        return 'it waited because of server-error';
      },
    ],
    [
      'an event that failed because Workfront was down too long is done when ops replay it',
      async () => {
        workfront.behaviour.down = true;
        const eventId = await system.accepted(termination(4), 'msg_down_for_long');
        // Eleven days ago according to the ledger; the limit is ten days.
        const since = new Date(Date.now() - 11 * DAY).toISOString();
        assert.equal(await system.waitsSince({ eventId, since }), 'server-error');
        const { reason } = await system.becomes(eventId, 'failed', 45);
        assert.equal(reason, 'gave-up-server-error');
        assert.equal(isActive(4), true);
        workfront.behaviour.down = false;
        const { code, out } = await system.ops(['replay', '--status', 'failed', '--since', '1h', '--yes', '--json']);
        assert.equal(code, 0);
        assert.match(out, /deactivated/);
        assert.equal(isActive(4), false);
        return `it had failed: ${reason}`;
      },
    ],
    [
      'an event that failed because of missing rights is done when ops replay it by its id',
      async () => {
        workfront.behaviour.readOnlyCredential = true;
        const eventId = await system.accepted(termination(6), 'msg_forbidden');
        const { reason } = await system.becomes(eventId, 'failed', 45);
        workfront.behaviour.readOnlyCredential = false;
        assert.equal((await system.ops(['replay', eventId, '--yes'])).code, 0);
        await system.becomes(eventId, 'deactivated');
        return `it had failed: ${reason}`;
      },
    ],
    [
      'a poison message ends in the dead-letter queue, and harms no other message when it is redriven',
      async () => {
        await system.putOnQueue('{"kind":"nonsense"}');
        await system.until({ what: 'dead letter', seconds: 20, ask: system.deadLetters, isGood: (count) => count === 1 });
        await system.putOnDeadLetterQueue(JSON.stringify({ kind: 'due', source: SOURCE, eventId: FIRST }));
        const { code, out } = await system.ops(['dlq', 'list', '--json']);
        assert.equal(code, 3);
        const found = deadLetters.parse(JSON.parse(out));
        assert.deepEqual(found.map(({ kind, status }) => `${kind} ${status ?? ''}`).sort(), ['due deactivated', 'unreadable ']);
        assert.match(found.find(({ kind }) => kind === 'unreadable')?.why ?? '', /leaver message: kind/);

        // On AWS SQS moves them. The emulator cannot, so ops must say so and lose nothing.
        const refused = await system.ops(['dlq', 'redrive', '--yes']);
        assert.equal(refused.code, 1);
        assert.match(refused.err, /StartMessageMoveTask|InvalidAction|UnknownOperation/);
        assert.equal(await system.deadLetters(), 2);
        await system.redrive();
        await system.until({ what: 'single dead letter', seconds: 30, ask: system.deadLetters, isGood: (count) => count === 1 });
        return 'listed with its reason; one dead letter remains';
      },
    ],
  ];
}
