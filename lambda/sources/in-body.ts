import { readExactJson } from './exact-json.ts';
import { valueAt } from './field-mapping.ts';
import type { InBodyScheme } from './scheme.ts';
import { utf8 } from './system.ts';

/** The secrets of a body, one for each of its items; undefined for an item without, and for a body that is not JSON. */
export function secretsIn(body: Uint8Array, scheme: InBodyScheme): (string | undefined)[] {
  return itemsIn(contentOf(body), scheme).map((item) => {
    const value = valueAt(item, scheme.field);
    return typeof value === 'string' ? value : undefined;
  });
}

/** The body with the secret in each item in place of the one that it has. A body that is not JSON stays as it is. */
export function withSecret(body: Uint8Array, scheme: InBodyScheme, secret: string): Uint8Array {
  const content = contentOf(body);
  if (content === undefined) return body;
  for (const item of itemsIn(content, scheme)) {
    if (item instanceof Object) Object.assign(item, { [scheme.field]: secret });
  }
  return Buffer.from(JSON.stringify(content));
}

function itemsIn(content: unknown, { items }: InBodyScheme): unknown[] {
  const whole = items === undefined ? content : valueAt(content, items);
  return Array.isArray(whole) ? whole : [whole];
}

function contentOf(body: Uint8Array): unknown {
  try {
    return readExactJson(utf8({ body }), 'delivery');
  } catch {
    return undefined;
  }
}
