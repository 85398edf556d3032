/**
 * What every indicator is: a formula over doubles in somebody else's memory.
 *
 * State lives in `state[at .. at + width)`, so the same code serves one series (a fresh array) and
 * a family of ten thousand symbols (a stride inside one buffer). The first `outputs.length` slots
 * are the outputs and hold NaN until the indicator is ready, so an unready value can never look
 * like a number. No allocation per update; nothing outside the slots is written, and nothing that
 * matters for the next update is kept outside them: a copy of the slots is a checkpoint.
 */
export interface Indicator {
  /** Lower case, as a trader names it: `sma`, `macd`. */
  readonly name: string;
  /** Names of the outputs, in slot order: `['macd', 'signal', 'histogram']`. */
  readonly outputs: readonly string[];
  /** Doubles of state, outputs included. */
  readonly width: number;
  /**
   * Bars until the last output is ready: with 14 here, the 14th update gives the first number.
   * Where sessions count (`warmupSessions` of the declaration), or an output is undefined at times,
   * no number comes before it.
   */
  readonly warmupBars: number;
  /** Puts the slots into the state before the first bar. */
  reset(this: void, state: Float64Array, at: number): void;
  /** One closed bar. Reads `bar` by the places below; a NaN among its values changes nothing. */
  update(this: void, state: Float64Array, at: number, bar: Float64Array): void;
}

/** Places in the small array that `update` reads, prices in dollars: singly they would be boxed. */
export const OPEN = 0;
export const HIGH = 1;
export const LOW = 2;
export const CLOSE = 3;
export const VOLUME = 4;
/** Whole days since 1970 in New York: session-anchored indicators start again when it changes. */
export const SESSION = 5;
/** When the bar began, microseconds UTC. */
export const START_US = 6;
/** The same since the core session opened: negative before it, NaN where no session is known. */
export const SINCE_OPEN_US = 7;
export const BAR_WIDTH = 8;

/** The columns of a bar by name, each at its place. */
export const BAR_COLUMNS = [
  'open',
  'high',
  'low',
  'close',
  'volume',
  'session',
  'startUs',
  'sinceOpenUs',
] as const;
export type BarColumn = (typeof BAR_COLUMNS)[number];
