import { openConsole } from '../../../ops/console/open-console.ts';
import type { Deployment } from '../../../ops/deployment/deployment.ts';
import { aBrowser, type Browser } from './a-browser.ts';

export interface TestConsole {
  entrance: string;
  origin: string;
  close(): Promise<void>;
  /** A browser that has not come in. */
  stranger(): Browser;
}

/** The console over a deployment, as its command opens it. */
export async function anOpenConsole(deployment: Deployment): Promise<TestConsole> {
  const ended = new AbortController();
  const session = { again: (command: string) => `npm run ops -- --local ${command}`, deployment: async () => deployment };
  const { entrance, close } = await openConsole({ deployment, session, port: 0, signal: ended.signal });
  const { origin } = new URL(entrance);
  return {
    entrance,
    origin,
    async close() {
      ended.abort();
      await close();
    },
    stranger: () => aBrowser(origin),
  };
}
