import { readFileSync } from 'node:fs';
import Mocha from 'mocha';
import collectFiles from 'mocha/lib/cli/collect-files.js';

// The mutation test runs its tests again and again in one process. A test that is green the first time alone would be red for each
// mutant after that, and the score would count them as found: this runs all tests twice in one process, and both must be green.

const { mochaOptions } = JSON.parse(readFileSync('stryker.config.json', 'utf8'));
const found = collectFiles({ file: [], recursive: false, sort: false, ...mochaOptions });
const mocha = new Mocha({ reporter: class {} }).cleanReferencesAfterRun(false);
for (const file of found.files ?? found) mocha.addFile(file);
await mocha.loadFilesAsync();

for (const time of ['first', 'second']) {
  const failed = [];
  const { stats } = await new Promise((resolve) => {
    const runner = mocha.run(() => resolve(runner));
    runner.on('fail', (test, { message }) => failed.push(`${test.fullTitle()}\n  ${message}`));
  });
  console.log([`the ${time} time: ${stats.passes} passed, ${failed.length} failed`, ...failed].join('\n'));
  if (failed.length > 0 || stats.passes === 0) process.exit(1);
}
process.exit();
