#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { runProgram } from './cli/program.ts';
import { processTerminal } from './cli/terminal.ts';
import { createVerbs } from './compose/verbs.ts';

/** The one entry: parses, composes, runs. */
const terminal = processTerminal();
process.exitCode = await runProgram(
  process.argv.slice(2),
  createVerbs(terminal, stopOnSignal),
  terminal,
  packageVersion(),
);

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const content: unknown = JSON.parse(text);
  const isDescribed = typeof content === 'object' && content !== null && 'version' in content;
  return isDescribed ? String(content.version) : '';
}

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
