import { InvalidInput } from '../domain/failures.ts';
import { readExactJson } from './exact-json.ts';
import { valueAt } from './field-mapping.ts';
import type { InBodyScheme } from './scheme.ts';

/** The secrets of a body, one for each of its items; undefined for an item without. None if the body is not JSON. */
export function secretsIn(body: Uint8Array, scheme: InBodyScheme): (string | undefined)[] {
  const content = contentOf(body);
  if (content === undefined) return [];
  return itemsIn(content, scheme).map((item) => {
    const value = valueAt(item, scheme.field);
    return typeof value === 'string' ? value : undefined;
  });
}

/** The body with the secret in each item, or without one, written anew. A body that is not JSON stays as it is. */
export function withSecret(body: Uint8Array, scheme: InBodyScheme, secret: string): Uint8Array {
  const content = contentOf(body);
  if (content === undefined) return body;
  for (const item of itemsIn(content, scheme)) {
    if (typeof item === 'object' && item !== null) Object.assign(item, { [scheme.field]: secret });
  }
  return Buffer.from(JSON.stringify(content));
}

function itemsIn(content: unknown, { items }: InBodyScheme): unknown[] {
  const whole = items === undefined ? content : valueAt(content, items);
  return Array.isArray(whole) ? whole : [whole];
}

function contentOf(body: Uint8Array): unknown {
  try {
    return readExactJson(new TextDecoder('utf-8', { fatal: true }).decode(body), 'delivery');
  } catch (failure) {
    if (failure instanceof InvalidInput || failure instanceof TypeError) return undefined;
    throw failure;
  }
}
