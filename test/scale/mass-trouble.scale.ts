import { it } from '@jest/globals';
import { downThenUp, refusedThenReplayed, startMassTrouble } from '../ops/mass-trouble.ts';

it.each([
  { what: 'that Workfront refused are deactivated by one replay, none twice', happens: refusedThenReplayed },
  { what: 'that came while Workfront was down are deactivated once it is up, none twice', happens: downThenUp },
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
