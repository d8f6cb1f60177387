import { expect, it } from '@jest/globals';
import { aReceiver } from '../support/a-receiver.ts';
import { aSignedEvent, SECRET, terminationItem } from '../support/deliveries.ts';

const OTHER = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX';

it.each([
  { what: 'the former secret alone proves', secrets: [OTHER, SECRET], counted: 1 },
  { what: 'the current secret proves', secrets: [SECRET, OTHER], counted: undefined },
  { what: 'the only secret proves', secrets: [SECRET], counted: undefined },
])('a delivery that $what is counted so that the former secret can be retired in time', async ({ secrets, counted }) => {
  const lookUp = async () => secrets;
  const { receive, seen } = aReceiver({ secrets: { read: lookUp, refresh: lookUp } });

  const { statusCode } = await receive(aSignedEvent(terminationItem()));

  expect(statusCode).toBe(202);
  expect(seen.counts['OldSecretUsed hr']).toBe(counted);
});

it('a forgery counts for no secret', async () => {
  const lookUp = async () => [OTHER, OTHER];
  const { receive, seen } = aReceiver({ secrets: { read: lookUp, refresh: lookUp } });

  await receive(aSignedEvent(terminationItem()));

  expect(seen.counts['OldSecretUsed hr']).toBeUndefined();
});
