import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';

const question = z.object({ SecretId: z.string() });

/**
 * Starts GetSecretValue of AWS Secrets Manager on loopback, with faults on demand: the name of an error, `reset`, or `html` for a 503
 * from a server in between.
 */
export async function startSecretsManager(initial: Record<string, string>) {
  const secrets = new Map(Object.entries(initial));
  let fault: string | undefined;
  let calls = 0;

  const server = createServer(async (request, response) => {
    calls += 1;
    const { SecretId } = question.parse(await json(request));
    const text = secrets.get(SecretId);
    const error = fault ?? (text === undefined ? 'ResourceNotFoundException' : undefined);

    if (error === 'reset') return void response.socket?.resetAndDestroy();
    if (error === 'html') return void response.writeHead(503, { 'content-type': 'text/html' }).end('<html>down</html>');
    response.writeHead(error === undefined ? 200 : error === 'InternalServiceError' ? 500 : 400, {
      'content-type': 'application/x-amz-json-1.1',
    });
    response.end(JSON.stringify(error === undefined ? { SecretString: text } : { __type: error, message: 'as asked' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = z.object({ port: z.number() }).parse(server.address());

  return {
    url: `http://127.0.0.1:${address.port}`,
    calls: () => calls,
    set: (name: string, text: string) => void secrets.set(name, text),
    fail: (name: string | undefined) => {
      fault = name;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
