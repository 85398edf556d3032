import { Random } from '../src/core/random.ts';
import { DAY, daysFromCivil, MINUTE, weekday } from '../src/core/time.ts';
import type { RowBatch } from '../src/ports/time-series.ts';
import { bars } from '../src/store/tables/market.ts';

export interface MinutesOptions {
  readonly seed: number;
  readonly symbols: number;
  readonly days: number;
  readonly minutes: number;
  /** Every so many weekdays one; left out: each. */
  readonly step?: number;
}

/** The first of them: Thursday, 2 January 2025. */
export const FIRST_DAY = daysFromCivil(2025, 1, 2);

/** Minute bars of a seeded market, a batch a day; on weekdays only. */
export function* seededMinutes(options: MinutesOptions): Generator<RowBatch> {
  const random = new Random(options.seed);
  const names = Array.from({ length: options.symbols }, (_, index) => symbolName(index));
  const lasts = names.map(() => 20 + random.unit() * 400);
  const { step = 1 } = options;
  for (let day = FIRST_DAY, made = 0; made < options.days * step; day += 1) {
    if (weekday(day) === 0 || weekday(day) === 6) continue;
    made += 1;
    if (made % step !== 0) continue;
    yield dayOf(day, names, lasts, options.minutes, random);
  }
}

export function symbolName(index: number): string {
  return `S${String(index).padStart(3, '0')}`;
}

/** Opens at 14:30 UTC. One volume-weighted price in fifty is not told. */
function dayOf(
  day: number,
  names: readonly string[],
  lasts: number[],
  minutes: number,
  random: Random,
): RowBatch {
  const rows = names.length * minutes;
  const numbers = () => new Float64Array(rows);
  const [startUs, knownUs] = [numbers(), numbers()];
  const [open, high, low, close] = [numbers(), numbers(), numbers(), numbers()];
  const [volume, vwap, trades] = [numbers(), numbers(), numbers()];
  const symbol: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const place = row % names.length;
    const last = lasts[place] ?? 1;
    const next = last * (1 + (random.unit() - 0.5) / 250);
    startUs[row] = day * DAY + (870 + Math.floor(row / names.length)) * MINUTE;
    knownUs[row] = (startUs[row] ?? 0) + MINUTE + random.below(900) * 1_000;
    open[row] = last;
    high[row] = Math.max(last, next) * 1.0005;
    low[row] = Math.min(last, next) * 0.9995;
    close[row] = next;
    volume[row] = random.below(100_000);
    vwap[row] = random.below(50) === 0 ? Number.NaN : (last + next) / 2;
    trades[row] = random.below(500);
    symbol.push(names[place] ?? '');
    lasts[place] = next;
  }
  const same = (text: string) => Array.from({ length: rows }, () => text);
  const prices = [open, high, low, close, volume, vwap, trades];
  const columns = [startUs, symbol, same('seeded'), same('1m'), ...prices, knownUs];
  return { table: bars, rows, columns };
}
