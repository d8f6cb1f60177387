import { readFileSync } from 'node:fs';

/** Preloaded into a program: at its end it says on standard error how much memory it had at most, as `peak <KB>`. */
process.once('exit', () => process.stderr.write(`peak ${peakKilobytes()}\n`));

/** What Linux counts from the start of the program; `getrusage` would also count the process that started it. */
function peakKilobytes(): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
