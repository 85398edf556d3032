import { MINUTE } from '../../core/time.ts';

/** Minutes that a symbol's window reaches back, one bit each. */
const MINUTES_MAX = 31;

/** What a bar is to those of its symbol that came before. */
export type BarNovelty = 'new' | 'repeated' | 'late';

/**
 * Which minute bars of each symbol were taken: the newest, and half an hour before it. A bar that
 * comes live after it was fetched, or the other way round, counts once.
 */
export class BarWindow {
  readonly #newestUs: Float64Array;
  /** Bit n: the bar n minutes before the newest was taken. */
  readonly #taken: Int32Array;
  /** The start of the newest bar of any symbol; NaN before one. */
  lastUs = Number.NaN;

  constructor(symbols: number) {
    this.#newestUs = new Float64Array(symbols).fill(-1);
    this.#taken = new Int32Array(symbols);
  }

  /** Takes a bar, unless it is repeated or older than the window. */
  add(symbol: number, startUs: number): BarNovelty {
    const newestUs = this.#newestUs[symbol] ?? -1;
    const minutes = Math.round((startUs - newestUs) / MINUTE);
    if (newestUs < 0 || minutes > 0) {
      const taken = this.#taken[symbol] ?? 0;
      const kept = newestUs < 0 || minutes > MINUTES_MAX ? 0 : taken << minutes;
      this.#taken[symbol] = kept | 1;
      this.#newestUs[symbol] = startUs;
      if (!(startUs <= this.lastUs)) this.lastUs = startUs;
      return 'new';
    }
    if (minutes < -MINUTES_MAX) return 'late';
    const bit = 1 << -minutes;
    const taken = this.#taken[symbol] ?? 0;
    if ((taken & bit) !== 0) return 'repeated';
    this.#taken[symbol] = taken | bit;
    return 'new';
  }
}
