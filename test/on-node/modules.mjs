import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url).href;
const packages = new URL('node_modules/', root).href;

/** Sources without types, by file. */
const stripped = new Map();
/** What the current suite gets in place of a module, by URL. */
const replaced = new Map();
let suite = 0;

/** Gives the suite that begins its own instance of every module of ours, as in a process of its own. Packages are shared. */
export function beginSuite() {
  suite += 1;
  replaced.clear();
}

/** Replaces a module in whatever the suite imports from now on. @param name of a package, or a URL */
export const replaceModule = (name, exports) => replaced.set(name, exports);

/**
 * What replaces a module.
 *
 * @public the source that stands for the module imports it
 */
export const replacementOf = (name) => replaced.get(name);

const isOurs = (url) => url.startsWith(root) && !url.startsWith(packages) && url.endsWith('.ts');

/** Types are stripped once for each file, though every suite evaluates it again. */
function sourceOf(file) {
  if (!stripped.has(file)) stripped.set(file, stripTypeScriptTypes(readFileSync(file, 'utf8')));
  return stripped.get(file);
}

function sourceOfReplacement(name) {
  const names = Object.keys(replaced.get(name)).filter((each) => each !== 'default');
  return `import { replacementOf } from '${import.meta.url}';
    const replacement = replacementOf('${name}');
    export const { ${names.join(', ')} } = replacement;
    export default replacement.default;`;
}

registerHooks({
  resolve(specifier, context, next) {
    const found = replaced.has(specifier) ? { url: specifier } : next(specifier, context);
    if (replaced.has(found.url)) return { url: `replaced:${suite}:${found.url}`, shortCircuit: true };
    return isOurs(found.url) ? { ...found, url: `${found.url}?suite=${suite}` } : found;
  },
  load(url, context, next) {
    const [, name] = /^replaced:\d+:(.*)$/.exec(url) ?? [];
    if (name !== undefined) return { format: 'module', source: sourceOfReplacement(name), shortCircuit: true };
    const [, ours] = /^(.*\.ts)\?suite=\d+$/.exec(url) ?? [];
    return ours === undefined ? next(url, context) : { format: 'module', source: sourceOf(fileURLToPath(ours)), shortCircuit: true };
  },
});
