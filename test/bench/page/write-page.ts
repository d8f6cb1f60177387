import { readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine.ts';
import { markdownTable, type Section, type Target, targetsSection } from './section.ts';

const PAGE = 'docs/performance.md';
const CHART = 'docs/performance.svg';
const [BEGIN, END] = ['<!-- measured: npm run bench -- --write -->', '<!-- /measured -->'];

/** Puts the measurements into docs/performance.md, between its two marks; people write the rest of the page. */
export function writePage({
  on: { date, system, versions },
  chart,
  sections,
  targets,
}: {
  on: Machine;
  chart: string;
  sections: readonly Section[];
  targets: readonly Target[];
}): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before, after] = [page.split(BEGIN)[0], page.split(END)[1]];
  if (before === undefined || after === undefined) throw new Error(`${PAGE} does not have the marks ${BEGIN} and ${END}; put them back`);

  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const measured = [
    `Measured on ${date}: ${system}. ${used.join(', ')}. Nothing here ran on AWS: ratios and counts hold there too, milliseconds do not.`,
    '![Cold start of each bundle as a multiple of an empty handler](performance.svg)',
    ...[targetsSection(targets), ...sections].map(markdownTable),
  ];
  writeFileSync(CHART, chart);
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${measured.join('\n\n')}\n\n${END}${after}`);
}
