import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { visitSession } from '../../../src/cli/read-session.ts';
import { sessionReader } from '../../../src/compose/session-files.ts';
import { nodeDisk } from '../../../src/store/journal/node-disk.ts';
import { objectOf, Workplace } from './workplace.ts';

// Real market data lies outside the repository and is never committed.
const DATA = resolve(process.env['STRATA_DATA'] ?? '../shared/data');
const TICKS = join(DATA, 'intraday/lean_us_equity/tick');
const DAILY = join(DATA, 'daily/lean_us_equity/daily');
const MINUTES = join(DATA, 'intraday/us_minute_2019_eqker');

const place = new Workplace();

beforeEach((context) => {
  if (!existsSync(TICKS)) context.skip(`no market data in ${DATA}: set STRATA_DATA to its folder`);
});

afterAll(() => {
  place.remove();
});

/** Orders by symbol, how often they were asked about, and why they were cancelled. */
function ordersOf(session: string) {
  const names = new Map<number, string>();
  const bySymbol: Record<string, number> = {};
  const counts = { enquiries: 0, cancels: 0 };
  visitSession(sessionReader(nodeDisk(place.dataDir)), session, {
    input(_sequence, _nowUs, input) {
      if (input.kind === 'symbolNamed') names.set(input.symbol, input.name);
    },
    turn(_sequence, _nowUs, { items }) {
      for (const item of items) {
        if (item.type !== 'fact') continue;
        if (item.fact.kind === 'enquired') counts.enquiries += 1;
        if (item.fact.kind === 'cancelAsked') counts.cancels += 1;
        if (item.fact.kind !== 'intended') continue;
        const name = names.get(item.fact.symbol) ?? 'nobody';
        bySymbol[name] = (bySymbol[name] ?? 0) + 1;
      }
    },
  });
  return { bySymbol, ...counts };
}

async function replayed(words: readonly string[]) {
  const { exitCode, value } = await place.json('replay', ...words);
  const session = String(value['sessionId']);
  const verified = await place.json('verify', session);
  expect([exitCode, verified.exitCode]).toEqual([0, 0]);
  const { result } = verified.value;
  expect(objectOf(result)['decisionHash']).toBe(value['decisionHash']);
  return { session, counts: objectOf(value['counts']), ...ordersOf(session) };
}

describe('a replay of real data', () => {
  it('of ticks runs every trade and quote of four symbols to fills, and verifies', async () => {
    const { counts, bySymbol, enquiries } = await replayed([
      TICKS,
      '--date',
      '20131007',
      '--history',
      DAILY,
    ]);

    expect(counts).toMatchObject({ events: 2_081_763, faults: 0, crashes: 0, symbols: 4 });
    expect(Object.keys(bySymbol).toSorted()).toEqual(['AIG', 'BAC', 'IBM', 'SPY']);
    expect(Number(counts['fills'])).toBeGreaterThan(20);
    expect(enquiries).toBe(0);
  }, 120_000);

  it('of minutes fills at later bars, patiently, and never trades an index', async () => {
    const { counts, bySymbol, enquiries, cancels } = await replayed([
      MINUTES,
      '--history',
      MINUTES,
    ]);
    const orders = Number(counts['orders']);

    expect(counts).toMatchObject({ faults: 0, crashes: 0, symbols: 24 });
    expect(bySymbol).not.toHaveProperty('VIX');
    expect(Object.keys(bySymbol).length).toBeGreaterThan(15);
    expect(Number(counts['fills'])).toBeGreaterThan(0.9 * orders);
    // Only where a symbol is silent for longer than orders are patient.
    expect(enquiries).toBeLessThan(0.1 * orders);
    expect(cancels).toBeLessThan(0.1 * orders);
  }, 120_000);
});
