import { createHash, createHmac, createSecretKey, type Hash, type Hmac, type KeyObject } from 'node:crypto';

/** Text, which is taken as UTF-8, or bytes. */
type Text = string | ArrayBuffer | ArrayBufferView;

/**
 * The SHA-256 with which the SDK signs (option `sha256` of its clients). The SDK's own one gives `createHmac` a key of bytes, for which
 * Node.js 24 throws two errors and catches them (lib/internal/crypto/keys.js, `isKeyObject` and `isCryptoKey`), for each request.
 */
export class Sha256 {
  readonly #key: string | KeyObject | undefined;
  #hash: Hash | Hmac;

  /** @param secret makes it an HMAC with this key */
  constructor(secret?: Text) {
    this.#key = secret === undefined || typeof secret === 'string' ? secret : createSecretKey(bytesOf(secret));
    this.#hash = this.#begin();
  }

  update(data: Text): void {
    this.#hash.update(typeof data === 'string' ? data : bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#begin();
  }

  #begin(): Hash | Hmac {
    return this.#key === undefined ? createHash('sha256') : createHmac('sha256', this.#key);
  }
}

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
