import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DateNumber, daysOfDate } from '../../core/time.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import { FaultList } from '../../domain/market/data-fault.ts';
import type { DataFaults } from '../../ports/market-source.ts';
import { DAILY_HEADERS, type DailyFormat, dailyFormat } from './daily-formats.ts';
import { RecordedError } from './recorded-error.ts';
import { checkBar } from './row-format.ts';
import { readFirstLine, RowReader } from './row-reader.ts';

export interface DailyHistory {
  /** In date order, the newest last. A symbol without history is not there. */
  readonly bars: ReadonlyMap<string, readonly DailyBar[]>;
  readonly faults: DataFaults;
}

const DAYS = 20;
/** Adjusted for a hundred splits, a day of the largest fund still stays below it. */
const VOLUME_MAX = 1e12;
/** The longest closure of the exchange was a week (2001); a month without a row is another life. */
const GAP_DAYS_MAX = 30;

/**
 * The last daily bars of each symbol before a date, from a folder of daily files: Lean
 * (`spy.zip`, unadjusted), `SPY.csv.gz` of Yahoo, Alpaca or pooksoft, `SPY_daily.csv.gz` of eqker.
 *
 * No row on or after `beforeDate` is ever given, so a day cannot see itself. Rows that lie before a
 * gap of more than a month are left out: Alpaca's files begin with a few stray trades of earlier
 * years. Prices are ten-thousandths, as the file has them: adjusted for splits or not.
 *
 * Throws `RecordedError` where the folder is not there.
 */
export function readDailyHistory(
  path: string,
  symbols: readonly string[],
  beforeDate: DateNumber,
  days = DAYS,
): DailyHistory {
  demandFolder(path);
  const faults = new FaultList();
  const bars = new Map<string, readonly DailyBar[]>();
  for (const symbol of symbols) {
    const file = demandFile(path, symbol, faults);
    if (file === undefined) continue;
    const found = lastBars(file, beforeDate, days, faults);
    if (found.length > 0) bars.set(symbol, found);
  }
  return { bars, faults };
}

/**
 * All daily bars of the symbols, each from the last gap of more than a month on: what a model of
 * days learns from. Prices are as the file has them.
 *
 * Throws `RecordedError` where the folder is not there.
 */
export function readDays(path: string, symbols: readonly string[]): DailyHistory {
  demandFolder(path);
  const faults = new FaultList();
  const bars = new Map<string, readonly DailyBar[]>();
  for (const symbol of symbols) {
    const file = demandFile(path, symbol, faults);
    const all = file === undefined ? [] : barsOf(file, AFTER_ALL, faults);
    const from = lifeBegin(all, all.at(-1)?.date ?? AFTER_ALL);
    noteGap(file ?? path, from, faults);
    if (all.length > from) bars.set(symbol, all.slice(from));
  }
  return { bars, faults };
}

/** Symbols of which the folder has a daily file. */
export function dailySymbols(path: string): readonly string[] {
  demandFolder(path);
  const names = readdirSync(path).flatMap((name) => DAILY_FILE.exec(name)?.[1] ?? []);
  return [...new Set(names.map((name) => name.toUpperCase()))].toSorted();
}

const DAILY_FILE = /^([A-Za-z0-9.-]{1,32}?)(?:_daily)?\.(?:csv|csv\.gz|zip)$/;
const AFTER_ALL: DateNumber = 99991231;

function demandFolder(path: string): void {
  if (existsSync(path)) return;
  const expected = 'expected a folder of daily files such as daily/lean_us_equity/daily';
  throw new RecordedError('RECORDED_MISSING', `${path} is not there; ${expected}`);
}

function demandFile(path: string, symbol: string, faults: FaultList): string | undefined {
  const file = findFile(path, symbol);
  if (file !== undefined) return file;
  const detail = `expected ${symbol}.csv.gz, ${symbol}_daily.csv.gz or a Lean zip, found none`;
  faults.add({ file: path, line: 0, field: symbol, detail });
  return undefined;
}

function findFile(folder: string, symbol: string): string | undefined {
  const names = ['.csv.gz', '.csv', '_daily.csv.gz', '_daily.csv'].map((end) => symbol + end);
  names.push(`${symbol.toLowerCase()}.zip`);
  return names.map((name) => join(folder, name)).find((each) => existsSync(each));
}

function lastBars(
  path: string,
  beforeDate: DateNumber,
  days: number,
  faults: FaultList,
): readonly DailyBar[] {
  const bars = barsOf(path, beforeDate, faults);
  const from = lifeBegin(bars, beforeDate);
  noteGap(path, from, faults);
  return bars.slice(Math.max(from, bars.length - days));
}

function barsOf(path: string, beforeDate: DateNumber, faults: FaultList): readonly DailyBar[] {
  const header = readFirstLine(path) ?? '';
  const format = dailyFormat(path, header);
  if (format !== undefined) return barsBefore(path, format, beforeDate, faults);
  const detail = `expected one of ${DAILY_HEADERS.join(' | ')}, found "${header.slice(0, 80)}"`;
  faults.add({ file: path, line: 1, field: 'header', detail });
  return [];
}

function noteGap(path: string, from: number, faults: FaultList): void {
  if (from === 0) return;
  const detail = `left out ${from} rows before a gap of more than ${GAP_DAYS_MAX} days`;
  faults.add({ file: path, line: 0, field: 'date', detail });
}

/** In date order, whatever the order of the file. */
function barsBefore(
  path: string,
  format: DailyFormat,
  beforeDate: DateNumber,
  faults: FaultList,
): readonly DailyBar[] {
  const rows = new RowReader(path, format.columns, format.hasHeader, faults);
  const bars = new Map<DateNumber, DailyBar>();
  const [openAt, volumeAt] = [1, format.volumeAt];
  while (rows.next()) {
    const date = rows.fields[0] ?? 0;
    if (date >= beforeDate) continue;
    const volume = rows.fields[volumeAt] ?? -1;
    // Adjusted prices carry the noise of a float32: only whole ten-thousandths are meant.
    const bar = rows.fields.slice(openAt, openAt + 5).map((value) => Math.round(value));
    bar[4] = volume;
    const bad = checkBar(bar, 0, VOLUME_MAX);
    const isRepeated = bars.has(date);
    if (bad >= 0 || isRepeated) {
      const column = format.columns[isRepeated ? 0 : bad === 4 ? volumeAt : openAt + bad];
      const found = isRepeated ? `${date} again` : String(bar[bad]);
      const detail = `expected ${column?.expects ?? ''}, found ${found}`;
      faults.add({ file: path, line: rows.line, field: column?.name ?? '', detail });
      continue;
    }
    bars.set(date, {
      date,
      open: bar[0] ?? 0,
      high: bar[1] ?? 0,
      low: bar[2] ?? 0,
      close: bar[3] ?? 0,
      volume,
    });
  }
  rows.close();
  return [...bars.values()].toSorted((left, right) => left.date - right.date);
}

/** The first bar after the last gap; all are left out where the newest lies too far back. */
function lifeBegin(bars: readonly DailyBar[], beforeDate: DateNumber): number {
  let next = daysOfDate(beforeDate);
  for (let at = bars.length - 1; at >= 0; at -= 1) {
    const day = daysOfDate(bars[at]?.date ?? 0);
    if (next - day > GAP_DAYS_MAX) return at + 1;
    next = day;
  }
  return 0;
}
