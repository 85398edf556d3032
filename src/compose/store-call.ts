import type { ExitCode } from '../cli/exit-codes.ts';
import type { StoreAction, StoreOptions } from '../cli/store-options.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { StoreBench } from './store-bench.ts';
import type { Environment } from './store-feed/open-store.ts';

/** What a verb of the store is called with. */
export interface StoreCall<Action extends StoreAction = StoreAction> {
  readonly options: StoreOptions;
  readonly action: Action;
  readonly bench: StoreBench;
  readonly terminal: Terminal;
  readonly environment: Environment;
}

/** What a verb says: the lines for people, and the same as one value. */
export interface StoreAnswer {
  readonly lines: readonly string[];
  readonly json: object;
  readonly exitCode?: ExitCode;
}

/** The last line of whatever only said what it would do. */
export const APPLY = 'nothing was changed: add --apply to do it';
