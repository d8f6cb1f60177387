import Sequencer from '@jest/test-sequencer';

/** They start processes, play histories or synthesise. By the size of the file, all that jest knows in a fresh clone, they would begin last. */
const SLOW = /\/test\/(?:system|ops|histories|infra)\//;

/** The order of jest's suites. */
export default class SlowFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => Number(SLOW.test(other.path)) - Number(SLOW.test(one.path)));
  }
}
