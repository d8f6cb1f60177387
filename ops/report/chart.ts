import { lengthOf } from '../terminal/times.ts';
import type { ReportNumbers } from './numbers.ts';

const WIDTH = 720;
const LABELS = 150;
const COUNTS = 60;
const BAR = 18;
const STEP = 30;

/** Draws the delays as bars, from the shortest to the longest. Bars past the target have a second colour, below a line that marks the target. */
export function delayChart({ spread }: ReportNumbers, target: number): string {
  const shown = trimmed(spread);
  const most = Math.max(1, ...shown.map(({ count }) => count));
  const total = shown.reduce((sum, { count }) => sum + count, 0);
  const room = WIDTH - LABELS - COUNTS;
  const within = shown.filter(({ from }) => from <= target);
  const lineAt = within.length * STEP + 14;
  const bars = shown.map(({ from, to, count }, index) => {
    const isLate = from > target;
    const y = index * STEP + (isLate ? 34 : 6);
    const width = count === 0 ? 0 : Math.max(2, Math.round((count / most) * room));
    const label = labelOf(from, to);
    return `<g><title>${label}: ${count}</title>
<text x="${LABELS - 12}" y="${y + 13}" text-anchor="end">${label}</text>
<rect class="${isLate ? 'late' : 'within'}" x="${LABELS}" y="${y}" width="${width}" height="${BAR}" rx="3"/>
<text class="count" x="${LABELS + width + 8}" y="${y + 13}">${count}</text></g>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${shown.length * STEP + 34}" role="img" aria-label="Delays of ${total} deactivations">
${bars.join('\n')}
<line class="target" x1="${LABELS}" x2="${WIDTH}" y1="${lineAt}" y2="${lineAt}"/>
<text class="target" x="${WIDTH}" y="${lineAt + 14}" text-anchor="end">past the target of ${lengthOf(target)}</text>
</svg>`;
}

/** Removes the empty bars after the last delay, but keeps one past the target, to show that it is empty. */
function trimmed(spread: ReportNumbers['spread']): ReportNumbers['spread'] {
  const last = spread.findLastIndex(({ count }) => count > 0);
  return spread.slice(0, Math.max(last + 1, 6));
}

/** An edge just past the target is shown as the target. */
const edge = (millis: number) => lengthOf(millis % 10 === 1 ? millis - 1 : millis);

function labelOf(from: number, to: number | null): string {
  if (from === 0) return `below ${edge(to ?? 0)}`;
  return to === null ? `above ${edge(from)}` : `${edge(from)} to ${edge(to)}`;
}
