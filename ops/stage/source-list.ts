import { DAY } from '../../lambda/domain/time/time.ts';
import { schemeOf } from '../../lambda/sources/systems/registry.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { periodOf } from '../events/filter.ts';

/** Older events are not looked for: the ledger is read from its end. */
export const LOOKED_BACK_DAYS = 30;

/** One source as operators see it. */
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

/** Every source of a deployment, with its last event. */
export async function sourcesOf(deployment: Deployment): Promise<Listed[]> {
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
