/** Sends every call to one server instead of its host, whose name becomes the first part of the path. For the local system. */
export const standIn =
  (fetch: typeof globalThis.fetch, origin: string): typeof globalThis.fetch =>
  (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return fetch(new URL(`/${url.host}${url.pathname}${url.search}`, origin), init);
  };
