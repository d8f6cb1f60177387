/** A greeting is shorter. */
const MOST_GREETING_BYTES = 2000;

/** Parses a short body. @returns undefined if it is longer than a greeting, or not JSON */
export function parseShortJson(body: Uint8Array): unknown {
  if (body.length > MOST_GREETING_BYTES) return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}
