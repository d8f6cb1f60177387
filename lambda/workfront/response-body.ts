import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PermanentFailure } from '../domain/failures.ts';
import { timedOut, translated } from './trouble.ts';

/**
 * The text of a response, unpacked where it is gzip.
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
        throw new PermanentFailure('too-large', `expected at most ${maxBytes} bytes from workfront, got more, look at what it answers`);
      chunks.push(bytes);
    }
  } catch (cause) {
    throw translated(cause);
  } finally {
    clearTimeout(timer);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Workfront sends gzip even unasked. The unpacked bytes are counted as they come, so a small bomb stays small. */
function unpacked(response: IncomingMessage): Readable {
  if (!/^(x-)?gzip$/i.test(response.headers['content-encoding'] ?? '')) return response;
  // Whoever reads the unpacked stream is told of trouble by it, so there is nothing left for the callback to do.
  return pipeline(response, createGunzip(), () => {});
}
