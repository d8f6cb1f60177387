import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { exampleStages } from '../support/example-stages.ts';
import { ADDRESS, BRAKE, REFUSED, RESTORED } from './emulator.ts';
import { rehearsed } from './story.ts';

const template = z.looseObject({ Resources: z.record(z.string(), z.unknown()) });
const calculatedAlarm = z.object({
  Type: z.literal('AWS::CloudWatch::Alarm'),
  Properties: z.object({ Metrics: z.unknown().nonoptional() }),
});

// Runs the app as it is deployed, in a folder of its own: whatever an operator wrote into their own file of stages, the guide says the same.
// The CDK uploads a template once for each hash, which it takes before the change below: with the refused resource it has another one.
const isRefused = process.env[REFUSED] !== undefined;
const { [BRAKE]: perHour, [RESTORED]: restoredLedger } = process.env;
const brake = perHour !== undefined && { brake: { perHour: Number(perHour) } };
const rehearsal = { user: rehearsed(), source: 'standard-webhooks' };
const stages = Object.fromEntries(
  Object.entries(exampleStages).map(([name, stage]) => [
    name,
    {
      ...stage,
      workfront: { baseUrl: ADDRESS },
      ...(restoredLedger !== undefined && { restoredLedger }),
      policy: { ...brake, ...(name === 'test' && { rehearsal }) },
      ...(isRefused && name === 'production' && { logRetentionDays: 30 }),
    },
  ]),
);
const folder = mkdtempSync(join(tmpdir(), 'stages-'));
writeFileSync(join(folder, 'stages.json'), JSON.stringify({ stages }));
process.chdir(folder);
await import('../../bin/app.ts');

// In the templates that it wrote, the address is that of a stand-in on this machine: no file of stages may name one. And they have no
// alarm on a calculated metric: the emulator refuses "Metrics" of AWS::CloudWatch::Alarm. If a step asks for it, the last resource of
// production cannot be made. Nothing else differs, and the emulator itself tells the functions where AWS is.
process.once('exit', () => {
  rmSync(folder, { recursive: true });
  const { CDK_OUTDIR = '', EMULATOR_WORKFRONT_URL = '' } = process.env;
  for (const name of readdirSync(CDK_OUTDIR).filter((one) => one.endsWith('.template.json'))) {
    const file = join(CDK_OUTDIR, name);
    const { Resources, ...rest } = template.parse(JSON.parse(readFileSync(file, 'utf8').replaceAll(ADDRESS, EMULATOR_WORKFRONT_URL)));
    const understood = Object.entries(Resources).filter(([, resource]) => !calculatedAlarm.safeParse(resource).success);
    const last = isRefused && name.includes('production') ? { Refused: refused(understood.map(([id]) => id)) } : {};
    writeFileSync(file, JSON.stringify({ ...rest, Resources: { ...Object.fromEntries(understood), ...last } }));
  }
});

/** An event bus that every account has already. */
function refused(DependsOn: string[]): object {
  return { Type: 'AWS::Events::EventBus', DependsOn, Properties: { Name: 'default' } };
}
