import { afterEach } from '@jest/globals';

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Closes what a test opened when the test ends, the last opened first. */
export function closing<Opened>(opened: Opened, close: (opened: Opened) => unknown): Opened {
  open.push(() => close(opened));
  return opened;
}
