/**
 * Where the emulator serves what an output of the stack calls the API: the same stage of the same API, by a path in place of a host.
 *
 * @param url below `https://<api>.execute-api.<region>.amazonaws.com/<stage>`
 */
export function servedAt(url: URL, endpoint: string): URL {
  const [api] = url.hostname.split('.');
  const [, stage, ...rest] = url.pathname.split('/');
  return new URL(`${endpoint}/restapis/${api}/${stage}/_user_request_/${rest.join('/')}`);
}

export const isApi = ({ hostname }: URL): boolean => hostname.includes('.execute-api.');
