import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { FAKE_CLIENT } from '../../local/fake-tokens.ts';
import type { FakeWorkfront } from '../../local/fake-workfront.ts';
import type { Deployed } from './deployed.ts';
import { SOURCE } from './deployed.ts';

/** Does one thing, proves what came of it, and says it in a few words. */
export type Step = [title: string, prove: () => Promise<string>];

/** What is proven of the deployed stage, in this order. `workfront` must have more than 20 active users. */
export function stepsOn(system: Deployed, workfront: FakeWorkfront): Step[] {
  const leavers = workfront.directory.all().filter(({ isActive, isAdmin }) => isActive && !isAdmin);
  const leaver = (number: number) => {
    const user = leavers[leavers.length - 1 - number];
    assert(user !== undefined);
    return user;
  };
  const isActive = (number: number) => workfront.directory.byId(leaver(number).ID)?.isActive;
  const termination = (number: number, effective: object = { immediate: true }) => ({
    type: 'employee.terminated',
    timestamp: new Date().toISOString(),
    data: { employee: { email: leaver(number).emailAddr }, effective },
  });
  const first = termination(0);
  let scheduled = '';
  let firstId = '';

  return [
    [
      'a termination for later is scheduled',
      async () => {
        // The nearest that a schedule is set for is a minute ahead; the last step sees it fire.
        scheduled = await system.accepted(termination(9, { at: new Date(Date.now() + 30_000).toISOString() }), 'msg_later');
        await system.becomes(scheduled, 'scheduled');
        assert.equal(await system.until('a schedule', 10, () => system.hasSchedule(scheduled), Boolean), true);
        assert.equal(isActive(9), true);
        return 'a schedule is set';
      },
    ],
    [
      'a signed termination deactivates its user',
      async () => {
        firstId = await system.accepted(first, 'msg_first');
        const { workfrontUserId } = await system.becomes(firstId, 'deactivated');
        assert.equal(workfrontUserId, leaver(0).ID);
        assert.equal(isActive(0), false);
        return `user ${leaver(0).ID}`;
      },
    ],
    [
      'sent again, it changes nothing',
      async () => {
        const writes = workfront.calls.byKind.write;
        const before = await system.entryOf(firstId);
        assert.equal(await system.accepted(first, 'msg_first'), firstId);
        const other = await system.accepted(termination(1), 'msg_second');
        await system.becomes(other, 'deactivated');
        assert.equal(workfront.calls.byKind.write, writes + 1);
        assert.deepEqual(await system.entryOf(firstId), before);
        return 'the same event, one write in all';
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
    [
      'with Workfront down an event waits, and is done when it is up',
      async () => {
        workfront.behaviour.down = true;
        const eventId = await system.accepted(termination(3), 'msg_down');
        const waiting = await system.until(
          'it to wait',
          20,
          () => system.entryOf(eventId),
          (entry) => entry?.waiting !== undefined,
        );
        assert.equal(waiting?.waiting?.code, 'server-error');
        workfront.behaviour.down = false;
        await system.becomes(eventId, 'deactivated', 45);
        assert.equal(isActive(3), false);
        return 'waited for server-error';
      },
    ],
    [
      'what failed for want of rights is done when ops replay it',
      async () => {
        workfront.behaviour.readOnlyCredential = true;
        const eventId = await system.accepted(termination(4), 'msg_forbidden');
        const { reason } = await system.becomes(eventId, 'failed');
        workfront.behaviour.readOnlyCredential = false;
        await system.ops('replay', eventId, '--yes');
        await system.becomes(eventId, 'deactivated');
        return `had failed: ${reason}`;
      },
    ],
    [
      'a poison message ends in the dead-letter queue, and harms no neighbour when it is redriven',
      async () => {
        await system.putOnQueue('{"kind":"nonsense"}');
        await system.until('one dead letter', 20, system.deadLetters, (count) => count === 1);
        await system.putOnDeadLetterQueue(JSON.stringify({ kind: 'due', source: SOURCE, eventId: firstId }));
        await system.redrive();
        await system.until('the poison alone', 30, system.deadLetters, (count) => count === 1);
        return 'one dead letter again';
      },
    ],
    [
      'a new kind of credential is taken without a restart',
      async () => {
        const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        const { id: clientId, secret: clientSecret } = FAKE_CLIENT;
        const userId = workfront.directory.owner?.ID;
        workfront.behaviour.oauthPublicKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
        const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
        const { customerId } = workfront.directory;
        await system.setWorkfrontSecret({ kind: 'workfront-oauth2', clientId, clientSecret, customerId, userId, privateKey: pem });
        workfront.behaviour.apiKeys = [];
        await system.becomes(await system.accepted(termination(5), 'msg_oauth'), 'deactivated');
        assert(workfront.calls.byKind.token > 0);
        return 'API key replaced by Workfront OAuth2';
      },
    ],
    [
      'the canary looks at the credential',
      async () => {
        const { total } = workfront.calls;
        await system.putOnQueue('{"kind":"canary"}');
        await system.until(
          'a question to Workfront',
          20,
          async () => workfront.calls.total,
          (now) => now > total,
        );
        return 'asked, reading only';
      },
    ],
    [
      'the scheduled termination fires',
      async () => {
        await system.becomes(scheduled, 'deactivated', 100);
        assert.equal(isActive(9), false);
        assert.equal(await system.hasSchedule(scheduled), false);
        return 'deactivated, and the schedule is gone';
      },
    ],
    [
      'the functions met nothing unexpected',
      async () => {
        const lines = (await system.functionLogs()).split('\n');
        const bad = lines.filter((line) => /AccessDenied|could not be (worked on|announced)/.test(line));
        assert.deepEqual(bad.slice(0, 3), []);
        return `${lines.length} lines of their logs`;
      },
    ],
  ];
}
