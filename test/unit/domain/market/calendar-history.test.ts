import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { present } from '../../../../src/core/assert.ts';
import {
  civilFromDays,
  type DateNumber,
  dateNumber,
  daysOfDate,
} from '../../../../src/core/time.ts';
import { CALENDAR_FIRST, tradingDay } from '../../../../src/domain/market/calendar.ts';

const data = process.env['STRATA_DATA'] ?? '../shared/data';
const spyPath = join(data, 'daily/lean_us_equity/daily/spy.zip');
const materialsPath = join(data, 'daily/sector_etf_adjclose_2005_2026/XLB.csv');
const vixPath = join(data, 'macro/vix_daily_1990_2026.csv');
const paths = [spyPath, materialsPath, vixPath];

/** Cboe's index has a row for this day of mourning, on which no stock traded: SPY has none. */
const VIX_WITHOUT_STOCKS: DateNumber = 20040611;
/**
 * Days on which stocks traded, before SPY's file begins, that the index lacks. Treasury yields and
 * crude oil have values on all three (macro/fred DGS10, DCOILWTICO), and no closure is known.
 */
const VIX_GAPS: readonly DateNumber[] = [19910301, 19970131, 19971126];
/** Since May 2022 the index is computed on holidays too: its days are no longer the stocks'. */
const VIX_LAST: DateNumber = 20211231;
const LAST: DateNumber = 20260102;

it('is closed exactly on the days without a price of SPY, XLB or VIX', (ctx) => {
  if (!paths.every((path) => existsSync(path))) return ctx.skip(`no market data in ${data}`);
  const [spy, materials, vix] = [spyDates(), materialsDates(), vixDates()];
  const vixTraded = vix.filter((date) => date <= VIX_LAST && date !== VIX_WITHOUT_STOCKS);
  const traded = new Set([...spy, ...materials, ...vixTraded, ...VIX_GAPS]);

  const missing: DateNumber[] = [];
  const surplus: DateNumber[] = [];
  for (let days = daysOfDate(CALENDAR_FIRST); days <= daysOfDate(LAST); days += 1) {
    const date = dateNumber(civilFromDays(days));
    const isOpen = tradingDay(date) !== undefined;
    if (isOpen && !traded.has(date)) surplus.push(date);
    if (!isOpen && traded.has(date)) missing.push(date);
  }

  expect([spy.length, materials.length, vix.length]).toEqual([5_849, 5_246, 9_235]);
  expect({ missing, surplus }).toEqual({ missing: [], surplus: [] });
});

/** 1998-01-02 to 2021-03-31, one row a session, beginning `yyyymmdd 00:00`. */
function spyDates(): readonly DateNumber[] {
  const files = unzipSync(new Uint8Array(readFileSync(spyPath)));
  return rows(strFromU8(present(files['spy.csv'], 'spy.csv'))).map((row) =>
    Number(row.slice(0, 8)),
  );
}

/** 2005-02-25 to 2026-01-02 after a line of titles, beginning `yyyy-mm-dd`. */
function materialsDates(): readonly DateNumber[] {
  return rows(readFileSync(materialsPath, 'utf8')).slice(1).map(dashedDate);
}

/** 1990-01-02 to 2026-07-23 after a line of titles, beginning `yyyy-mm-dd`. */
function vixDates(): readonly DateNumber[] {
  return rows(readFileSync(vixPath, 'utf8')).slice(1).map(dashedDate);
}

function dashedDate(row: string): DateNumber {
  return Number(row.slice(0, 10).replaceAll('-', ''));
}

function rows(text: string): readonly string[] {
  return text.split('\n').filter((row) => row !== '');
}
