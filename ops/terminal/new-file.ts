import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';

/** The path of a file that does not exist yet, in a directory that does. */
export const newFile = z
  .string()
  .min(1, 'the name of a new file')
  .refine((file) => !existsSync(file), 'the name of a new file: this one exists')
  .refine((file) => existsSync(dirname(file)), 'a file in a directory that exists');

/** The sentence on a file that was written since {@link newFile} looked. */
export const fileExists = (file: string): string => `--out cannot be ${JSON.stringify(file)}; use the name of a new file: this one exists`;
