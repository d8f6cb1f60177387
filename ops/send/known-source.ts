import { sourceName } from '../../lambda/domain/event/leaver-message.ts';
import type { SourceConfig } from '../../lambda/sources/systems/registry.ts';
import { Usage } from '../terminal/exit-code.ts';
import { readArgument, unknownValue } from '../terminal/read-options.ts';

/** Checks that an argument can be the name of a source, before anything is opened. @throws Usage */
export const readSourceName = (value: string): string => readArgument(sourceName, { what: 'the source', value });

/**
 * The configuration of a source of the deployment.
 *
 * @param others the other names that the command accepts in place of a source
 * @throws Usage that names the sources there are
 */
export function configOf(source: string, sources: Readonly<Record<string, SourceConfig>>, others: readonly string[] = []): SourceConfig {
  const config = Object.hasOwn(sources, source) ? sources[source] : undefined;
  if (config === undefined) throw new Usage(unknownValue('the source', { value: source, known: [...others, ...Object.keys(sources)] }));
  return config;
}
