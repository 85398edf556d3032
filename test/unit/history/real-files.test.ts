import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, daysOfDate, HOUR, parseTime } from '../../../src/core/time.ts';
import { RELEASE_LAGS } from '../../../src/domain/features/release-lags.ts';
import { earningsSource } from '../../../src/domain/features/sources/earnings-source.ts';
import { macroSource } from '../../../src/domain/features/sources/macro-source.ts';
import { FaultList } from '../../../src/domain/market/data-fault.ts';
import { newYorkToUs } from '../../../src/domain/market/calendar.ts';
import { earningsFacts } from '../../../src/history/earnings-dates.ts';
import { indexFacts } from '../../../src/history/index-file.ts';
import { macroFacts } from '../../../src/history/macro-series.ts';
import { readText } from '../../../src/history/read-text.ts';
import { columnsOf, freshState, hearMarket, hearSymbol } from '../../reference/rare-facts.ts';

// Real data lie outside the repository and are never committed.
const DATA = process.env['STRATA_DATA'] ?? '../shared/data';
const FRED = join(DATA, 'macro/fred');

beforeEach((context) => {
  if (!existsSync(FRED)) context.skip(`no data in ${DATA}: set STRATA_DATA to its folder`);
});

function series(name: string) {
  const faults = new FaultList();
  const path = join(FRED, `${name}.csv`);
  const facts = macroFacts(readText(path), path, name, faults);
  expect(faults.first).toEqual([]);
  return facts;
}

function economyAt(nowUs: number) {
  const source = macroSource.build({ symbolsMax: 1, spanUs: 0 });
  const state = freshState(source);
  const facts = ['M2SL', 'ICSA', 'T10Y2Y', 'INDPRO']
    .flatMap(series)
    .filter((fact) => fact.nowUs <= nowUs)
    .toSorted((left, right) => left.nowUs - right.nowUs);
  for (const fact of facts) hearMarket(source, state, fact);
  return columnsOf(source, state, nowUs);
}

describe('the files of FRED', () => {
  it('are read whole, every series that has a release, in the order of their release', () => {
    const known = RELEASE_LAGS.filter(({ series: name }) => existsSync(join(FRED, `${name}.csv`)));
    expect(known.length).toBeGreaterThan(18);
    for (const { series: name } of known) {
      const facts = series(name);
      const text = readText(join(FRED, `${name}.csv`));
      const numbers = text.split('\n').filter((line) => /^\d{4}-.*,-?[\d.]+\r?$/.test(line));
      expect(facts).toHaveLength(numbers.length);
      const unordered = facts.filter(
        (fact, at) => fact.nowUs < (facts[at - 1]?.nowUs ?? -Infinity),
      );
      const early = facts.filter((fact) => fact.nowUs <= fact.observedDay * DAY);
      expect([name, unordered.length, early.length]).toEqual([name, 0, 0]);
    }
  });

  it('hold what had been released when they were made, and the table agrees', () => {
    // FRED was asked on 2 January 2026, and has the curve on the evening before H.15 tells it.
    const madeUs = (parseTime('2026-01-02T18:00:00Z') ?? 0) + DAY;
    for (const name of ['M2SL', 'ICSA', 'T10Y2Y', 'INDPRO', 'PAYEMS', 'CPIAUCSL', 'GDPC1']) {
      expect([name, (series(name).at(-1)?.nowUs ?? 0) <= madeUs]).toEqual([name, true]);
    }
  });

  it('tell in April 2020 of money and claims what could be known, and no more', () => {
    // Claims of the week to 21 March were told on Thursday the 26th: 3.3 million.
    const before = economyAt(newYorkToUs(20200326, 8 * HOUR));
    const after = economyAt(newYorkToUs(20200326, 9 * HOUR));
    expect(before['claims']).toBeLessThan(300_000);
    expect(after['claims']).toBeGreaterThan(800_000);
    expect(after['claimsAgainstYear']).toBeGreaterThan(2);
    // The money of March jumped too; on 15 April only February's was known.
    const money = economyAt(newYorkToUs(20200415, 12 * HOUR))['moneyGrowth'] ?? NaN;
    const later = economyAt(newYorkToUs(20200430, 12 * HOUR))['moneyGrowth'] ?? NaN;
    expect(money).toBeGreaterThan(0.06);
    expect(money).toBeLessThan(0.075);
    expect(later).toBeGreaterThan(0.09);
    // The curve had been turned over in August 2019.
    expect(economyAt(newYorkToUs(20190829, 12 * HOUR))['yieldSlope']).toBeLessThan(0);
  });

  it('stand in for the managers index with a number of the same spread', () => {
    const growths: number[] = [];
    const facts = series('INDPRO');
    facts.forEach(({ value }, at) => {
      const before = facts[at - 12]?.value;
      if (before !== undefined) growths.push(100 * (value / before - 1));
    });
    const mean = growths.reduce((sum, one) => sum + one, 0) / growths.length;
    const spread = Math.sqrt(
      growths.reduce((sum, one) => sum + (one - mean) ** 2, 0) / growths.length,
    );
    process.stdout.write(`production over a year: mean ${mean}, deviation ${spread} %\n`);
    // The managers index has kept within some five points of its mean since 1980.
    expect(spread).toBeGreaterThan(3);
    expect(spread).toBeLessThan(7);
    const industry = economyAt(newYorkToUs(20200701, 12 * HOUR));
    expect(industry['industryIsStandIn']).toBe(1);
    expect(industry['industry']).toBeLessThan(-10);
  });
});

