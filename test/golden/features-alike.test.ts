import { describe, expect, it } from 'vitest';
import { PREDICTIONS, SYMBOLS } from '../../src/actors/kernel/actor-table.ts';
import type { FeaturesReady } from '../../src/actors/kernel/row-messages.ts';
import { symbols } from '../../src/actors/kernel/symbols.ts';
import type { FamilyDefinition } from '../../src/actors/runtime/definition.ts';
import { symbolId } from '../../src/core/ids.ts';
import { Random } from '../../src/core/random.ts';
import { MINUTE } from '../../src/core/time.ts';
import { FeatureEngine } from '../../src/domain/features/feature-engine.ts';
import { momentumSet } from '../../src/domain/features/momentum-set.ts';
import type { BarSource } from '../../src/domain/market/bars/bar-options.ts';
import {
  BAR,
  BAR_FINAL,
  CHANNEL_BARS,
  CHANNEL_QUOTES,
  CHANNEL_TRADES,
  EventBatch,
  GAP,
} from '../../src/domain/market/event-batch.ts';
import type { Input } from '../../src/ports/input.ts';
import type { MarketSource } from '../../src/ports/market-source.ts';
import { createSeededMarket } from '../../src/venue/market/seeded-market.ts';
import { KernelHarness } from '../kernel-harness.ts';

const MARKET = { seed: 12, symbols: 12, days: 1, tradesPerDay: 4_000, extendedHours: false };
const GRACE_US = 250_000;
/** Bars of a market that is whole: 390 a symbol, less those before the last indicator is ready. */
const ROWS_LEAST = 3_000;

const TRADES: BarSource = { kind: 'trades', graceUs: GRACE_US };

/** Rows by symbol and end of bar, as text of exact doubles. */
type Rows = Map<string, string>;

describe('the same market', () => {
  it('F7 makes the same feature rows in the kernel as in the engine of training sets', () => {
    const inKernel = kernelRows(createSeededMarket(MARKET));
    const inEngine = engineRows(createSeededMarket(MARKET));

    expect(inKernel.size).toBeGreaterThan(ROWS_LEAST);
    expect(differences(inKernel, inEngine)).toEqual([]);
  });

  it('F7 D6 makes the same rows after every loss of trades, quotes and bars', () => {
    const whole = kernelRows(createSeededMarket(MARKET));
    const inKernel = kernelRows(lossy(createSeededMarket(MARKET)));
    const inEngine = engineRows(lossy(createSeededMarket(MARKET)));

    expect(inKernel.size).toBeGreaterThan(ROWS_LEAST / 4);
    expect(inKernel.size).toBeLessThan(whole.size - ROWS_LEAST / 10);
    expect(differences(inKernel, inEngine)).toEqual([]);
  });

  it.each([1, 2, 3])(
    'F7 D6 makes the same rows of the venue’s bars, some lost: seed %i',
    (seed) => {
      const inKernel = kernelRows(venueBars(seed), 'venue');
      const inEngine = engineRows(venueBars(seed), undefined, {
        kind: 'bars',
        spanUs: MINUTE,
        graceUs: GRACE_US,
      });

      expect(inKernel.size).toBeGreaterThan(1_000);
      expect(differences(inKernel, inEngine)).toEqual([]);
    },
  );

  it('F6 makes the same rows until then, whatever comes after', () => {
    const cutUs = openOf(createSeededMarket(MARKET)) + 200 * MINUTE;
    const whole = engineRows(createSeededMarket(MARKET));
    const altered = engineRows(createSeededMarket(MARKET), (batch, event) => {
      if ((batch.venueUs[event] ?? 0) <= cutUs) return;
      batch.a[event] = 3 * (batch.a[event] ?? 0);
      batch.b[event] = 7 * (batch.b[event] ?? 0);
      batch.c[event] = 3 * (batch.c[event] ?? 0);
    });
    const before = (rows: Rows) => new Map([...rows].filter(([key]) => endOf(key) <= cutUs));

    expect(before(whole).size).toBeGreaterThan(ROWS_LEAST / 2);
    expect(differences(before(whole), before(altered))).toEqual([]);
    expect(differences(whole, altered).length).toBeGreaterThan(0);
  });
});

/** What the symbols' actors hand to the model. */
function kernelRows(market: MarketSource, bars: 'trades' | 'venue' = 'trades'): Rows {
  const rows: Rows = new Map();
  const oracle: FamilyDefinition<FeaturesReady, never> = {
    name: 'predictions',
    restart: { restartsMax: 0, withinUs: 1, then: 'stop', quarantineUs: 0 },
    hears: [],
    applies: [],
    stride: 1,
    layoutHash: 'oracle',
    resetRow: () => undefined,
    receiveRow: (_rows, row, { features, barUs }) =>
      void rows.set(`${row} ${barUs}`, [...features].join(' ')),
    sweep: () => undefined,
    apply: () => undefined,
    condense: () => [],
  };
  const definition = symbols({
    cadence: 'bar',
    bars,
    barSpanUs: MINUTE,
    barGraceUs: GRACE_US,
    features: momentumSet(),
    zEnter: 2,
    zExit: 0.5,
  });
  const startUs = market.calendar[0]?.atUs ?? 0;
  const harness = new KernelHarness({
    actors: [
      [SYMBOLS, definition],
      [PREDICTIONS, oracle],
    ],
    rowsMax: market.symbols.length,
    startUs: startUs - MINUTE,
  });
  market.symbols.forEach(({ name, assetClass, sector, isTradable }, row) => {
    const symbol = symbolId(row);
    harness.input({ kind: 'symbolNamed', symbol, name, assetClass, sector, isTradable });
    for (const layer of [0, 1, 2]) {
      const move = { layer, symbol, isMember: true, reason: 'test', score: 1, atUs: 0 };
      harness.record({ kind: 'layerMoved', ...move });
    }
  });
  const passTo = (us: number) => harness.advance(Math.max(0, us - harness.nowUs));
  play(market, {
    told: (input, us) => {
      passTo(us);
      harness.input(input);
    },
    heard: (batch) => harness.market(batch),
  });
  passTo(harness.nowUs + 2 * MINUTE);
  return rows;
}

