import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import circus from 'jest-circus/runner';
import { ModuleMocker } from 'jest-mock';
import { beginSuite, replaceModule } from './modules.mjs';

const require = createRequire(import.meta.url);

/** Loads jest's list of tests again. It is kept in the process, where the tests of the suite before are still in it. */
function loadAgain(file) {
  delete require.cache[file];
  delete globalThis[Symbol.for('EVENT_HANDLERS')];
  return require(file);
}

/** Puts back what a suite may change for the whole process. */
function restoring({ env, exitCode }, console) {
  const values = { ...env };
  return () => {
    process.env = env;
    for (const name of Object.keys(env)) if (!(name in values)) delete env[name];
    Object.assign(env, values);
    process.exitCode = exitCode;
    globalThis.console = console;
  };
}

/**
 * Runs one suite for jest as Node.js runs the product: by its own loader, in its own realm. Jest's usual way makes a realm for each suite
 * and evaluates every package in it again, which took most of the time of all tests.
 */
export default async function runSuite(globalConfig, config, environment, runtime, path, sendMessageToJest) {
  const suite = pathToFileURL(path).href;
  const mocker = new ModuleMocker(globalThis);
  const jest = {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
    unstable_mockModule: (name, make) => replaceModule(name.startsWith('.') ? new URL(name, suite).href : name, make()),
  };
  const restore = restoring(process, console);
  globalThis.console = environment.global.console;
  beginSuite();
  Object.assign(runtime, {
    requireInternalModule: loadAgain,
    setGlobalsForRuntime: (functions) => replaceModule('@jest/globals', { ...functions, jest }),
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: () => import(suite),
  });
  try {
    return await circus.default(globalConfig, config, environment, runtime, path, sendMessageToJest);
  } finally {
    restore();
  }
}
