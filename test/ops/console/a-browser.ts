import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** An answer of the console. */
interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A browser without pages: it keeps one cookie, and sends the headers that a test chooses. */
export interface Browser {
  get(path: string, asked?: Asked): Promise<Answer>;
  /** Sends a form as the console's own page would, with the form token of the last page. */
  post(path: string, fields?: Record<string, string | string[]>, headers?: Record<string, string>): Promise<Answer>;
  /** Comes in through the entrance, and loads the page where every form is. */
  enter(entrance: string): Promise<void>;
  cookie(): string | undefined;
}

/** @param origin of the console, such as `http://127.0.0.1:1234` */
export function aBrowser(origin: string): Browser {
  let cookie: string | undefined;
  let formToken = '';
  const { hostname, port } = new URL(origin);

  async function ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      const sent = request({ hostname, port, path, method, headers: { ...(cookie && { cookie }), ...headers } }, (incoming) => {
        text(incoming).then((read) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: read }), reject);
      });
      sent.on('error', reject).end(body);
    });
    cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? cookie;
    formToken = /name="form" value="([^"]+)"/.exec(answer.body)?.[1] ?? formToken;
    return answer;
  }

  return {
    get: ask,
    post(path, fields = {}, headers = {}) {
      const form = new URLSearchParams({ form: formToken });
      for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) form.append(name, value);
      const own = { origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
      return ask(path, { method: 'POST', headers: { ...own, ...headers }, body: form.toString() });
    },
    async enter(entrance) {
      await ask(entrance.slice(origin.length));
      await ask('/find');
    },
    cookie: () => cookie,
  };
}
