import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What tools and operators write, and is not in the repository. */
const WRITTEN = new Set([
  'node_modules',
  'cdk.out',
  'dist',
  'reports',
  '.git',
  '.local',
  '.stryker-tmp',
  'stages.json',
  'stages.jsonc',
  'stages.ts',
]);

/** The files of the repository, as paths from its root. */
export function sourceFiles(root = process.cwd()): string[] {
  const within = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (WRITTEN.has(entry.name)) return [];
      return entry.isDirectory() ? within(path) : [relative(root, path)];
    });
  return within(root).sort();
}
