#!/usr/bin/env node
import { runProgram } from '../ops/program.ts';
import { processTerminal } from '../ops/terminal/terminal.ts';

process.exitCode = await runProgram(process.argv.slice(2), { terminal: processTerminal(), clock: Date.now });
