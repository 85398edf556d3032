import { count } from '../cli/figures.ts';
import type { Terminal } from '../cli/terminal.ts';

const FIRST_MS = 2_000;

/** Says every two seconds how many rows were handled, so that a long run is seen to go on. */
export function rowProgress(terminal: Terminal, verb: string): (rows: number) => void {
  let rows = 0;
  let nextMs = Date.now() + FIRST_MS;
  return (more) => {
    rows += more;
    if (Date.now() < nextMs) return;
    nextMs = Date.now() + FIRST_MS;
    terminal.writeError(`${verb}: ${count(rows)} rows read or written\n`);
  };
}
