import type { Source, Understood } from '../../lambda/sources/source.ts';
import { type SystemName, sourceConfigs, sourceOf } from '../../lambda/sources/systems/registry.ts';
import { configsOf, samplesOf } from './source-pages.ts';

/** The systems whose page has a configuration and a delivery. */
export type Paged = Exclude<SystemName, 'canonical'>;

/** The delivery in a system's page. */
export const sampleOf = (page: string, at = 0): string => samplesOf(page)[at] ?? '';

/** Makes a source of a system: the settings of its page, and these on top. */
export function aSource(system: Paged, settings: object = {}, name = 'hr'): Source {
  const [config] = configsOf(system, 'secret');
  if (config === undefined) throw new Error('the page has no configuration; add the block of code');
  const parsed = sourceConfigs.parse({ [name]: { ...config, settings: { ...config.settings, ...settings } } });
  if (parsed[name] === undefined) throw new Error(`the configuration in the page does not name ${name}; correct it`);
  return sourceOf(name, parsed[name]);
}

/** Reads the text of a delivery as the system does. */
export async function understand(system: Paged, text: string, settings: object = {}): Promise<Understood> {
  const source = aSource(system, settings);
  return source.understand(await source.read(text), undefined);
}
