import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../../../src/core/time.ts';
import { MICROSTRUCTURE } from '../../../../src/domain/features/families/microstructure.ts';
import { FeatureEngine } from '../../../../src/domain/features/feature-engine.ts';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { newYorkToUs } from '../../../../src/domain/market/calendar.ts';
import { EventBatch } from '../../../../src/domain/market/event-batch.ts';
import { openRecorded } from '../../../../src/streams/recorded/open-recorded.ts';

// Real market data lies outside the repository and is never committed.
const DATA = process.env['STRATA_DATA'] ?? '../shared/data';
const TICKS = join(DATA, 'intraday/lean_us_equity/tick');
const DATE = 20131007;
const AT = [11, 15] as const;
const NAMES = MICROSTRUCTURE.map(({ name }) => name).filter((name) => name !== 'quoteAge');
const QUOTE = ['quote.bid', 'quote.bidSize', 'quote.ask', 'quote.askSize'];

beforeEach((context) => {
  if (!existsSync(TICKS)) context.skip(`no market data in ${DATA}: set STRATA_DATA to its folder`);
});

/**
 * Made once with numpy 2 out of the rows of the two files of each symbol, merged by millisecond
 * (quotes first): the national best from its rows of one side each, signs, sums and windows as
 * arrays over the whole day, Kyle's line by polyfit, Roll's covariance by cov, VPIN share after
 * share. A minute is a bar where it has a trade that counts; the bar ends with it.
 */
const MEASURED: Readonly<Record<string, readonly Readonly<Record<string, number>>[]>> = {
  AIG: [
    {
      'quote.bid': 48.96,
      'quote.bidSize': 2200,
      'quote.ask': 48.97,
      'quote.askSize': 600,
      spreadBps: 2.042275094455223,
      depthDollars: 68_547,
      amihud: 0.0010544684806573482,
      depthImbalance: 0.5714285714285714,
      weightedMiddleGapBps: 0.5835071698441796,
      orderFlowImbalance: 6.047994599763739,
      orderFlowImbalance20: -3.360930100403891,
      signedVolumeShare: -0.04403086699954607,
      signedVolumeShare20: 0.12424124444759056,
      tradesPerMinute: 61.65,
      meanTradeSize: 183.3154906731549,
      quotedSpreadBps: 2.034336723345124,
      effectiveSpreadBps: 1.9098601553335326,
      realisedSpreadBps: -4.931804989267795,
      kyleLambda: 2.425298142533938,
      rollSpreadBps: 0.7549015577126001,
      vpin: 0.22228575752438368,
    },
    {
      'quote.bid': 48.99,
      'quote.bidSize': 400,
      'quote.ask': 49,
      'quote.askSize': 400,
      spreadBps: 2.041024594346362,
      depthDollars: 19_598,
      amihud: 0.001386195630363695,
      depthImbalance: 0,
      weightedMiddleGapBps: 0,
      orderFlowImbalance: -3.924184261036468,
      orderFlowImbalance20: 4.574223910350046,
      signedVolumeShare: 0.391304347826087,
      signedVolumeShare20: -0.11213760718660677,
      tradesPerMinute: 31.55,
      meanTradeSize: 186.29477020602218,
      quotedSpreadBps: 2.040854510373801,
      effectiveSpreadBps: 1.8275515953094117,
      realisedSpreadBps: 1.1629841866032355,
      kyleLambda: 1.405624520931985,
      rollSpreadBps: 0.7622378952232673,
      vpin: 0.32431324094884056,
    },
  ],
  BAC: [
    {
      'quote.bid': 13.89,
      'quote.bidSize': 63_300,
      'quote.ask': 13.9,
      'quote.askSize': 33_000,
      spreadBps: 7.196833393306944,
      depthDollars: 668968.5,
      amihud: 0.0004521709220370528,
      depthImbalance: 0.3146417445482866,
      weightedMiddleGapBps: 1.1322121070477555,
      orderFlowImbalance: 0.8498337188215631,
      orderFlowImbalance20: 1.063020092482316,
      signedVolumeShare: 0.9760135852260666,
      signedVolumeShare20: 0.15971463749946735,
      tradesPerMinute: 183.05,
      meanTradeSize: 487.17727396886096,
      quotedSpreadBps: 7.1939063569114,
      effectiveSpreadBps: 6.940692982736887,
      realisedSpreadBps: 6.14940590432517,
      kyleLambda: 0.6133575328325138,
      rollSpreadBps: 3.128921242044858,
      vpin: 0.3895272979798249,
    },
    {
      'quote.bid': 13.83,
      'quote.bidSize': 112_300,
      'quote.ask': 13.84,
      'quote.askSize': 65_100,
      spreadBps: 7.228044813877847,
      depthDollars: 1227046.5,
      amihud: 0.0003284832830377843,
      depthImbalance: 0.266065388951522,
      weightedMiddleGapBps: 0.9615662773823037,
      orderFlowImbalance: -0.050975270674474445,
      orderFlowImbalance20: -1.2059422870938523,
      signedVolumeShare: -0.31404179990863407,
      signedVolumeShare20: -0.1196608456564311,
      tradesPerMinute: 181.75,
      meanTradeSize: 782.3325997248968,
      quotedSpreadBps: 7.225468085160311,
      effectiveSpreadBps: 7.130240600775718,
      realisedSpreadBps: 3.7189366256681873,
      kyleLambda: 1.7748406075497856,
      rollSpreadBps: 2.6483692697957313,
      vpin: 0.69996937334226,
    },
  ],
  IBM: [
    {
      'quote.bid': 182.72,
      'quote.bidSize': 100,
      'quote.ask': 182.75,
      'quote.askSize': 400,
      spreadBps: 1.641721618737516,
      depthDollars: 45_686,
      amihud: 0.0001253514774103974,
      depthImbalance: -0.6,
      weightedMiddleGapBps: -0.4925164856212548,
      orderFlowImbalance: 1.6135593220338982,
      orderFlowImbalance20: -36.408812574963704,
      signedVolumeShare: -0.1670807453416149,
      signedVolumeShare20: -0.11035107645579958,
      tradesPerMinute: 79.95,
      meanTradeSize: 147.01500938086303,
      quotedSpreadBps: 1.9556422808565812,
      effectiveSpreadBps: 1.0461583289350365,
      realisedSpreadBps: -0.8031056634916353,
      kyleLambda: 4.573934282388357,
      rollSpreadBps: 0.7556112230247528,
      vpin: 0.315096240133326,
    },
    {
      'quote.bid': 182.49,
      'quote.bidSize': 300,
      'quote.ask': 182.51,
      'quote.askSize': 300,
      spreadBps: 1.095890410958904,
      depthDollars: 54_750,
      amihud: 0.00023712062215706196,
      depthImbalance: 0,
      weightedMiddleGapBps: 0,
      orderFlowImbalance: 0.3160667251975417,
      orderFlowImbalance20: 32.684796044499386,
      signedVolumeShare: 0.6497123130034522,
      signedVolumeShare20: -0.01785352745209917,
      tradesPerMinute: 38.4,
      meanTradeSize: 141.48697916666666,
      quotedSpreadBps: 1.4445273971804078,
      effectiveSpreadBps: 0.8283528951089195,
      realisedSpreadBps: 0.12933629962535473,
      kyleLambda: 1.493664786123713,
      rollSpreadBps: 0.501974921020961,
      vpin: 0.3648922611053609,
    },
  ],
};

