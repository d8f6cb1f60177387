import * as z from 'zod/mini';
import { readJson } from './domain/parse.ts';

/** A value that is JSON in one environment variable. */
export const json = <Schema extends z.core.$ZodType>(name: string, schema: Schema) =>
  z.pipe(
    z.string(),
    z.pipe(
      z.transform((text: string) => readJson(text, name)),
      schema,
    ),
  );

export const required = z.string().check(z.minLength(1));
