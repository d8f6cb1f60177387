import type { Delivery, Source, Verification } from '../sources/source.ts';

/** The secrets of the sources. */
export interface KnownSecrets {
  /** @throws if the secret cannot be had */
  read(secretId: string): Promise<readonly string[]>;
  /** Reads again, as often as is sensible. @returns the same list if there is nothing newer. @throws as read */
  refresh(secretId: string): Promise<readonly string[]>;
}

export type Proof =
  /** `former`: signed with an older secret of the source, so that secret may not be retired yet. */
  (Extract<Verification, { kind: 'genuine' }> & { former: boolean }) | { kind: 'forged' } | { kind: 'unusable-secret'; fault?: unknown };

/**
 * Proves that a delivery is the source's own. Before it is called forged, the secret is read again: a new secret works at once.
 *
 * @param receivedAt milliseconds since the epoch
 */
export async function proveDelivery(
  delivery: Delivery,
  { source, receivedAt }: { source: Source; receivedAt: number },
  secrets: KnownSecrets,
): Promise<Proof> {
  const verify = (known: readonly string[]): Proof => {
    const verification = source.verify(delivery, known, receivedAt);
    if (verification.kind !== 'genuine') return verification;
    return { ...verification, former: known.length > 1 && source.verify(delivery, known.slice(0, 1), receivedAt).kind !== 'genuine' };
  };
  try {
    const known = await secrets.read(source.secretId);
    const proof = verify(known);
    if (proof.kind === 'genuine') return proof;

    const newest = await secrets.refresh(source.secretId);
    return newest === known ? proof : verify(newest);
  } catch (fault) {
    return { kind: 'unusable-secret', fault };
  }
}
