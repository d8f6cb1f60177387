// @ts-check
import { anyText, aSwitch, wholeNumber } from './command-line.mjs';

const port = { takes: 'N', from: 0, to: 65_535 };

/** The command line of `npm start`. */
export const START = {
  call: 'npm start --',
  options: {
    port: wholeNumber({ ...port, help: 'port of the webhooks, 0 for any free port', otherwise: 8787 }),
    'workfront-port': wholeNumber({ ...port, help: 'port of the stand-in for Workfront, 0 for any free port', otherwise: 8788 }),
    data: anyText({
      takes: 'DIR',
      help: 'directory of queue, ledger and secrets',
      allowed: 'the path of a directory',
      otherwise: '.local',
    }),
    users: wholeNumber({ takes: 'N', from: 2, to: 1_000_000, help: 'users in the stand-in for Workfront', otherwise: 1000 }),
    policy: {
      takes: 'JSON',
      help: `rules that differ from the defaults, such as '{"dryRun":true}' or '{"brake":{"perHour":100}}'`,
      allowed: `a JSON object in quotes, such as '{"dryRun":true}'`,
      otherwise: '{}',
      read: jsonObject,
    },
    stages: anyText({
      takes: 'FILE',
      help: 'your file of stages; with --stage, its sources, mapping and rules run here',
      allowed: 'the path of a file',
      otherwise: '',
    }),
    stage: anyText({
      takes: 'NAME',
      help: 'a stage of that file, or of stages.json, stages.jsonc or stages.ts',
      allowed: 'the name of a stage',
      otherwise: '',
    }),
    'admin-console': aSwitch('also remove leavers in a stand-in for the Adobe Admin Console'),
    'no-demo': aSwitch('do not send the example'),
    json: aSwitch('print one line of JSON when ready, and nothing else'),
  },
};

/** @param {string} text */
function jsonObject(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? text : undefined;
  } catch {
    return undefined;
  }
}
