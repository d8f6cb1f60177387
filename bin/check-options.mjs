// @ts-check
import { readCommandLine } from '../local/command-line.mjs';
import { START } from '../local/options.mjs';

// Finds a wrong option of `npm start` before anything is installed: see bin/start.sh.
readCommandLine(START);
