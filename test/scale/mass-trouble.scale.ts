import { it } from '@jest/globals';
import { downThenUp, refusedThenReplayed, startMassTrouble } from '../ops/mass-trouble.ts';

it.each([
  { what: 'that Workfront refused are deactivated once each by one replay', happens: refusedThenReplayed },
  { what: 'that arrive while Workfront is down are deactivated once each when it is up again', happens: downThenUp },
])(
  '200 terminations $what',
  async ({ happens }) => {
    const trouble = await startMassTrouble(200);
    try {
      await happens(trouble);
    } finally {
      await trouble.system.stop();
    }
  },
  900_000,
);
