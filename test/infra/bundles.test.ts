import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { NEVER_REACHED } from '../../lib/bundle.ts';
import { anArrival, aTermination, gatewayEvent, queueEvent } from '../bench/setup/events.ts';
import { runCold } from '../bench/setup/run-cold.ts';
import { plainAddresses, type StandIns, startStandIns } from '../bench/setup/stand-ins.ts';
import { modulesOf } from '../support/bundled-modules.ts';
import { synthBundles } from '../support/synth-bundles.ts';

/** The limits on a cold start and an event, in figures that do not depend on the machine: docs/performance.md. */
const part = z.object({ bytes: z.number(), modules: z.number(), forbidden: z.array(z.string()) });
const budget = z
  .object({ receiver: part, worker: part, workfrontCalls: z.object({ atStart: z.number(), perEvent: z.number() }) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'budget.json'), 'utf8')));

const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
let bundles: ReturnType<typeof synthBundles>;
let standIns: StandIns;

beforeAll(async () => {
  bundles = synthBundles(folder);
  standIns = await startStandIns({ users: 100 });
}, 60_000);

afterAll(async () => {
  await standIns.close();
  rmSync(folder, { recursive: true });
});

describe.each(['receiver', 'worker'] as const)('the bundle of the %s', (name) => {
  const { bytes, modules, forbidden } = budget[name];

  it('is one small CommonJS file beside its settings, without a source map', () => {
    const code = readFileSync(join(bundles[name], 'index.js'), 'utf8');

    expect(readdirSync(bundles[name]).sort()).toEqual(['index.js', 'settings.json']);
    expect(Buffer.byteLength(code)).toBeLessThan(bytes);
    expect(code).toContain('module.exports=');
    expect(code).not.toContain('sourceMappingURL');
  });

  it('needs nothing but Node.js, and what is never reached', () => {
    const code = readFileSync(join(bundles[name], 'index.js'), 'utf8');
    const required = [...code.matchAll(/\b(?:require|import)\("([^"]+)"\)/g)].map(([, module]) => module ?? '');

    expect(required.length).toBeGreaterThan(0);
    expect(required.filter((module) => !isBuiltin(module) && !NEVER_REACHED.some((never) => module.startsWith(never)))).toEqual([]);
  });

  it('is made of few modules, and of none of the expensive ones', () => {
    const inputs = modulesOf(name);

    expect(inputs.length).toBeGreaterThan(0);
    expect(inputs.length).toBeLessThan(modules);
    expect(inputs.filter((input) => forbidden.some((one) => input.includes(`node_modules/${one}/`)))).toEqual([]);
  });
});

describe('a function with nothing beside its bundle', () => {
  it('accepts a delivery, and never starts undici', async () => {
    const file = join(bundles.receiver, 'index.js');

    const { answers, startedUndici } = await runCold({
      file,
      events: [gatewayEvent(aTermination('nobody@acme.test'))],
      environment: standIns.environment,
    });

    expect(answers).toEqual([expect.objectContaining({ statusCode: 202 })]);
    expect(startedUndici).toBe(false);
  });

  it('deactivates with the calls that are budgeted, and never starts undici', async () => {
    const leavers = plainAddresses(standIns.workfront, 3);
    const file = join(bundles.worker, 'index.js');
    const events = leavers.map((email, index) => queueEvent([anArrival({ email, eventId: `cold-${index}` })]));

    const { answers, startedUndici } = await runCold({ file, events, environment: standIns.environment });

    expect(answers).toEqual(leavers.map(() => ({ batchItemFailures: [] })));
    expect(startedUndici).toBe(false);
    expect(standIns.workfront.calls.changingWrites).toBe(leavers.length);
    const { atStart, perEvent } = budget.workfrontCalls;
    expect(standIns.workfront.calls.total).toBeLessThanOrEqual(atStart + perEvent * leavers.length);
  });
});
