import { PassThrough, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSecretInput } from '../../../ops/secrets/secret-input.ts';
import { aDataDir, type StartedSystem, startSystem } from '../../support/started-system.ts';
import { runInProcess } from '../run-in-process.ts';

const CTRL_C = '\u0003';

/** A terminal at which somebody types. */
function aTerminal() {
  const shown: string[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  const stderr = new Writable({
    write(chunk, _, done) {
      shown.push(String(chunk));
      done();
    },
  });
  return { stdin, shown, streams: { stdin, stderr } as unknown as Parameters<typeof readSecretInput>[1] };
}

describe('the prompt for a secret', () => {
  it.each([
    ['a line', 'the secret\n', 'the secret'],
    ['JSON of several lines', '{"kind":\n"api-key"}\n', '{"kind":\n"api-key"}'],
  ])('takes %s, and shows nothing of it', async (_, typed, secret) => {
    const { stdin, shown, streams } = aTerminal();
    const read = readSecretInput('the secret of hmac', streams);
    stdin.write(typed);

    expect(await read).toBe(secret);
    expect(shown.join('')).toBe('the secret of hmac (not shown): \n');
  });

  it.each([
    ['at once', CTRL_C],
    ['after half of it', `half${CTRL_C}`],
    ['within pasted JSON', `{"kind":\n${CTRL_C}`],
  ])('ends with Ctrl-C %s, and takes nothing', async (_, typed) => {
    const { stdin, shown, streams } = aTerminal();
    const read = readSecretInput('the secret of hmac', streams);
    stdin.write(typed);

    await expect(read).rejects.toThrow('interrupted; nothing was stored');
    expect(shown.join('')).toBe('the secret of hmac (not shown): \n');
  });
});

describe('secret rotate, at a terminal', () => {
  const dataDir = aDataDir();
  const { stdin: own } = process;
  let system: StartedSystem;
  beforeAll(async () => {
    system = await startSystem({ dataDir, users: 20 });
  }, 60_000);
  afterAll(async () => {
    Object.defineProperty(process, 'stdin', { value: own });
    expect(await system.stop()).toBe(0);
  });

  it('ends with exit code 130 after Ctrl-C, and the former secret stays', async () => {
    const { stdin } = aTerminal();
    Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
    const ran = runInProcess(['--local', '--data', dataDir, 'secret', 'rotate', 'hmac']);
    stdin.write(`another secret${CTRL_C}`);

    expect(await ran).toEqual({ code: 130, errors: [expect.stringContaining('interrupted; nothing was stored')] });
    const body = JSON.stringify({ type: 'employee.updated' });
    const { createHmac } = await import('node:crypto');
    const signature = createHmac('sha256', system.sources.hmac?.secret ?? '')
      .update(body)
      .digest('hex');
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
    expect((await fetch(system.sources.hmac?.url ?? '', { method: 'POST', body, headers })).status).toBe(202);
  });
});
