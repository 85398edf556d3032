import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/core/time.ts';
import { CROSS_ASSET } from '../../src/domain/features/families/cross-asset.ts';
import { FeatureEngine } from '../../src/domain/features/feature-engine.ts';
import { createFeatureSet, isFeatureSet } from '../../src/domain/features/feature-set.ts';
import { STANDARD_REGISTRY } from '../../src/domain/features/standard-registry.ts';
import { newYorkToUs } from '../../src/domain/market/calendar.ts';
import { EventBatch } from '../../src/domain/market/event-batch.ts';
import { openRecorded } from '../../src/streams/recorded/open-recorded.ts';

// Real market data lies outside the repository and is never committed.
const DATA = process.env['STRATA_DATA'] ?? '../shared/data';
const MINUTES = join(DATA, 'intraday/us_minute_2019_eqker');

interface GoldenRow {
  readonly date: number;
  readonly minute: number;
  readonly symbol: string;
  readonly row: Readonly<Record<string, number>>;
}
const golden: { readonly rows: readonly GoldenRow[] } = JSON.parse(
  readFileSync(new URL('cross-asset.json', import.meta.url), 'utf8'),
);

const NAMES = CROSS_ASSET.map(({ name }) => name);
const SECTORS: Readonly<Record<string, string>> = {
  ...sector('Information Technology', ['AAPL', 'MSFT', 'MU', 'V']),
  ...sector('Financials', ['JPM', 'BAC', 'BK', 'DFS', 'TRV']),
  ...sector('Consumer Discretionary', ['AMZN', 'TSLA']),
  ...sector('Real Estate', ['AMT']),
  ...sector('Consumer Staples', ['SBUX']),
};

function sector(name: string, symbols: readonly string[]): Record<string, string> {
  return Object.fromEntries(symbols.map((symbol) => [symbol, name]));
}

beforeEach((context) => {
  if (!existsSync(MINUTES))
    context.skip(`no market data in ${DATA}: set STRATA_DATA to its folder`);
});

describe('five days of minutes of 24 symbols', () => {
  it('F1 are to each other and to their funds what an independent measure says', () => {
    const rows = rowsOf();
    for (const { date, minute, symbol, row } of golden.rows) {
      const own = rows.get(keyOf(endOf(date, minute), symbol)) ?? {};
      expect(Object.keys(own).toSorted()).toEqual(Object.keys(row).toSorted());
      for (const [name, value] of Object.entries(row)) {
        const apart = Math.abs((own[name] ?? NaN) - value);
        const what = `${symbol} ${date} ${minute} ${name}: ${own[name]} is not ${value}`;
        expect(apart, what).toBeLessThan(1e-9 * (1 + Math.abs(value)));
      }
    }
  });
});

function endOf(date: number, minute: number): number {
  return newYorkToUs(date, (minute + 1) * MINUTE);
}

function keyOf(endUs: number, symbol: string): string {
  return `${endUs} ${symbol}`;
}

/** What is known of each golden row, when every bar that ends with it has closed. */
function rowsOf(): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const source = openRecorded(MINUTES);
  const names = source.symbols.map(({ name }) => name);
  const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'any', names: NAMES }, names.length);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  const moments = new Set(golden.rows.map(({ date, minute }) => endOf(date, minute)));
  const wanted = new Set(golden.rows.map(({ symbol }) => symbol));
  const rows = new Map<string, Readonly<Record<string, number>>>();
  const [out, flags] = [new Float64Array(set.width), new Uint8Array(set.width)];
  const engine: FeatureEngine = new FeatureEngine({
    set,
    symbolsMax: names.length,
    from: { kind: 'bars', spanUs: MINUTE, graceUs: MINUTE },
    barClosed(_symbol, _timeframe, endUs) {
      if (!moments.has(endUs)) return;
      names.forEach((name, symbol) => {
        if (!wanted.has(name)) return;
        engine.row(symbol, out, flags, 0);
        const known = NAMES.flatMap((each, at) =>
          flags[at] === 0 ? [[each, out[at] ?? NaN]] : [],
        );
        rows.set(keyOf(endUs, name), Object.fromEntries(known));
      });
    },
  });
  names.forEach((name, symbol) => engine.name(symbol, name, SECTORS[name] ?? ''));
  const batch = new EventBatch();
  while (source.next(batch)) engine.take(batch);
  source.close();
  return rows;
}
