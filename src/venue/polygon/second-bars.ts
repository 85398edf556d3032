import { SECOND } from '../../core/time.ts';
import { extendedHoursFlags } from '../../domain/market/conditions.ts';
import { type BarRow, emptyBarRow } from '../archive/bar-row.ts';
import { OpenBars } from '../archive/open-bars.ts';

/**
 * Bars of one second for the symbols that somebody wants. A second stays open for one more, for
 * what the tapes bring late; what comes later still is counted and in no bar of a second. So these
 * do not sum exactly to minutes, as the real ones do not (venues.md 6.1).
 */
export class SecondBars {
  /** Trades that came after their second was told, or before their time. */
  late = 0;
  /** By whether their second is even or odd: two seconds are open at a time. */
  readonly #open: readonly [OpenBars, OpenBars];
  readonly #trading: readonly [Set<number>, Set<number>] = [new Set(), new Set()];
  readonly #row = emptyBarRow();
  #toldUs = 0;

  constructor(symbols: number) {
    this.#open = [new OpenBars(symbols), new OpenBars(symbols)];
  }

  add(
    symbol: number,
    us: number,
    trade: { readonly price: number; readonly size: number; readonly flags: number },
    isCore: boolean,
  ): void {
    const startUs = Math.floor(us / SECOND) * SECOND;
    if (startUs < this.#toldUs) {
      this.late += 1;
      return;
    }
    const flags = isCore ? trade.flags : extendedHoursFlags(trade.flags);
    const side = sideOf(startUs);
    const openUs = this.#open[side].startUs(symbol);
    if (openUs === openUs && openUs !== startUs) {
      this.late += 1; // From the future: its place is still taken.
      return;
    }
    this.#open[side].add(symbol, trade.price, trade.size, flags, startUs);
    this.#trading[side].add(symbol);
  }

  /** Tells every second that ended a second ago or before. The row is good during the call. */
  advance(nowUs: number, tell: (symbol: number, row: Readonly<BarRow>) => void): void {
    const untilUs = Math.floor(nowUs / SECOND) * SECOND - SECOND;
    if (untilUs <= this.#toldUs) return;
    // The older of the two first.
    const first = sideOf(untilUs - 2 * SECOND);
    for (const side of [first, first === 0 ? 1 : 0] as const) this.#tell(side, untilUs, tell);
    this.#toldUs = untilUs;
  }

  #tell(side: 0 | 1, untilUs: number, tell: (symbol: number, row: Readonly<BarRow>) => void): void {
    const bars = this.#open[side];
    for (const symbol of this.#trading[side]) {
      const startUs = bars.startUs(symbol);
      if (startUs === startUs && startUs >= untilUs) continue;
      if (bars.read(symbol, this.#row)) tell(symbol, this.#row);
      bars.reset(symbol);
      this.#trading[side].delete(symbol);
    }
  }
}

function sideOf(startUs: number): 0 | 1 {
  return (startUs / SECOND) % 2 === 0 ? 0 : 1;
}
