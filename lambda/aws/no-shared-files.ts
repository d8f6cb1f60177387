/**
 * Stands for `node:fs/promises` in the bundles of the functions (lib/bundle.ts). Only the SDK's reader of shared configuration files
 * imports it, and Lambda has no such files: the SDK goes on without one that does not exist.
 */
export async function readFile(path: string): Promise<never> {
  throw Object.assign(new Error(`${path} does not exist; a function has no shared configuration files`), { code: 'ENOENT' });
}
