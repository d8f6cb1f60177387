import { createServer } from 'node:http';

/** An AWS service on loopback, which answers in the form of its own protocol. */
export interface AwsOnLoopback {
  url: string;
  /** Every call so far. */
  asked: { operation: string; input: string }[];
  close(): Promise<void>;
}

/** @param answer the body for an operation; is called after the call is in `asked` */
export async function startAws(answer: (operation: string, asked: AwsOnLoopback['asked']) => string): Promise<AwsOnLoopback> {
  const asked: AwsOnLoopback['asked'] = [];
  const server = createServer(async (request, response) => {
    let input = '';
    for await (const chunk of request) input += chunk;
    const target = request.headers['x-amz-target'];
    const operation = typeof target === 'string' ? (target.split('.')[1] ?? '') : (new URLSearchParams(input).get('Action') ?? '');
    asked.push({ operation, input });
    response.end(answer(operation, asked));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
