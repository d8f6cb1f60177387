import type { Command } from 'commander';
import * as z from 'zod';
import { DAY } from '../../lambda/domain/time/time.ts';
import { schemeOf } from '../../lambda/sources/systems/registry.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { periodOf } from '../events/filter.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { json } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { tablePrinter } from '../terminal/table.ts';
import { bothTimes } from '../terminal/times.ts';

/** Older events are not looked for: the ledger is read from its end. */
const LOOKED_BACK_DAYS = 30;

interface Listed {
  source: string;
  system: string;
  scheme: string;
  url: string;
  /** Whether the worker asks the HR system before it does anything. */
  asksHr: boolean;
  /** When the last event was received, RFC 3339. */
  lastEventAt: string | null;
}

export function addSources(program: Command, { deployment, terminal }: Session): void {
  newCommand(program, 'sources', {
    what:
      'Lists the sources: the HR system, how it proves deliveries, whether the worker asks HR before it does anything, the last event ' +
      `within ${LOOKED_BACK_DAYS} days, and the URL.`,
    example: '--local sources',
  }).action(async (raw: unknown) => {
    const options = readOptions(z.object({ json }), raw);
    const sources = await sourcesOf(await deployment());
    if (options.json) await terminal.print(JSON.stringify(sources, null, 2));
    else {
      const titles = ['source', 'system', 'scheme', 'asks HR', 'last event'].map((title) => ({ title, copied: title === 'source' }));
      const table = tablePrinter([...titles, { title: 'URL', copied: true }], terminal);
      for (const { source, system, scheme, asksHr, lastEventAt, url } of sources)
        await table.row([source, system, scheme, asksHr ? 'yes' : 'no', lastEventAt === null ? 'none' : bothTimes(lastEventAt), url]);
      await table.end();
    }
    process.exitCode = EXIT.done;
  });
}

async function sourcesOf(deployment: Deployment): Promise<Listed[]> {
  const { SOURCES: sources, LOOK_UPS: lookUps } = await functionSettings(deployment);
  const lastEvents = await lastEventsOf(Object.keys(sources), deployment);
  return Object.entries(sources).map(([source, config]) => ({
    source,
    system: config.system ?? 'canonical',
    scheme: schemeOf(config).kind,
    url: `${deployment.places.webhooksUrl}/${source}`,
    asksHr: Object.hasOwn(lookUps, source),
    lastEventAt: lastEvents.get(source) ?? null,
  }));
}

/** Reads the ledger from its end until it has found an event of every source. */
async function lastEventsOf(sources: readonly string[], { ledger, clock }: Deployment): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { source, receivedAt } of ledger.entries(periodOf({}, clock(), LOOKED_BACK_DAYS * DAY))) {
    if (!found.has(source)) found.set(source, receivedAt);
    if (sources.every((one) => found.has(one))) break;
  }
  return found;
}
