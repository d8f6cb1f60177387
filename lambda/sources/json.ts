/** More is no greeting. */
const MOST_BYTES = 2000;

/** A short body as data. @returns undefined where it is not short, or no JSON */
export function asJson(body: Uint8Array): unknown {
  if (body.length > MOST_BYTES) return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}
