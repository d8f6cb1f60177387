import { readFileSync } from 'node:fs';

/** Preloaded into a program: prints its highest use of memory on standard error at its end, as `peak <KB>`. */
process.once('exit', () => process.stderr.write(`peak ${peakKilobytes()}\n`));

/** Linux counts from the start of the program; `getrusage` would also count the process that started it. */
function peakKilobytes(): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
