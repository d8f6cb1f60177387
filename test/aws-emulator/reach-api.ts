import { isApi, servedAt } from './api-address.ts';

// Loaded before the ops command line, which reads the address of the API from the stack: no name is resolved outside of this machine.
const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  if (input instanceof Request) return fetch(input, init);
  const url = new URL(input);
  return fetch(isApi(url) ? servedAt(url, process.env.AWS_ENDPOINT_URL ?? '') : url, init);
};
