import * as z from 'zod';

/** The keys that an object may have at a place of a schema. */
export function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.core.$ZodUnion) return [...new Set(schema._zod.def.options.flatMap((option) => knownKeys(option, path)))];
  const inner = within(schema);
  if (inner !== undefined) return knownKeys(inner, path);
  const [key, ...rest] = path;
  if (schema instanceof z.core.$ZodObject) {
    const { shape } = schema._zod.def;
    if (key === undefined) return Object.keys(shape);
    const next = Object.hasOwn(shape, key) ? shape[String(key)] : undefined;
    return next === undefined ? [] : knownKeys(next, rest);
  }
  if (schema instanceof z.core.$ZodRecord) return key === undefined ? [] : knownKeys(schema._zod.def.valueType, rest);
  if (schema instanceof z.core.$ZodArray) return key === undefined ? [] : knownKeys(schema._zod.def.element, rest);
  return [];
}

/** The schema inside of one that only adds a default or a step before it. */
function within(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (schema instanceof z.core.$ZodPipe) return schema._zod.def.out;
  const adds = [z.core.$ZodOptional, z.core.$ZodDefault, z.core.$ZodPrefault, z.core.$ZodNullable];
  for (const one of adds) if (schema instanceof one) return schema._zod.def.innerType;
  return undefined;
}
