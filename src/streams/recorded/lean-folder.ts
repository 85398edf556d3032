import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type DateNumber, parseDate } from '../../core/time.ts';
import { FaultList } from '../../domain/market/data-fault.ts';
import { isSymbolName } from '../../domain/market/symbols.ts';
import type { MarketSource } from '../../ports/market-source.ts';
import { leanFormat, type LeanKind, type LeanResolution } from './lean-formats.ts';
import { listingOf } from './listing.ts';
import { RecordedError } from './recorded-error.ts';
import { RecordedFile } from './recorded-file.ts';
import { RecordedMarket } from './recorded-market.ts';
import { RowReader } from './row-reader.ts';
import { sessionInputs } from './session-inputs.ts';

/** One file of a day. */
interface LeanFile {
  readonly path: string;
  readonly symbol: string;
  readonly date: DateNumber;
  readonly resolution: LeanResolution;
  readonly kind: LeanKind;
}

const FILE_NAME = /^(\d{8})_(trade|quote)\.zip$/;

/**
 * A folder named `tick`, `second` or `minute`, one symbol's folder in such a folder, or the folder
 * above where it holds exactly one of the three. Undefined where it is none of these.
 */
export function findLean(
  folder: string,
  date: DateNumber | undefined,
  frameEventsMax: number,
): MarketSource | undefined {
  const all = leanFiles(folder);
  if (all.length === 0) return undefined;
  const dates = [...new Set(all.map((file) => file.date))].toSorted((a, b) => a - b);
  const wanted = date === undefined ? dates : dates.filter((each) => each === date);
  if (wanted.length === 0) {
    const there = `there are ${dates.slice(0, 10).join(', ')}${dates.length > 10 ? ', ...' : ''}`;
    throw new RecordedError('RECORDED_DATE_MISSING', `${folder} has no day ${date}; ${there}`);
  }
  const files = all.filter((file) => wanted.includes(file.date));
  const symbols = [...new Set(files.map((file) => file.symbol))].toSorted();
  const faults = new FaultList();
  return new RecordedMarket({
    name: folder,
    symbols: symbols.map(listingOf),
    calendar: sessionInputs(wanted),
    periods: wanted.map((day) => ({
      open: () =>
        files
          .filter((file) => file.date === day)
          .map((file) => openFile(file, symbols.indexOf(file.symbol), faults)),
    })),
    faults,
    frameEventsMax,
  });
}

function openFile(file: LeanFile, symbol: number, faults: FaultList): RecordedFile {
  const format = leanFormat(file.resolution, file.kind, file.date);
  return new RecordedFile({
    path: file.path,
    rows: new RowReader(file.path, format.columns, format.hasHeader, faults),
    format,
    symbol,
    // Quotes first: a trade is judged by the quotes that stood when it happened.
    rank: symbol * 2 + (file.kind === 'quote' ? 0 : 1),
    faults,
    fromUs: Number.NEGATIVE_INFINITY,
    toUs: Number.POSITIVE_INFINITY,
  });
}

function leanFiles(folder: string): readonly LeanFile[] {
  const resolution = resolutionOf(basename(folder));
  if (resolution !== undefined) {
    return foldersIn(folder).flatMap((name) => symbolFiles(folder, name, resolution));
  }
  const above = resolutionOf(basename(dirname(folder)));
  if (above !== undefined) return symbolFiles(dirname(folder), basename(folder), above);
  const inside = foldersIn(folder).filter((name) => resolutionOf(name) !== undefined);
  if (inside.length > 1) {
    const choices = inside.map((name) => join(folder, name)).join(', ');
    throw new RecordedError('RECORDED_UNRECOGNISED', `${folder} holds several: choose ${choices}`);
  }
  return inside.flatMap((name) => leanFiles(join(folder, name)));
}

function symbolFiles(
  folder: string,
  name: string,
  resolution: LeanResolution,
): readonly LeanFile[] {
  const symbol = name.toUpperCase();
  if (!isSymbolName(symbol)) return [];
  const files: LeanFile[] = [];
  for (const file of readdirSync(join(folder, name)).toSorted()) {
    const [, day = '', kind] = FILE_NAME.exec(file) ?? [];
    const date = parseDate(day);
    if (date === undefined || (kind !== 'trade' && kind !== 'quote')) continue;
    files.push({ path: join(folder, name, file), symbol, date, resolution, kind });
  }
  return resolution === 'tick' ? [...files, ...missingQuotes(folder, name, files)] : files;
}

/** Quotes of the seconds, for the days that have trades but no quotes of their own. */
function missingQuotes(
  folder: string,
  name: string,
  files: readonly LeanFile[],
): readonly LeanFile[] {
  const quoted = new Set(files.filter((file) => file.kind === 'quote').map((file) => file.date));
  const found: LeanFile[] = [];
  for (const { date, symbol } of files) {
    const path = join(dirname(folder), 'second', name, `${date}_quote.zip`);
    if (quoted.has(date) || !existsSync(path)) continue;
    found.push({ path, symbol, date, resolution: 'second', kind: 'quote' });
  }
  return found;
}

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .toSorted();
}

function resolutionOf(name: string): LeanResolution | undefined {
  return name === 'tick' || name === 'second' || name === 'minute' ? name : undefined;
}
