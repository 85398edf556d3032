import { join } from 'node:path';
import { type DateNumber, DAY, HOUR } from '../../core/time.ts';
import { newYorkDate, newYorkToUs } from '../../domain/market/calendar.ts';
import { describeFault, FaultList } from '../../domain/market/data-fault.ts';
import { isSymbolName } from '../../domain/market/symbols.ts';
import type { MarketSource } from '../../ports/market-source.ts';
import { listingOf } from './listing.ts';
import { MINUTE_HEADERS, minuteFormat } from './minute-formats.ts';
import { NewestFirst } from './newest-first.ts';
import { RecordedError } from './recorded-error.ts';
import { RecordedFile } from './recorded-file.ts';
import { RecordedMarket } from './recorded-market.ts';
import type { RowFormat } from './row-format.ts';
import { readFirstLine, RowReader } from './row-reader.ts';
import { sessionInputs } from './session-inputs.ts';
import { WithoutSpikes } from './without-spikes.ts';

/** One file of minutes, with what a first reading found in it. */
interface MinuteFile {
  readonly path: string;
  readonly symbol: string;
  readonly format: RowFormat;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Of its rows, New York. */
  readonly dates: ReadonlySet<DateNumber>;
  readonly isNewestFirst: boolean;
}

const FILE_NAME = /^(.+?)(?:_1min)?\.csv(?:\.gz)?$/;
/** Daily bars may lie beside the minutes; they hold the very days that are replayed. */
const DAILY_NAME = /_daily\.csv(?:\.gz)?$/;

/**
 * Files `<symbol>.csv`, `<symbol>_1min.csv` and the same with `.gz` under a header we know. All
 * symbols are open together. Undefined where there is no such file.
 */
export function findMinutes(
  folder: string,
  names: readonly string[],
  date: DateNumber | undefined,
  frameEventsMax: number,
): MarketSource | undefined {
  const faults = new FaultList();
  const all = oneEach(
    names.flatMap((name) => probe(folder, name, faults)),
    faults,
  );
  const fault = faults.first[0];
  if (all.length === 0 && fault !== undefined) {
    throw new RecordedError('RECORDED_UNRECOGNISED', describeFault(fault));
  }
  if (all.length === 0) return undefined;
  const [fromUs, toUs] = date === undefined ? ALWAYS : dayWindow(date);
  const files = all.filter((file) => file.firstUs < toUs && file.lastUs >= fromUs);
  if (files.length === 0) {
    const firstUs = all.reduce((least, file) => Math.min(least, file.firstUs), Infinity);
    const lastUs = all.reduce((most, file) => Math.max(most, file.lastUs), -Infinity);
    const there = `there are ${newYorkDate(firstUs)} to ${newYorkDate(lastUs)}`;
    throw new RecordedError('RECORDED_DATE_MISSING', `${folder} has no day ${date}; ${there}`);
  }
  const symbols = [...new Set(files.map((file) => file.symbol))].toSorted();
  return new RecordedMarket({
    name: names.length === 1 ? join(folder, names[0] ?? '') : folder,
    symbols: symbols.map(listingOf),
    calendar: sessionInputs(date === undefined ? datesOf(files) : [date]),
    periods: [
      {
        open: () =>
          files.map((file) => {
            const symbol = symbols.indexOf(file.symbol);
            return openFile(file, symbol, fromUs, toUs, faults);
          }),
      },
    ],
    faults,
    frameEventsMax,
  });
}

/** Days that hold rows: one row of another decade does not make a session of every day since. */
function datesOf(files: readonly MinuteFile[]): readonly DateNumber[] {
  const dates = new Set(files.flatMap((file) => [...file.dates]));
  return [...dates].toSorted((left, right) => left - right);
}

/** Two files of one symbol would give every minute twice. */
function oneEach(files: readonly MinuteFile[], faults: FaultList): readonly MinuteFile[] {
  const seen = new Map<string, string>();
  return files.filter(({ path, symbol }) => {
    const other = seen.get(symbol);
    if (other === undefined) seen.set(symbol, path);
    else faults.add({ file: path, line: 0, field: 'file', detail: `left out, ${other} was read` });
    return other === undefined;
  });
}

const ALWAYS: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Midnight to midnight on New York's clocks, by the offset of the day's noon. */
function dayWindow(date: DateNumber): readonly [number, number] {
  const midnightUs = newYorkToUs(date, 12 * HOUR) - 12 * HOUR;
  return [midnightUs, midnightUs + DAY];
}

function openFile(
  file: MinuteFile,
  symbol: number,
  fromUs: number,
  toUs: number,
  faults: FaultList,
): RecordedFile {
  const { path, format, isNewestFirst } = file;
  const written = new RowReader(path, format.columns, format.hasHeader, faults);
  const rows = isNewestFirst ? new NewestFirst(written, path, faults) : written;
  return new RecordedFile({
    path,
    rows: new WithoutSpikes({ rows, format, path, faults }),
    format,
    symbol,
    rank: symbol,
    faults,
    fromUs,
    toUs,
  });
}

/**
 * Reads a file once for its first and last time, which say what the calendar covers and whether
 * the newest row comes first. Its faults are found again, and counted, in the reading that counts.
 */
function probe(folder: string, name: string, faults: FaultList): readonly MinuteFile[] {
  const symbol = FILE_NAME.exec(name)?.[1]?.toUpperCase();
  if (symbol === undefined || DAILY_NAME.test(name)) return [];
  const path = join(folder, name);
  if (!isSymbolName(symbol)) {
    const detail = 'expected the name of a symbol, 1 to 32 ASCII characters without blanks';
    faults.add({ file: path, line: 0, field: 'file name', detail });
    return [];
  }
  const header = readFirstLine(path);
  if (header === undefined)
    return withoutRows(new RowReader(path, [], false, faults), path, faults);
  const format = minuteFormat(header);
  if (format === undefined) {
    const detail = `expected one of ${MINUTE_HEADERS.join(' | ')}, found "${header.slice(0, 80)}"`;
    faults.add({ file: path, line: 1, field: 'header', detail });
    return [];
  }
  const rows = new RowReader(path, format.columns, format.hasHeader, new FaultList());
  if (!rows.next()) {
    return withoutRows(new RowReader(path, format.columns, format.hasHeader, faults), path, faults);
  }
  return [{ path, symbol, format, ...spanOf(rows, format) }];
}

/** From the row it stands at to the end. */
function spanOf(rows: RowReader, format: RowFormat) {
  const dates = new Set<DateNumber>();
  let us = format.startUs(rows.fields);
  let [firstUs, lastUs, steps] = [us, us, 0];
  let [dayUs, dayEndUs] = [us, us];
  do {
    const nextUs = format.startUs(rows.fields);
    steps += Math.sign(nextUs - us);
    us = nextUs;
    firstUs = Math.min(firstUs, us);
    lastUs = Math.max(lastUs, us);
    if (us >= dayUs && us < dayEndUs) continue;
    const date = newYorkDate(us);
    dates.add(date);
    [dayUs, dayEndUs] = dayWindow(date);
  } while (rows.next());
  // By most of its rows: one that is out of place does not turn a file round.
  return { firstUs, lastUs, dates, isNewestFirst: steps < 0 };
}

/** Reads a file of which nothing can be used once more, so that each row tells why. */
function withoutRows(rows: RowReader, path: string, faults: FaultList): readonly [] {
  const before = faults.count;
  while (rows.next());
  rows.close();
  const detail = 'expected rows of minutes, found none';
  if (faults.count === before) faults.add({ file: path, line: 0, field: 'file', detail });
  return [];
}
