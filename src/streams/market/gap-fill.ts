import { MINUTE, SECOND } from '../../core/time.ts';
import type { Clock, Timers } from '../../ports/clock.ts';
import { FetchedEvents } from './fetched-events.ts';
import type { MarketHistory } from './market-history.ts';

export interface GapFillOptions {
  readonly history: MarketHistory;
  readonly fetched: FetchedEvents;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly msMax: number;
}

export interface Gap {
  /** Symbols whose bars are missing, and those whose trades are. */
  readonly names: readonly string[];
  readonly slots: readonly string[];
  /** Of the first bar and the first trade that may be missing. */
  readonly barsFromUs: number;
  readonly tradesFromUs: number;
}

/** A venue's clock and ours may differ by this: what is fetched twice counts once. */
const MARGIN_US = 2 * SECOND;
/** The same in wall time, where a simulated market runs faster than ours. */
const MARGIN_MS = 500;

/**
 * Fetches what was missed, within its time. What has come by then is kept: a symbol is told whole
 * or not at all. Settles with undefined where all of it came, else with what went wrong.
 */
export async function fetchGap(
  options: GapFillOptions,
  gap: Gap,
  giveUp: AbortController,
): Promise<string | undefined> {
  const { history, fetched, clock, timers, msMax } = options;
  const nowUs = clock.nowUs();
  const marginUs = Math.max(MARGIN_US, MARGIN_MS * 1_000 * clock.speed);
  const { signal } = giveUp;
  const deadline = timers.after(msMax, () => giveUp.abort());
  const isLate = new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve(`not fetched within ${msMax} ms`));
  });
  // Of the minute that runs a venue may show half a bar, which would pass for the whole one.
  const barsToUs = Math.floor(nowUs / MINUTE) * MINUTE;
  const bars = { symbols: gap.names, fromUs: gap.barsFromUs, toUs: barsToUs };
  const trades = {
    symbols: gap.slots,
    fromUs: gap.tradesFromUs - marginUs,
    toUs: nowUs + marginUs,
  };
  const parts = [
    // Slots first: their symbols are those that are traded.
    gap.slots.length === 0
      ? Promise.resolve()
      : history.trades(trades, whileWanted(signal, fetched.addTrades.bind(fetched)), signal),
    gap.barsFromUs >= barsToUs
      ? Promise.resolve()
      : history.minuteBars(bars, whileWanted(signal, fetched.addBars.bind(fetched)), signal),
  ];
  const done = Promise.allSettled(parts).then(reasonOf);
  const outcome = await Promise.race([done, isLate]);
  deadline.cancel();
  return outcome;
}

/** An answer that comes after the giving up must not reach what is being delivered. */
function whileWanted<Row>(
  signal: AbortSignal,
  take: (name: string, rows: readonly Row[]) => void,
): (name: string, rows: readonly Row[]) => void {
  return (name, rows) => {
    if (!signal.aborted) take(name, rows);
  };
}

function reasonOf(results: readonly PromiseSettledResult<void>[]): string | undefined {
  for (const result of results) {
    if (result.status === 'rejected') {
      return result.reason instanceof Error ? result.reason.message : String(result.reason);
    }
  }
  return undefined;
}
