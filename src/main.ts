#!/usr/bin/env node
import { runProgram } from './cli/program.ts';
import { processTerminal } from './cli/terminal.ts';
import { createVerbs } from './compose/verbs.ts';

/** The one entry: parses, composes, runs. */
const terminal = processTerminal();
process.exitCode = await runProgram(
  process.argv.slice(2),
  createVerbs(terminal, stopOnSignal),
  terminal,
);

/**
 * Asked for by the verbs that run a session: the first Ctrl-C, or a terminal that goes away, ends
 * it in order, with its report; a second one ends the process. Every other verb ends at once.
 */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => stop.abort());
  }
  return stop.signal;
}
