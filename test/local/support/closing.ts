import { afterEach } from '@jest/globals';

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Closes a resource when the test ends; the last one opened is closed first. */
export function closing<Opened>(opened: Opened, close: (opened: Opened) => unknown): Opened {
  open.push(() => close(opened));
  return opened;
}
