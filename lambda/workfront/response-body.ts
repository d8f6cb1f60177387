import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PermanentFailure } from '../domain/failures.ts';
import { asWireFailure, timedOut } from './trouble.ts';

/**
 * Reads the text of a response, and unpacks gzip.
 *
 * @throws TransientFailure `timed-out`, `unreachable`, `not-json` (broken gzip); PermanentFailure `too-large`
 */
export async function readText(response: IncomingMessage, { bodyMs, maxBytes }: { bodyMs: number; maxBytes: number }): Promise<string> {
  const timer = setTimeout(() => response.destroy(timedOut('the whole answer', bodyMs)), bodyMs);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of unpacked(response)) {
      const bytes: Buffer = chunk;
      size += bytes.length;
      if (size > maxBytes)
        throw new PermanentFailure('too-large', `expected at most ${maxBytes} bytes from Workfront, got more; check the base URL`);
      chunks.push(bytes);
    }
  } catch (cause) {
    throw asWireFailure(cause);
  } finally {
    clearTimeout(timer);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Workfront sends gzip even if it was not requested. Unpacked bytes are counted one chunk at a time, so a gzip bomb does no harm. */
function unpacked(response: IncomingMessage): Readable {
  if (!/^(x-)?gzip$/i.test(response.headers['content-encoding'] ?? '')) return response;
  // The reader of the unpacked stream gets its errors, so the callback has nothing to do.
  return pipeline(response, createGunzip(), () => {});
}
