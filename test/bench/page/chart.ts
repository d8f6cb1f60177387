import type { Spread } from './statistics.ts';

export interface Bar {
  name: string;
  value: Spread;
  ours: boolean;
}

const LEFT = 250;
const WIDTH = 760;
const ROW = 34;
const TOP = 56;

/** Draws horizontal bars with their quartiles, as SVG for a light and a dark page. */
export function barChart({ title, unit, bars }: { title: string; unit: string; bars: readonly Bar[] }): string {
  const most = Math.max(...bars.map(({ value }) => value.upper));
  const x = (value: number) => (LEFT + (value / most) * (WIDTH - LEFT - 90)).toFixed(1);
  const height = TOP + bars.length * ROW + 16;
  const bar = ({ name, value: { median, lower, upper }, ours }: Bar, index: number) => {
    const y = TOP + index * ROW;
    const middle = y + 10;
    return [
      `<text x="${LEFT - 10}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
      `<rect class="${ours ? 'ours' : 'other'}" x="${LEFT}" y="${y}" width="${(Number(x(median)) - LEFT).toFixed(1)}" height="20" rx="2"/>`,
      `<path class="quartiles" d="M${x(lower)} ${middle}H${x(upper)}M${x(lower)} ${middle - 4}v8M${x(upper)} ${middle - 4}v8"/>`,
      `<text x="${Number(x(upper)) + 8}" y="${middle + 4}">${median.toFixed(2)} ${unit}</text>`,
    ].join('\n  ');
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">
  <style>
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .title { font-weight: 600; font-size: 15px }
    .ours { fill: #1a7f37 } .other { fill: #8c959f }
    .quartiles { stroke: #1f2328; stroke-width: 1.2; fill: none }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .ours { fill: #3fb950 } .other { fill: #6e7681 } .quartiles { stroke: #e6edf3 }
    }
  </style>
  <text class="title" x="10" y="26">${escaped(title)}</text>
  ${bars.map(bar).join('\n  ')}
</svg>
`;
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
