/**
 * The address in the emulator of an API that an output of the stack names: the emulator has a path where AWS has a host.
 *
 * @param url below `https://<api>.execute-api.<region>.amazonaws.com/<stage>`
 */
export function servedAt(url: URL, endpoint: string): URL {
  const [api] = url.hostname.split('.');
  const [, stage, ...rest] = url.pathname.split('/');
  return new URL(`${endpoint}/restapis/${api}/${stage}/_user_request_/${rest.join('/')}`);
}

export const isApi = ({ hostname }: URL): boolean => hostname.includes('.execute-api.');
