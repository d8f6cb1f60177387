import type { Source, Understood } from '../../lambda/sources/source.ts';
import { type SystemName, sourceConfigs, sourceOf } from '../../lambda/sources/systems/registry.ts';
import { configsOf, samplesOf } from './source-pages.ts';

/** The systems that have a page with a configuration and a delivery. */
export type Paged = Exclude<SystemName, 'canonical'>;

/** What a system sends, as its page shows it. */
export const sampleOf = (page: string, at = 0): string => samplesOf(page)[at] ?? '';

/** A source of a system, with the settings of its page laid under these. */
export function aSource(system: Paged, settings: object = {}, name = 'hr'): Source {
  const [config] = configsOf(system, 'secret');
  if (config === undefined) throw new Error('expected a page with a configuration');
  const parsed = sourceConfigs.parse({ [name]: { ...config, settings: { ...config.settings, ...settings } } });
  if (parsed[name] === undefined) throw new Error('expected a configuration');
  return sourceOf(name, parsed[name]);
}

/** What a system makes of the text of a delivery. */
export async function understand(system: Paged, text: string, settings: object = {}): Promise<Understood> {
  const source = aSource(system, settings);
  return source.understand(await source.read(text), undefined);
}
