import { it } from '@jest/globals';
import { downThenUp, refusedThenRepaired, startMassTrouble } from '../ops/mass-trouble.ts';

it.each([
  {
    what: 'that Workfront refuses because of a right fail nowhere, and are deactivated once each when the right is given',
    happens: refusedThenRepaired,
  },
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
