import * as z from 'zod/mini';
import { instant } from './hr-event.ts';
import { sourceName } from './leaver-message.ts';

/**
 * A delivery that was not accepted, kept whole in the quarantine so that a wrong mapping or secret of ours loses nothing.
 * `unreadable`: proven to be the source's, but not understood. `signature`: not proven.
 */
export const keptDelivery = z.object({
  v: z.literal(1),
  why: z.enum(['unreadable', 'signature']),
  source: sourceName,
  receivedAt: instant,
  requestId: z.string(),
  /** What was expected and what came. */
  detail: z.string(),
  /** All but cookies and credentials, in lower case: those that prove the delivery may have another name than the stage knows. */
  headers: z.record(z.string(), z.string()),
  /** The bytes that were signed. */
  bodyBase64: z.string(),
});

export type KeptDelivery = z.infer<typeof keptDelivery>;
