import * as z from 'zod/mini';
import { instant } from '../domain/event/hr-event.ts';
import { SECOND, toMillis } from '../domain/time/time.ts';
import type { HmacScheme, StandardWebhooksScheme } from './scheme.ts';

/** How a delivery is signed, in one form for all schemes that sign. */
export interface Recipe extends Omit<HmacScheme, 'kind'> {
  /** Separates the signatures of a header that has several. */
  separator: RegExp;
  readTime: (text: string) => number | undefined;
}

/** Standard Webhooks, specification, "Signature scheme": `v1,<base64>` in a list separated by spaces; other versions are ignored. */
const standardRecipe = ({
  idHeader = 'webhook-id',
  timestampHeader = 'webhook-timestamp',
  signatureHeader = 'webhook-signature',
  keyEncoding = 'base64',
}: StandardWebhooksScheme): Recipe => ({
  header: signatureHeader,
  idHeader,
  timestampHeader,
  algorithm: 'sha256',
  encoding: 'base64',
  prefix: 'v1,',
  signed: '{id}.{timestamp}.{body}',
  keyEncoding,
  toleranceSeconds: 300,
  // A header that occurs twice was joined by a comma and a space.
  separator: /(?:, | )/,
  readTime: unixSeconds,
});

/** How the deliveries of a scheme are signed. */
export function recipeOf(scheme: StandardWebhooksScheme | HmacScheme): Recipe {
  if (scheme.kind === 'standard-webhooks') return standardRecipe(scheme);
  return { ...scheme, separator: /[\s,;]/, readTime: (text) => unixSeconds(text) ?? unixMillis(text) ?? writtenTime(text) };
}

const unixSeconds = (text: string) => (/^\d{1,12}$/.test(text) ? Number(text) * SECOND : undefined);

/** As many digits as the years 2001 to 2286 need, in which no time in seconds has so many. */
const unixMillis = (text: string) => (/^\d{13}$/.test(text) ? Number(text) : undefined);

/** RFC 3339, and an offset without a colon, which ISO 8601 also allows. */
function writtenTime(text: string): number | undefined {
  const time = text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  return z.safeParse(instant, time).success ? toMillis(time) : undefined;
}