/** What the engine makes of the same events, at each bar's close. */
function engineRows(
  market: MarketSource,
  alter: (batch: EventBatch, event: number) => void = () => undefined,
  from: BarSource = TRADES,
): Rows {
  const rows: Rows = new Map();
  const set = momentumSet();
  const row = new Float64Array(set.width);
  const flags = new Uint8Array(set.width);
  const engine = new FeatureEngine({
    set,
    symbolsMax: market.symbols.length,
    from,
    barClosed: (symbol, _timeframe, endUs) => {
      if (engine.row(symbol, row, flags, 0) === 'refused') return;
      rows.set(`${symbol} ${endUs}`, [...row].join(' '));
    },
  });
  market.symbols.forEach(({ name, sector }, symbol) => engine.name(symbol, name, sector));
  let lastUs = 0;
  play(market, {
    told: (input, us) => {
      if (input.kind !== 'sessionChanged' || input.phase !== 'core') return;
      const { openUs, closeUs } = input;
      engine.openSession({ openUs, closeUs, coreOpenUs: openUs, isExtended: false }, us);
    },
    heard: (batch) => {
      for (let event = 0; event < batch.count; event += 1) alter(batch, event);
      engine.take(batch);
      lastUs = batch.frameUs[batch.frames - 1] ?? lastUs;
    },
  });
  engine.advance(lastUs + 2 * MINUTE);
  return rows;
}

/** Now and then a frame says that data of a channel were lost, of one symbol or of all. */
function lossy(market: MarketSource): MarketSource {
  const random = new Random(5);
  let isDue = false;
  let untilUs = 0;
  return {
    ...market,
    next(batch) {
      if (!isDue || untilUs === 0) {
        isDue = random.chance(0.1);
        if (!market.next(batch)) return false;
        untilUs = batch.frameUs[batch.frames - 1] ?? 0;
        return true;
      }
      isDue = false;
      batch.clear();
      const symbol = random.chance(0.1) ? -1 : random.below(market.symbols.length);
      batch.add(GAP, symbol, untilUs, random.pick(CHANNELS), 0);
      batch.endFrame(untilUs);
      return true;
    },
  };
}

/** Bars of a minute from the venue of a seeded market's day, some of them lost or sent again. */
function venueBars(seed: number): MarketSource {
  const market = createSeededMarket(MARKET);
  const random = new Random(seed);
  const openUs = openOf(createSeededMarket(MARKET));
  const lasts = market.symbols.map(() => 1_000_000);
  let minute = 0;
  return {
    ...market,
    next(batch) {
      if (minute === 390) return false;
      const startUs = openUs + minute * MINUTE;
      batch.clear();
      lasts.forEach((last, symbol) => {
        const close = Math.max(1_000, last + random.below(2_001) - 1_000);
        const isSent = !random.chance(0.05);
        if (random.chance(0.03)) batch.add(GAP, symbol, startUs, random.pick(CHANNELS), 0);
        if (!isSent) return;
        const event = batch.add(BAR, symbol, startUs, BAR_FINAL, 0);
        batch.a[event] = last;
        batch.b[event] = Math.max(last, close) + 100;
        batch.c[event] = Math.min(last, close) - 100;
        batch.d[event] = close;
        batch.e[event] = 100 + random.below(1_000);
        batch.f[event] = MINUTE;
        lasts[symbol] = close;
      });
      minute += 1;
      batch.endFrame(startUs + MINUTE);
      return true;
    },
  };
}

const CHANNELS = [CHANNEL_TRADES, CHANNEL_QUOTES, CHANNEL_BARS] as const;

/** Calendar and frames in the order of their times. */
function play(
  market: MarketSource,
  to: { told: (input: Input, us: number) => void; heard: (batch: EventBatch) => void },
): void {
  const batch = new EventBatch();
  let told = 0;
  while (market.next(batch)) {
    const firstUs = batch.frameUs[0] ?? 0;
    for (; (market.calendar[told]?.atUs ?? Number.POSITIVE_INFINITY) <= firstUs; told += 1) {
      const entry = market.calendar[told];
      if (entry !== undefined) to.told(entry.input, entry.atUs);
    }
    to.heard(batch);
  }
}

function openOf(market: MarketSource): number {
  for (const { input } of market.calendar) {
    if (input.kind === 'sessionChanged' && input.phase === 'core') return input.openUs;
  }
  throw new Error('the market has a session');
}

function endOf(key: string): number {
  return Number(key.split(' ')[1]);
}

/** The first few rows that only one side has, or that differ. */
function differences(left: Rows, right: Rows): readonly string[] {
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys]
    .filter((key) => left.get(key) !== right.get(key))
    .slice(0, 5)
    .map((key) => `${key}: ${left.get(key) ?? 'absent'} | ${right.get(key) ?? 'absent'}`);
}
