import { generateKeyPairSync, sign } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { listenOnLoopback } from '../../local/aws/loopback-server.ts';
import { aDirectory, aRecord, closeAll, failureOf, ID } from './a-directory.ts';

const TRUSTED = getCACertificates();
const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  setDefaultCACertificates(TRUSTED);
  await closeAll();
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** A value of DER, whose length is at most 65,535 bytes. */
function der(tag: number, ...parts: (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const { length } = content;
  return Buffer.concat([Buffer.from(length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255]), content]);
}

/** A certificate of `localhost` that signs itself (RFC 5280, version 1; RFC 8410 for the key). */
function itsOwnCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const ed25519 = der(0x30, der(0x06, Buffer.from('2b6570', 'hex')));
  const name = der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, 'localhost'))));
  const validity = der(0x30, der(0x17, '200101000000Z'), der(0x17, '491231235959Z'));
  const content = der(0x30, der(0x02, Buffer.from([1])), ed25519, name, validity, name, publicKey.export({ type: 'spki', format: 'der' }));
  const signature = der(0x03, Buffer.from([0]), sign(null, content, privateKey));
  const base64 = der(0x30, content, ed25519, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

/** A directory on a Workfront that speaks TLS. */
async function overTls(answer: RequestListener, { isTrusted = true, headersMs = 5000 } = {}) {
  const own = itsOwnCertificate();
  if (isTrusted) setDefaultCACertificates([...TRUSTED, own.cert]);
  let arrived = 0;
  const server = createServer(own, (request, response) => {
    arrived += 1;
    answer(request, response);
  });
  const { port, close } = await listenOnLoopback(server);
  running.push({ close });
  const { directory } = await aDirectory(() => 'reset', {
    baseUrl: `https://localhost:${port}`,
    limits: { connectMs: 3000, headersMs },
  });
  return { directory, arrived: () => arrived };
}

const withAna: RequestListener = (_, response) => response.end(JSON.stringify({ data: aRecord() }));

describe('Workfront over TLS', () => {
  it('answers if its certificate is trusted', async () => {
    const { directory } = await overTls(withAna);

    await expect(directory.read(ID)).resolves.toMatchObject({ id: ID });
  });

  it('gets no credential if its certificate is not trusted', async () => {
    const { directory, arrived } = await overTls(withAna, { isTrusted: false });

    expect(await failureOf(directory.read(ID))).toMatchObject({
      code: 'unreachable',
      message: 'expected to reach Workfront, got DEPTH_ZERO_SELF_SIGNED_CERT; wait, then check the base URL',
    });
    expect(arrived()).toBe(0);
  });

  it('has its own time for the answer, from the moment at which it is connected', async () => {
    const { directory, arrived } = await overTls(() => {}, { headersMs: 100 });

    expect(await failureOf(directory.read(ID))).toMatchObject({
      code: 'timed-out',
      message: 'expected an answer from Workfront within 100 ms, got none; wait and try again',
    });
    expect(arrived()).toBe(1);
  });
});
