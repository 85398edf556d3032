import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { configure } from '../../../../src/domain/indicators/declaration.ts';
import { BAR_WIDTH } from '../../../../src/domain/indicators/indicator.ts';
import { indicatorNamed } from '../../../../src/domain/indicators/registry.ts';

// Real market data lies outside the repository and is never committed.
const DATA = process.env['STRATA_DATA'] ?? '../shared/data';
const TRADES = join(DATA, 'intraday/taq_sample_highfrequency/sampleTDataRaw.csv.gz');

/**
 * Made once with numpy 2 from the papers' formulas, each as differences of np.log, over bars of
 * five minutes of 2018-01-02 and 03 (09:30 to 16:00 in New York, 78 a day), out of uncorrected
 * trades (CORR 0) with none of the conditions B C N R T U V Z 4 7: 38,861 and 37,460 of them.
 */
const MEASURED: readonly (readonly [name: string, first: number, second: number])[] = [
  // 77 bars of the first day, as its first has no close before it; the 78 of the second.
  ['realisedVolatility', 0.0011508008075676076, 0.0008875395532562709],
  ['historicalVolatility', 0.0011468233506679686, 0.0008930483039074462],
  ['parkinson', 0.0011389436992006786, 0.0016041738996428253],
  ['garmanKlass', 0.001123086360738777, 0.0018094840352102684],
  ['rogersSatchell', 0.0011109264175709526, 0.002341983908948527],
  ['yangZhang', 0.0011264515754453163, 0.0021944675009858113],
];

/** Roots of the mean squared log return of each day's last 10,000 trades. */
const OF_TRADES = [4.1260572998350355e-5, 4.815698770160811e-5] as const;
/** Turnover by volume of all trades of each day. */
const VWAP = [157.13734006801215, 156.6585416559431] as const;

const OPENS_S = [1_514_903_400, 1_514_989_800] as const;
const SESSION_S = 23_400;
const BAR_S = 300;
const SESSION_FIRST = 17_533;

type Trade = { readonly timeS: number; readonly price: number; readonly shares: number };

beforeEach((context) => {
  if (!existsSync(TRADES)) context.skip(`no market data in ${DATA}: set STRATA_DATA to its folder`);
});

describe('two days of one stock on the New York Stock Exchange', () => {
  it('are as many trades as the independent measure took', () => {
    expect(OPENS_S.map((openS) => tradesOf(openS).length)).toEqual([38_861, 37_460]);
  });

  it.each(MEASURED)('F1 %s of five-minute bars is what its paper says', (name, first, second) => {
    const bars = OPENS_S.map((openS, day) => barsOf(tradesOf(openS), openS, day));
    const [firstDay = [], secondDay = []] = bars;
    expect(lastOf(name, 77, firstDay)).toBeCloseTo(first, 12);
    expect(lastOf(name, 78, [...firstDay, ...secondDay])).toBeCloseTo(second, 12);
  });

  it.each([0, 1] as const)('F1 realised variance of single trades, day %i', (day) => {
    const bars = tradesOf(OPENS_S[day]).map((trade) => barOf([trade], day, 0));
    expect(lastOf('realisedVolatility', 10_000, bars)).toBeCloseTo(OF_TRADES[day], 13);
  });

  it.each([0, 1] as const)('F1 VWAP of all trades, day %i', (day) => {
    const bars = tradesOf(OPENS_S[day]).map((trade) => barOf([trade], day, 0));
    expect(lastOf('vwap', undefined, bars)).toBeCloseTo(VWAP[day], 7);
    expect(lastOf('anchoredVwap', 0, bars)).toBeCloseTo(VWAP[day], 7);
  });
});

function lastOf(name: string, parameter: number | undefined, bars: readonly Float64Array[]) {
  const indicator = configure(indicatorNamed(name), parameter === undefined ? [] : [parameter]);
  const state = new Float64Array(indicator.width);
  indicator.reset(state, 0);
  for (const bar of bars) indicator.update(state, 0, bar);
  return state[0] ?? Number.NaN;
}

function tradesOf(openS: number): readonly Trade[] {
  return trades().filter(({ timeS }) => timeS >= openS && timeS < openS + SESSION_S);
}

let read: readonly Trade[] | undefined;

function trades(): readonly Trade[] {
  read ??= readTrades();
  return read;
}

function readTrades(): readonly Trade[] {
  const [header = '', ...rows] = gunzipSync(readFileSync(TRADES)).toString().trim().split('\n');
  expect(header.trim()).toBe('DT,EX,SYMBOL,COND,SIZE,PRICE,CORR');
  return rows.flatMap((row) => {
    const [timeS, , , conditions = '', shares, price, correction = ''] = row.split(',');
    const isTaken = correction.trim() === '0' && !/[BCNRTUVZ47]/.test(conditions);
    return isTaken ? [{ timeS: Number(timeS), price: Number(price), shares: Number(shares) }] : [];
  });
}

function barsOf(inDay: readonly Trade[], openS: number, day: number): readonly Float64Array[] {
  const bars: Trade[][] = Array.from({ length: SESSION_S / BAR_S }, () => []);
  for (const trade of inDay) bars[Math.floor((trade.timeS - openS) / BAR_S)]?.push(trade);
  return bars.map((inBar, at) => barOf(inBar, day, at * BAR_S * 1e6));
}

function barOf(inBar: readonly Trade[], day: number, sinceOpenUs: number): Float64Array {
  const prices = inBar.map(({ price }) => price);
  const bar = new Float64Array(BAR_WIDTH);
  bar[0] = prices[0] ?? Number.NaN;
  bar[1] = Math.max(...prices);
  bar[2] = Math.min(...prices);
  bar[3] = prices.at(-1) ?? Number.NaN;
  bar[4] = inBar.reduce((total, { shares }) => total + shares, 0);
  bar[5] = SESSION_FIRST + day;
  bar[6] = (OPENS_S[day] ?? Number.NaN) * 1e6 + sinceOpenUs;
  bar[7] = sinceOpenUs;
  return bar;
}
