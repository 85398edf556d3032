import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenedMarket, openMarket } from '../../src/compose/market.ts';
import type { MarketFile } from '../../src/compose/session-files.ts';
import type { MarketSource } from '../../src/ports/market-source.ts';

export const BATCH_EVENTS = 1_024;

export function seeded(symbols: number): MarketFile {
  return { kind: 'seeded', seed: 7, symbols, date: 20_240_603 };
}

/** The Lean ticks of 2013-10-07; where they are absent the seeded market, and it says so. */
export function leanTicks(): { readonly file: MarketFile; readonly note?: string } {
  const data = process.env['STRATA_DATA'] ?? '../shared/data';
  const path = join(data, 'intraday/lean_us_equity/tick');
  if (!existsSync(path)) {
    return { file: seeded(50), note: `no Lean ticks in ${path}: seeded market of 50 instead` };
  }
  const history = join(data, 'daily/lean_us_equity/daily');
  return { file: { kind: 'recorded', path, date: 20_131_007, history } };
}

/** Opens a market and ends it after so many events, at the end of a batch. */
export function openFor(file: MarketFile, eventsMax = Number.POSITIVE_INFINITY): OpenedMarket {
  const market = openMarket(file, BATCH_EVENTS);
  return { ...market, source: limited(market.source, eventsMax) };
}

function limited(source: MarketSource, eventsMax: number): MarketSource {
  let left = eventsMax;
  return {
    name: source.name,
    symbols: source.symbols,
    calendar: source.calendar,
    get faults() {
      return source.faults;
    },
    next(batch) {
      if (left <= 0) {
        batch.clear();
        return false;
      }
      const isThere = source.next(batch);
      left -= batch.count;
      return isThere;
    },
    close: () => source.close(),
  };
}
