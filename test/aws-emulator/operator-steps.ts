import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import * as z from 'zod';
import { FAKE_CLIENT } from '../../local/workfront/http/tokens.ts';
import { FIRST, rehearsed, type Step, type Story } from './story.ts';

const events = z.array(z.object({ eventId: z.string() }));
const checks = z.array(z.object({ check: z.string(), health: z.string() }));

const rehearsal = z.object({ userId: z.string(), steps: z.array(z.object({ step: z.string(), ms: z.number() })) });

/** What an operator does and sees once leavers were dealt with. */
export function operatorSteps({ system, workfront, leaver, termination }: Story): Step[] {
  return [
    [
      'a new kind of credential is taken without a restart',
      async () => {
        const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        const { id: clientId, secret: clientSecret } = FAKE_CLIENT;
        const userId = workfront.directory.owner?.ID;
        workfront.behaviour.oauthPublicKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
        const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
        const { customerId } = workfront.directory;
        const secret = { kind: 'workfront-oauth2', clientId, clientSecret, customerId, userId, privateKey: pem };
        const { code, out, err } = await system.ops(['secret', 'rotate', 'workfront'], JSON.stringify(secret));
        assert.equal(code, 0);
        assert.doesNotMatch(out + err, /PRIVATE|fake-client-secret/);
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
        await system.until({
          what: 'a question to Workfront',
          seconds: 20,
          ask: async () => workfront.calls.total,
          isGood: (now) => now > total,
        });
        return 'asked, reading only';
      },
    ],
    [
      'the late look reads who is in work',
      async () => {
        await system.putOnQueue('{"kind":"late-look"}');
        await system.until({
          what: 'measure of the latest leaver',
          seconds: 20,
          ask: async () => (await system.functionLogs()).includes('"Overdue"'),
          isGood: (isSaid) => isSaid,
        });
        return 'measured';
      },
    ],
    [
      'a rehearsal deactivates the test user through the real endpoint, and activates them again',
      async () => {
        const { code, out, err } = await system.ops(['rehearse', '--yes', '--json']);
        assert.equal(code, 0, err);
        const { userId, steps } = rehearsal.parse(JSON.parse(out));
        assert.equal(userId, rehearsed());
        assert.equal(workfront.directory.byId(userId)?.isActive, true);
        assert.match((await system.ops(['doctor'])).out, /green +right to edit +last deactivated a user at .*, in a rehearsal/);
        return steps.map(({ step, ms }) => `${step} ${ms} ms`).join(', ');
      },
    ],
    [
      'ops tell what became of each: list, show, report',
      async () => {
        const listed = events.parse(JSON.parse((await system.ops(['list', '--status', 'deactivated', '--json'])).out));
        const shown = await system.ops(['show', FIRST]);
        const report = await system.ops(['report', '--since', '1h', '--format', 'csv']);
        assert(listed.some(({ eventId }) => eventId === FIRST));
        assert.equal(shown.code, 0);
        assert.match(shown.out, new RegExp(`deactivated.*${leaver(0).ID}`));
        assert.equal(report.code, 0);
        assert.equal(report.out.split('\n').filter((line) => line.includes(FIRST)).length, 1);
        assert.doesNotMatch(shown.out + report.out, /@/);
        return `${listed.length} deactivated`;
      },
    ],
    [
      'the doctor finds what is left for a person, and nothing else',
      async () => {
        const { code, out } = await system.ops(['doctor', '--json']);
        const all = checks.parse(JSON.parse(out));
        const those = (wanted: string) => all.flatMap(({ check, health }) => (health === wanted ? [check] : []));
        assert.deepEqual([those('red'), those('amber')], [['dead letters'], ['quarantine', 'alarm topic']]);
        assert.equal(code, 3);
        return 'the poison, the delivery with a wrong signature, and alarms that nobody gets';
      },
    ],
  ];
}

export function logsStep({ system }: Story): Step {
  return [
    'the functions met nothing unexpected',
    async () => {
      const lines = (await system.functionLogs()).split('\n');
      const bad = lines.filter((line) => /AccessDenied|could not be (processed|announced)/.test(line));
      assert.deepEqual(bad.slice(0, 3), []);
      assert(lines.some((line) => line.includes('credential check passed')));
      return `${lines.length} lines of their logs`;
    },
  ];
}
