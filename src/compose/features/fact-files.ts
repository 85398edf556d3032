import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FactFileOptions } from '../../cli/verbs.ts';
import type { MarketFact, SymbolFact } from '../../domain/features/facts.ts';
import { FaultList } from '../../domain/market/data-fault.ts';
import { earningsFacts } from '../../history/earnings-dates.ts';
import { fundamentalFacts } from '../../history/fundamentals-file.ts';
import { HistoryError } from '../../history/history-error.ts';
import { indexFacts } from '../../history/index-file.ts';
import { macroFacts } from '../../history/macro-series.ts';
import { newsFacts } from '../../history/news-file.ts';
import { readText } from '../../history/read-text.ts';
import { sectorsOf } from '../../history/sectors-file.ts';
import type { SymbolFacts } from '../../history/symbol-facts.ts';

export interface Facts {
  /** In the order in which they were learned. */
  readonly market: readonly MarketFact[];
  readonly symbols: ReadonlyMap<string, readonly SymbolFact[]>;
  readonly sectors: ReadonlyMap<string, string>;
  /** Bad lines; the good ones were taken. */
  readonly faults: FaultList;
  /** A whole file is not what it was given for: its columns are others. */
  readonly isUnreadable: boolean;
}

/** Throws `HistoryError` where a file cannot be read at all. */
export function readFactFiles(files: FactFileOptions): Facts {
  const faults = new FaultList();
  const symbols = new Map<string, SymbolFact[]>();
  const read = (path: string | undefined, parse: Parse) => {
    if (path === undefined) return;
    for (const [symbol, list] of parse(readText(path), path, faults)) {
      symbols.set(symbol, [...(symbols.get(symbol) ?? []), ...list].toSorted(byTime));
    }
  };
  read(files.earnings, earningsFacts);
  read(files.fundamentals, fundamentalFacts);
  read(files.news, newsFacts);
  const market = [
    ...(files.macro === undefined ? [] : readMacro(files.macro, faults)),
    ...files.indices.flatMap(([name, path]) => readIndex(name, path, faults)),
  ].toSorted(byTime);
  const { sectors: path } = files;
  const sectors = path === undefined ? new Map() : sectorsOf(readText(path), path, faults);
  const isUnreadable = faults.first.some(({ field }) => field === 'header');
  return { market, symbols, sectors, faults, isUnreadable };
}

/** The indices that a feature reads. */
const INDICES: readonly string[] = ['VIX', 'VIX3M'];

function readIndex(name: string, path: string, faults: FaultList): readonly MarketFact[] {
  if (INDICES.includes(name)) return indexFacts(readText(path), path, name, faults);
  throw new HistoryError(`no feature reads an index ${name}; expected ${INDICES.join(' or ')}`);
}

/** As FRED names them; what begins otherwise is no series. */
const SERIES_FILE = /^([A-Z][A-Z0-9]*)\.csv(?:\.gz)?$/;

type Parse = (text: string, file: string, faults: FaultList) => SymbolFacts;

/** Every series of the folder. */
function readMacro(folder: string, faults: FaultList): readonly MarketFact[] {
  if (!existsSync(folder)) throw new HistoryError(`cannot read ${folder}: it is not there`);
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const series = SERIES_FILE.exec(name)?.[1];
      if (series === undefined) return [];
      const file = join(folder, name);
      return macroFacts(readText(file), file, series, faults);
    });
}

function byTime(left: { readonly nowUs: number }, right: { readonly nowUs: number }): number {
  return left.nowUs - right.nowUs;
}
