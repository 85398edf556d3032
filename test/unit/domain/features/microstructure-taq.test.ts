import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, MS, SECOND } from '../../../../src/core/time.ts';
import {
  TICK_ASK,
  TICK_ASK_SIZE,
  TICK_BID,
  TICK_BID_SIZE,
  TICK_FLAGS,
  TICK_NOW_US,
  TICK_PRICE,
  TICK_SIZE,
  TICK_WIDTH,
} from '../../../../src/domain/features/source.ts';
import { flowSource } from '../../../../src/domain/features/sources/flow-source.ts';
import { BAR_WIDTH, SESSION, START_US } from '../../../../src/domain/indicators/indicator.ts';
import { ctaFlags, NO_CONDITION, tradeFlags } from '../../../../src/domain/market/conditions.ts';
import { QUOTE_ASK, QUOTE_BID } from '../../../../src/domain/market/event-batch.ts';
import {
  applyQuote,
  exchangePlace,
  NBBO_WIDTH,
  resetNbbo,
} from '../../../../src/domain/market/nbbo.ts';

// Real market data lies outside the repository and is never committed.
const DATA = process.env['STRATA_DATA'] ?? '../shared/data';
const FOLDER = join(DATA, 'intraday/taq_sample_highfrequency');
const TRADES = join(FOLDER, 'sampleTDataRaw.csv.gz');
const QUOTES = join(FOLDER, 'sampleQDataRaw.csv.gz');

const OPENS_US = [1_514_903_400 * SECOND, 1_514_989_800 * SECOND] as const;
const SPAN_US = 5 * MINUTE;
const SESSION_US = 6.5 * HOUR;
/** 12:00 and 16:00, as bars of five minutes after the open. */
const AT = [30, 78] as const;

/**
 * Made once with pandas and numpy 2 from the definitions: at 12:00 and 16:00 of 2018-01-02 and 03,
 * over the 100 minutes before. Uncorrected trades (CORR 0) with none of the conditions B C H I J L
 * M N P Q R T U V Z 4 7 9 against the best of the exchanges' last quotes, by millisecond, quotes
 * first; weighted by shares; realised against the last middle before five minutes after the end of
 * the trade's five seconds. The sample's quotes are sparse: over all exchanges half the books are
 * crossed, which leaves the tick test and no middle; those of exchange N alone never are.
 */
const MEASURED = {
  N: [
    [892, -16_324, 1.7845533792972736, -1.8992842719104126, 3.5158495601489896],
    [958, 23_310, 0.7835613168402349, 0.41441876215520695, 1.432699123417401],
    [1_045, -17_567, 1.0800408611333558, -0.24056087821268096, 2.2189852479381402],
    [870, 17_523, 0.8449571486830646, 1.2961985507128835, 1.7524600503362548],
  ],
  '': [
    [5_219, -57_309, 2.19103273756133, -2.5354018164593084, 1.63004032092459],
    [7_352, -11_234, 0.6947002796025866, 0.3736136889880587, 0.43665535801442484],
    [6_076, -44_931, 1.3014872458711675, 1.5937990205518342, 0.8802351214461113],
    [6_094, -18_570, 0.8980175177750592, 0.8150968186952292, 0.6107774596507792],
  ],
} as const;

beforeEach((context) => {
  if (!existsSync(TRADES)) context.skip(`no market data in ${DATA}: set STRATA_DATA to its folder`);
});

describe('two days of one stock on the New York Stock Exchange, trades against quotes', () => {
  it.each(['N', ''] as const)(
    'F1 effective and realised spread are the measured ones: %j',
    (of) => {
      const rows = [0, 1].flatMap((day) => rowsOf(of, day));
      expect(rows.length).toBe(4);
      rows.forEach((row, n) =>
        row.forEach((value, column) => {
          const measured = MEASURED[of][n]?.[column] ?? NaN;
          expect(Math.abs(value - measured)).toBeLessThan(1e-9 * (1 + Math.abs(measured)));
        }),
      );
    },
  );
});

type Row = { readonly us: number; readonly exchange: string; readonly fields: readonly string[] };

