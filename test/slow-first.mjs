import Sequencer from '@jest/test-sequencer';

/** Tests that start processes, play histories or synthesise. Jest sorts by file size in a fresh clone, so they would begin last. */
const SLOW = /\/test\/(?:system|ops|histories|infra)\//;

/** The order of jest's suites. */
export default class SlowFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => Number(SLOW.test(other.path)) - Number(SLOW.test(one.path)));
  }
}
