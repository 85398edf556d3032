import { beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/core/time.ts';
import { withHistory } from '../../src/compose/history-source.ts';
import type { OpenedMarket } from '../../src/compose/market.ts';
import type { FactOf } from '../../src/ports/fact.ts';
import { seededHistory } from '../../src/venue/market/seeded-history.ts';
import { createSeededMarket } from '../../src/venue/market/seeded-market.ts';
import { factsOf } from './golden-decisions.ts';
import { goldenFile, runGolden } from './golden-session.ts';

const FLIPS_PER_HOUR_MAX = 4; // RELIABILITY F8.
const SYMBOLS = 80;
const SESSION_HOURS = 6.5;
const CAP = 40;
const MARKET = { seed: 7, symbols: SYMBOLS, date: 20240603, extendedHours: false };

/** Layer 2 by default, but for the cap; all of a busier market that is liquid is in layer 1. */
const RULES = 'enterScore: 1.5, leaveScore: 0.8, dwellMs: 300000, floor: 15';
const LAYERS = `layer2: { ${RULES}, cap: ${CAP} }`;

describe('F8: the layers on a seeded day', () => {
  let moves: readonly FactOf<'layerMoved'>[] = [];

  beforeAll(async () => {
    const file = goldenFile((yaml) => yaml.replace(/layer2: .*\}/, LAYERS));
    expect(file.config).toMatchObject({ universe: { layer2: { cap: CAP } } });
    const { disk } = await runGolden({
      market: market(),
      file: { ...file, symbolsMax: 2 * SYMBOLS },
      services: () => [],
    });
    moves = factsOf(disk).flatMap(({ fact }) => (fact.kind === 'layerMoved' ? [fact] : []));
  }, 120_000);

  it('flip no symbol more than four times in any hour', () => {
    for (const layer of [1, 2]) {
      const flips = new Map<number, number[]>();
      for (const { symbol, atUs } of moves.filter((move) => move.layer === layer)) {
        flips.set(symbol, [...(flips.get(symbol) ?? []), atUs]);
      }
      const counts = [...flips.values()].map(({ length }) => length / SESSION_HOURS);
      const mean = counts.reduce((sum, count) => sum + count, 0) / SYMBOLS;
      const most = Math.max(...counts);
      const inAnHour = Math.max(...[...flips.values()].map(mostWithinAnHour));
      const figures = `mean ${mean.toFixed(2)}, busiest ${most.toFixed(2)}`;
      process.stdout.write(
        `layer ${layer}: flips per symbol-hour ${figures}, most in one hour ${inAnHour}\n`,
      );
      expect(inAnHour).toBeLessThanOrEqual(FLIPS_PER_HOUR_MAX);
    }
    expect(moves.filter(({ layer }) => layer === 2).length).toBeGreaterThan(100);
  });

  it('never hold more than their caps, and every member of a layer is in the one below', () => {
    const layers = [0, 1, 2].map(() => new Set<number>());
    for (const { layer, symbol, isMember } of moves) {
      if (isMember) layers[layer]?.add(symbol);
      else layers[layer]?.delete(symbol);
      expect(layers[2]?.size).toBeLessThanOrEqual(CAP);
      if (isMember && layer > 0) expect(layers[layer - 1]?.has(symbol)).toBe(true);
    }
    expect(layers[2]?.size).toBeGreaterThanOrEqual(15);
  });
});

function mostWithinAnHour(times: readonly number[]): number {
  return Math.max(...times.map((us) => times.filter((at) => at >= us && at < us + HOUR).length));
}

function market(): OpenedMarket {
  const source = createSeededMarket({ ...MARKET, tradesPerDay: 2_000 });
  const atUs = (source.calendar[0]?.atUs ?? 0) - MINUTE;
  return {
    source: withHistory(source, seededHistory(MARKET), atUs),
    isHistoryGiven: true,
    historyFaults: { count: 0, first: [] },
  };
}