describe('the other files', () => {
  it('tell the VIX of every day since 1990, after its close', () => {
    const path = join(DATA, 'macro/vix_daily_1990_2026.csv');
    const faults = new FaultList();
    const facts = indexFacts(readText(path), path, 'VIX', faults);
    expect(faults.first).toEqual([]);
    expect(facts.length).toBeGreaterThan(9_000);
    const crash = facts.find(({ nowUs }) => nowUs > newYorkToUs(20200316, 16 * HOUR));
    expect(crash).toMatchObject({ value: 82.69, nowUs: newYorkToUs(20200316, 16.25 * HOUR) });
    const unordered = facts.filter(({ nowUs }, at) => nowUs <= (facts[at - 1]?.nowUs ?? 0));
    expect(unordered).toEqual([]);
  });

  it('tell the reports of 515 companies, of which every one comes round in a quarter', () => {
    const path = join(DATA, 'events/earnings_dates_2014_2025.csv.gz');
    const faults = new FaultList();
    const facts = earningsFacts(readText(path), path, faults);
    const total = [...facts.values()].reduce((sum, dates) => sum + dates.length, 0);
    expect([facts.size, total + faults.count]).toEqual([515, 21_170]);
    expect(faults.first).toEqual([]);

    const source = earningsSource.build({ symbolsMax: 1, spanUs: 0 });
    const dates = facts.get('BAC') ?? [];
    const state = freshState(source);
    let next = 0;
    let ahead = 0;
    let days = 0;
    for (let day = daysOfDate(20180101); day < daysOfDate(20240101); day += 1) {
      const nowUs = day * DAY + 18 * HOUR;
      for (let fact = dates[next]; fact !== undefined && fact.nowUs <= nowUs; fact = dates[next]) {
        hearSymbol(source, state, fact);
        next += 1;
      }
      const found = columnsOf(source, state, nowUs);
      const upcoming = dates.filter((date) => date.day >= day && date.nowUs <= nowUs);
      expect(Number.isNaN(found['daysTo'])).toBe(upcoming.length === 0);
      if (upcoming.length > 0) ahead += 1;
      expect(found['daysSince']).toBeLessThan(75);
      days += 1;
    }
    // Two weeks of thirteen.
    expect(ahead / days).toBeGreaterThan(0.13);
    expect(ahead / days).toBeLessThan(0.2);
  });
});
