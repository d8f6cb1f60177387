import { describe, expect, it } from '@jest/globals';
import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { askCanary, queuedMessage } from '../../../lambda/domain/stage/canary.ts';
import { reportFailure } from '../../../lambda/domain/stage/gate.ts';
import { STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { refusalOf } from '../../support/refusal.ts';

const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });
const circuitOf = (desk: TestDesk) => desk.ledger.records.get(STAGE_KEYS.circuit)?.value;

describe('the canary', () => {
  it('reports how many users the credential sees, with one read of its own user, and writes nothing', async () => {
    const desk = newDesk();

    expect(await askCanary(desk)).toEqual({ kind: 'well', activeUsers: 203 });

    expect([desk.directory.calls, desk.directory.writes.length, desk.ledger.records.size]).toEqual([1, 0, 0]);
  });

  it('closes the circuit of a credential that is well again', async () => {
    const desk = newDesk();
    await reportFailure({ cause: 'credentials', saw: 'refused' }, desk);

    await askCanary(desk);

    expect(circuitOf(desk)).toEqual({ failures: 0 });
  });

  it.each<{ what: string; breaks: (desk: TestDesk) => void; code: string }>([
    {
      what: 'Workfront refuses it',
      breaks: ({ directory }) => Object.assign(directory, { owner: () => Promise.reject(new CredentialFailure('rejected', '401')) }),
      code: 'rejected',
    },
    {
      what: 'Workfront refuses the read',
      breaks: ({ directory }) => Object.assign(directory, { read: () => Promise.reject(new CredentialFailure('rejected', '401')) }),
      code: 'rejected',
    },
    { what: 'its own user is not to be seen', breaks: ({ directory }) => directory.users.delete(directory.me), code: 'blind' },
    {
      what: 'its own user is inactive',
      breaks: ({ directory }) => Object.assign(directory.users.get(directory.me) ?? {}, { isActive: false }),
      code: 'blind',
    },
  ])('opens the circuit where $what', async ({ breaks, code }) => {
    const desk = newDesk();
    breaks(desk);

    expect(await askCanary(desk)).toEqual({ kind: 'credential-trouble', code });

    expect(circuitOf(desk)).toMatchObject({ open: { cause: 'credentials', saw: code } });
  });

  it('opens the circuit where Workfront refuses everybody', async () => {
    const desk = newDesk();
    desk.directory.owner = () => Promise.reject(new StageFailure('api-version-gone', 'status 410'));

    expect(await askCanary(desk)).toEqual({ kind: 'stage-trouble', code: 'api-version-gone' });

    expect(circuitOf(desk)).toMatchObject({ open: { cause: 'stage', saw: 'api-version-gone' } });
  });

  it.each([new TransientFailure('server-error', 'status 503'), new PermanentFailure('forbidden', 'status 403')])(
    'leaves the circuit as it is where it meets $code',
    async (failure) => {
      const desk = newDesk();
      desk.directory.read = () => Promise.reject(failure);

      expect(await askCanary(desk)).toEqual({ kind: 'other-trouble', code: failure.code });

      expect(circuitOf(desk)).toBeUndefined();
    },
  );

  it('hides no mistake in the code', async () => {
    const desk = newDesk();
    desk.directory.owner = () => Promise.reject(new TypeError('x is not a function'));

    await expect(askCanary(desk)).rejects.toThrow(TypeError);
  });
});

describe('the leaver queue', () => {
  it.each([{ kind: 'canary' }, anArrival(aTermination()), { kind: 'due', source: 'acme-hr', eventId: 'evt-1' }])(
    'carries a message of kind $kind',
    (message) => {
      expect(parse(queuedMessage, message, 'message')).toEqual(message);
    },
  );

  it('carries no message of another kind', () => {
    expect(refusalOf(() => parse(queuedMessage, { kind: 'sparrow' }, 'message'))).toBe(
      'message: kind: expected another value, got a string of 7 characters',
    );
  });
});
