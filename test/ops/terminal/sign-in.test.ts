import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runInProcess } from '../run-in-process.ts';

const { env } = process;

describe('an identity that AWS does not accept', () => {
  let server: Server;
  let code = '';
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(403, { 'content-type': 'text/xml' });
      response.end(`<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    process.env = { ...env, AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_MAX_ATTEMPTS: '1' };
  });
  afterAll(async () => {
    process.env = env;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(['ExpiredToken', 'ExpiredTokenException', 'InvalidClientTokenId', 'UnrecognizedClientException'])(
    'ends with an exit code of its own, and says to sign in: %s',
    async (answer) => {
      code = answer;

      expect(await runInProcess(['--stage', 'test', '--region', 'eu-west-1', 'list'])).toEqual({
        code: 4,
        errors: [expect.stringMatching(/^.*AWS does not accept your identity \(\w+\); sign in again/)],
      });
    },
  );

  it('is another thing than an identity that may not do this', async () => {
    code = 'AccessDenied';

    expect(await runInProcess(['--stage', 'test', '--region', 'eu-west-1', 'list'])).toEqual({
      code: 1,
      errors: [expect.stringContaining('your AWS identity may not do this')],
    });
  });
});