/** Trades, net shares bought, effective, realised and quoted spread of the last 20 bars. */
function rowsOf(exchange: string, day: number): readonly (readonly number[])[] {
  const source = flowSource.build({ symbolsMax: 1, spanUs: SPAN_US });
  if (source.scope !== 'symbol') throw new Error('a source of one symbol');
  const state = new Float64Array(source.width);
  source.reset(state, 0);
  const book = new Float64Array(NBBO_WIDTH);
  resetNbbo(book, 0);
  const tick = new Float64Array(TICK_WIDTH);
  const out = new Float64Array(source.columns.length);
  const columnOf = (name: string) =>
    out[source.columns.findIndex((one) => one.name === name)] ?? NaN;
  const openUs = OPENS_US[day] ?? NaN;
  const rows: number[][] = [];
  let bars = 0;
  const closeBefore = (us: number) => {
    for (; openUs + (bars + 1) * SPAN_US <= us && bars < 78; bars += 1) {
      const bar = new Float64Array(BAR_WIDTH);
      bar[SESSION] = day;
      bar[START_US] = openUs + bars * SPAN_US;
      source.bar?.(state, 0, bar);
      source.read(state, 0, us, out, 0);
      const isAsked = AT.some((at) => at === bars + 1);
      if (isAsked) rows.push([columnOf('tradesPerMinute') * 100, ...SHOWN.map(columnOf)]);
    }
  };
  for (const { us, isQuote, row } of eventsOf(exchange, openUs)) {
    closeBefore(us);
    tick[TICK_NOW_US] = us;
    if (isQuote) applyRow(book, row);
    [TICK_BID, TICK_BID_SIZE, TICK_ASK, TICK_ASK_SIZE].forEach((place, at) => {
      tick[place] = book[at] ?? NaN;
    });
    if (isQuote) source.quote?.(state, 0, tick);
    else source.trade?.(state, 0, withTrade(tick, row));
  }
  closeBefore(openUs + SESSION_US);
  return rows;
}

const SHOWN = ['signedVolume20', 'effectiveSpread', 'realisedSpread', 'quotedSpread'];

function eventsOf(exchange: string, openUs: number) {
  const isOf = ({ us, exchange: own }: Row) =>
    us >= openUs - 4 * HOUR && us < openUs + SESSION_US && (exchange === '' || own === exchange);
  const quotes = rowsIn(QUOTES, 'DT,EX,BID,BIDSIZ,OFR,OFRSIZ,SYMBOL').filter(isOf);
  const trades = rowsIn(TRADES, 'DT,EX,SYMBOL,COND,SIZE,PRICE,CORR').filter(
    (row) => isOf(row) && row.fields[6] === '0',
  );
  return [
    ...quotes.map((row) => ({ us: row.us, isQuote: true, row })),
    ...trades.map((row) => ({ us: row.us, isQuote: false, row })),
  ].toSorted((a, b) => a.us - b.us);
}

function rowsIn(path: string, expected: string): readonly Row[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(path)).toString().trim().split('\n');
  expect(header.trim()).toBe(expected);
  return lines.map((line) => {
    const fields = line.trim().split(',');
    const us = Math.round(Number(fields[0]) * 1_000) * MS;
    return { us, exchange: fields[1] ?? '', fields };
  });
}

function applyRow(book: Float64Array, { exchange, fields }: Row): void {
  const [bid = 0, bidLots = 0, ask = 0, askLots = 0] = fields.slice(2, 6).map(Number);
  const place = exchangePlace(exchange.charCodeAt(0));
  const [bids, asks] = [Math.round(bid * 10_000), Math.round(ask * 10_000)];
  applyQuote(book, 0, place, QUOTE_BID | QUOTE_ASK, bids, bidLots * 100, asks, askLots * 100);
}

function withTrade(tick: Float64Array, { fields }: Row): Float64Array {
  const conditions = [...(fields[3] ?? '')].map((letter) => ctaFlags(letter.charCodeAt(0)));
  tick[TICK_PRICE] = Math.round(Number(fields[5]) * 10_000);
  tick[TICK_SIZE] = Number(fields[4]);
  tick[TICK_FLAGS] = tradeFlags(conditions.reduce((all, one) => all & one, NO_CONDITION));
  return tick;
}
