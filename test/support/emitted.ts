import * as z from 'zod';

const directive = z.object({
  Namespace: z.string(),
  Dimensions: z.array(z.array(z.string())),
  Metrics: z.array(z.object({ Name: z.string() })),
});
const document = z.looseObject({ _aws: z.object({ CloudWatchMetrics: z.array(directive) }) });

/** The key of a metric in CloudWatch: `<namespace> <name> <service> <names of further dimensions>`. */
export const metricKey = (namespace: string, name: string, dimensions: Record<string, string>): string =>
  [namespace, name, dimensions.service, ...Object.keys(dimensions).filter((one) => one !== 'service')].join(' ');

/** Every metric in lines of EMF ("Specification: Embedded metric format", CloudWatch User Guide), by {@link metricKey}. */
export function emittedIn(lines: readonly string[]): Set<string> {
  const keys = new Set<string>();
  for (const line of lines.filter((text) => text.includes('"_aws"'))) {
    const emf = document.parse(JSON.parse(line));
    for (const { Namespace, Dimensions, Metrics } of emf._aws.CloudWatchMetrics) {
      for (const names of Dimensions) {
        const dimensions = Object.fromEntries([...names].sort().map((name) => [name, z.string().parse(emf[name])]));
        for (const { Name } of Metrics) keys.add(metricKey(Namespace, Name, dimensions));
      }
    }
  }
  return keys;
}

/** The values of one metric in lines of EMF, with exactly these dimensions. */
export function sentIn(
  lines: readonly string[],
  { Namespace, MetricName, names }: { Namespace: string; MetricName: string; names: readonly string[] },
): number[] {
  const wanted = [...names].sort().join();
  return lines
    .filter((text) => text.includes('"_aws"'))
    .map((line) => document.parse(JSON.parse(line)))
    .filter(({ _aws }) =>
      _aws.CloudWatchMetrics.some(
        (one) =>
          one.Namespace === Namespace &&
          one.Metrics.some(({ Name }) => Name === MetricName) &&
          one.Dimensions.some((dimensions) => [...dimensions].sort().join() === wanted),
      ),
    )
    .flatMap((emf) => z.array(z.number()).parse([emf[MetricName]].flat()));
}
