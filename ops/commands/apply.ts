import type { Command } from 'commander';
import * as z from 'zod';
import { actNow } from '../orders/act.ts';
import { claimPlan } from '../orders/claim-plan.ts';
import { orderOf } from '../orders/make-plan.ts';
import { readPlan } from '../orders/plan-file.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { DEFAULT_WAIT, json, wait } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';

const applyOptions = z.object({ json, wait, plans: z.string().min(1, 'the path of a directory') });

export function addApply(program: Command, session: Session): void {
  newCommand(program, 'apply', {
    what: 'Does exactly what a plan says, once; or nothing, if any of its events has changed since.',
    example: '--local apply plan.json',
  })
    .argument('<file or digest>')
    .option('--plans <dir>', 'the directory in which to look for the plan of a digest', '.')
    .option('--wait <seconds>', 'how long to wait for the outcome of each event, 0 to 3600', DEFAULT_WAIT)
    .action(async (named: string, raw: unknown) => {
      const { plans, ...options } = readOptions(applyOptions, raw);
      const plan = readPlan({ named, directory: plans });
      const deployment = await session.deployment();

      const entries = await claimPlan(plan, deployment);

      const asked = { entries, order: orderOf(plan), none: 'The plan has no events', options };
      process.exitCode = await actNow(asked, { terminal: session.terminal, deployment });
    });
}
