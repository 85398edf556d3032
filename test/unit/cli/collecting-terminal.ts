import type { Terminal } from '../../../src/cli/terminal.ts';

/** A terminal that keeps what was written to it. */
export class CollectingTerminal implements Terminal {
  out = '';
  errors = '';
  isBusy = false;
  isInteractive = false;
  isColoured = false;
  columns = 80;
  rows = 24;

  write(text: string): void {
    this.out += text;
  }

  writeError(text: string): void {
    this.errors += text;
  }
}
