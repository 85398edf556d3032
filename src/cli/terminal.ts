import { EXIT_CODES } from './exit-codes.ts';

/** Where verbs write. Tests give one that collects. */
export interface Terminal {
  write(text: string): void;
  /** For what is no result: faults, hints, progress beside `--json`. */
  writeError(text: string): void;
  /** What was written before has not gone out yet: a frame more would only queue. */
  readonly isBusy: boolean;
  readonly isInteractive: boolean;
  readonly isColoured: boolean;
  readonly columns: number;
  readonly rows: number;
}

const COLUMNS_DEFAULT = 80;
const ROWS_DEFAULT = 24;

/** The process's own. `NO_COLOR` (no-color.org) and pipes get plain text. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  let isToldOf = false;
  const tell = (error: Error): void => {
    // `strata logs | head` closes the pipe, and a terminal can be gone: nobody is left to tell.
    if (isToldOf || ('code' in error && (error.code === 'EPIPE' || error.code === 'EIO'))) return;
    isToldOf = true;
    stderr.write(`strata: the output cannot be written: ${error.message}\n`);
    process.once('exit', () => (process.exitCode ||= EXIT_CODES.error));
  };
  // A session goes on without listeners: what it does is in its journal.
  for (const stream of [stdout, stderr]) stream.on('error', tell);
  const isInteractive = stdout.isTTY && env['TERM'] !== 'dumb';
  return {
    write: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(text),
    get isBusy() {
      // A pipe whose reader went away never drains.
      return stdout.writableNeedDrain && !stdout.destroyed;
    },
    isInteractive,
    isColoured: isInteractive && (env['NO_COLOR'] ?? '') === '',
    get columns() {
      return stdout.columns > 0 ? stdout.columns : COLUMNS_DEFAULT;
    },
    get rows() {
      return stdout.rows > 0 ? stdout.rows : ROWS_DEFAULT;
    },
  };
}
