import type { KeptDelivery } from '../domain/event/kept-delivery.ts';
import { toInstant } from '../domain/time/time.ts';
import type { Source } from '../sources/source.ts';
import type { HttpRequest } from './http-request.ts';

interface Received {
  request: HttpRequest;
  source: Source;
  receivedAt: number;
}

/** Names of headers that carry a credential, or may. */
const CREDENTIAL = /cookie|authori[sz]ation|token|secret|passw|api-?key|credential|session/;

/**
 * A delivery as the quarantine has it. Every header is kept that is no cookie or credential: if HR signs under another name than the stage
 * knows, the delivery can still be proven once the stage is corrected. The source's own proof is kept unless it is the secret itself, and the
 * delivery is proven.
 */
export function asKept({ request, source, receivedAt }: Received, { why, detail }: Pick<KeptDelivery, 'why' | 'detail'>): KeptDelivery {
  const { headers, body } = request.delivery;
  const isProven = why === 'unreadable';
  const mayKeep = (name: string) => {
    if (source.proofHeaders.includes(name)) return !(isProven && source.proofIsSecret);
    return looksLikeProof(name) || !CREDENTIAL.test(name);
  };
  return {
    v: 1,
    why,
    source: source.name,
    receivedAt: toInstant(receivedAt),
    requestId: request.requestId,
    detail,
    headers: Object.fromEntries([...headers].filter(([name]) => mayKeep(name))),
    bodyBase64: Buffer.from(isProven ? source.withoutSecret(body) : body).toString('base64'),
  };
}

/** Whether a header is named as signatures are. */
const looksLikeProof = (name: string): boolean => /signature|hmac|digest/.test(name);

/** The proof in a delivery that its source could not prove. */
export interface Found {
  /** One line for the quarantine and the log. */
  detail: string;
  /** Whether it may be a real one that our configuration cannot prove. */
  looksReal: boolean;
}

/** Distinguishes a wrong signature from one under another name: a new secret helps with the one, a corrected scheme with the other. */
export function proofFound({ request, source }: Pick<Received, 'request' | 'source'>): Found {
  const { headers } = request.delivery;
  if (source.proofHeaders.length === 0) return { detail: 'not every item of the body has the secret', looksReal: true };
  const missing = source.proofHeaders.filter((name) => !headers.has(name));
  if (missing.length === 0) return { detail: 'the signature is not valid', looksReal: true };

  const others = [...headers.keys()].filter(
    (name) => looksLikeProof(name) && !source.proofHeaders.includes(name) && /^[a-z0-9-]{1,64}$/.test(name),
  );
  const seen =
    others.length > 0 ? `, but ${others.join(', ')}; if HR signs there, write that header into the scheme of the stage, then reverify` : '';
  const isPart = missing.length < source.proofHeaders.length;
  const what = isPart ? 'not all headers of this scheme came, without' : 'none of the headers of this scheme came';
  const names = isPart ? ` ${missing.join(', ')}` : ` (${missing.join(', ')})`;
  return { detail: `${what}${names}${seen}`, looksReal: others.length > 0 || isPart };
}