describe.each(Object.keys(MEASURED))('%s on 2013-10-07, tick by tick', (symbol) => {
  it('F1 has the best quote, spreads and imbalances that an independent measure has', () => {
    const rows = rowsOf(symbol.toLowerCase());
    expect(rows.length).toBe(AT.length);
    rows.forEach((row, n) => {
      const measured = MEASURED[symbol]?.[n] ?? {};
      expect(Object.keys(row).toSorted()).toEqual(Object.keys(measured).toSorted());
      for (const [name, value] of Object.entries(measured)) {
        const apart = Math.abs((row[name] ?? NaN) - value);
        expect(apart, `${name} at ${AT[n]}: ${row[name]}`).toBeLessThan(
          1e-9 * (1 + Math.abs(value)),
        );
      }
    });
  });
});

/** The rows as the minutes that end at those hours close. */
function rowsOf(symbol: string): readonly Record<string, number>[] {
  const names = [...QUOTE, ...NAMES];
  const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'lean', names }, 1);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  const moments = new Set(AT.map((hour) => newYorkToUs(DATE, hour * HOUR)));
  const rows: Record<string, number>[] = [];
  const [out, flags] = [new Float64Array(set.width), new Uint8Array(set.width)];
  const engine: FeatureEngine = new FeatureEngine({
    set,
    symbolsMax: 1,
    from: { kind: 'trades', graceUs: 0 },
    barClosed(_symbol, _timeframe, endUs) {
      if (!moments.has(endUs)) return;
      expect(engine.row(0, out, flags, 0)).toBe('whole');
      rows.push(Object.fromEntries(names.map((name, at) => [name, out[at] ?? NaN])));
    },
  });
  engine.name(0, symbol.toUpperCase(), '');
  const source = openRecorded(join(TICKS, symbol), { date: DATE });
  const batch = new EventBatch();
  while (rows.length < AT.length && source.next(batch)) engine.take(batch);
  source.close();
  return rows;
}
