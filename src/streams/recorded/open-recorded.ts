import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { DateNumber } from '../../core/time.ts';
import type { MarketSource } from '../../ports/market-source.ts';
import { findLean } from './lean-folder.ts';
import { findMinutes } from './minute-folder.ts';
import { RecordedError } from './recorded-error.ts';

export interface RecordedOptions {
  /** Only this New York date; otherwise every day there is, in order. */
  readonly date?: DateNumber;
  /** The largest frame, and the least a batch must hold. */
  readonly eventsMax?: number;
}

const EVENTS_MAX = 1_024;

/**
 * Opens recorded market data, whatever its layout:
 *
 * - Lean: `tick`, `second` or `minute` with `<symbol>/<date>_{trade,quote}.zip`, or one symbol's
 *   folder in it. Trades, one-sided consolidated quotes and bars; where a symbol has trades
 *   but no quotes in `tick`, the quotes of `../second/<symbol>` are taken.
 * - Minutes: a folder of `<symbol>.csv` or `.csv.gz`, or one such file, with a header we know.
 *
 * Throws `RecordedError` where there is nothing to open; what is wrong inside is in `faults`.
 */
export function openRecorded(path: string, options: RecordedOptions = {}): MarketSource {
  const frameEventsMax = options.eventsMax ?? EVENTS_MAX;
  const full = resolve(path);
  if (!existsSync(full)) {
    throw new RecordedError('RECORDED_MISSING', `${path} is not there; ${EXPECTED}`);
  }
  const found = statSync(full).isDirectory()
    ? openFolder(full, options.date, frameEventsMax)
    : findMinutes(dirname(full), [basename(full)], options.date, frameEventsMax);
  if (found === undefined) {
    throw new RecordedError('RECORDED_UNRECOGNISED', `nothing to replay in ${path}; ${EXPECTED}`);
  }
  return found;
}

const EXPECTED =
  'expected a Lean folder such as intraday/lean_us_equity/tick (with aig/20131007_trade.zip), ' +
  'a folder of minute files such as intraday/us_minute_2025 (with AAPL.csv.gz), ' +
  'or the folder of a session such as .strata/sessions/demo-20240603-1';

function openFolder(
  folder: string,
  date: DateNumber | undefined,
  eventsMax: number,
): MarketSource | undefined {
  const names = readdirSync(folder).toSorted();
  return findLean(folder, date, eventsMax) ?? findMinutes(folder, names, date, eventsMax);
}
