#!/usr/bin/env node
import { runProgram } from './cli/program.ts';
import { processTerminal } from './cli/terminal.ts';
import { createVerbs } from './compose/verbs.ts';

/**
 * The one entry: parses, composes, runs. The first Ctrl-C ends the session in order, with its
 * report; a second one ends the process.
 */
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop.abort());
}

const terminal = processTerminal();
process.exitCode = await runProgram(
  process.argv.slice(2),
  createVerbs(terminal, stop.signal),
  terminal,
);
