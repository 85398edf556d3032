import { describe, expect, it } from 'vitest';
import { BAR, EventBatch, QUOTE, TRADE } from '../../../../src/domain/market/event-batch.ts';
import { createSeededMarket } from '../../../../src/venue/market/seeded-market.ts';
import { seededHistory } from '../../../../src/venue/market/seeded-history.ts';

const OPTIONS = { seed: 7, symbols: 60, tradesPerDay: 500, extendedHours: false };

describe('seededHistory', () => {
  const market = createSeededMarket(OPTIONS);
  const history = seededHistory(OPTIONS);

  it('has the twenty trading days before the first one for every symbol, oldest first', () => {
    expect([...history.keys()]).toEqual(market.symbols.map(({ name }) => name));
    for (const bars of history.values()) {
      expect(bars.length).toBe(20);
      expect(bars[0]?.date).toBe(20240503);
      expect(bars[18]?.date).toBe(20240530);
      expect(bars[19]?.date).toBe(20240531);
    }
  });

  it('has sound bars in whole cents', () => {
    for (const bars of history.values()) {
      for (const { open, high, low, close } of bars) {
        expect(low).toBeGreaterThan(0);
        expect(low).toBeLessThanOrEqual(Math.min(open, close));
        expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
        expect([open, high, low, close].every((price) => price % 100 === 0)).toBe(true);
      }
    }
  });

  it('ends where the session begins, with the volume that the session has', () => {
    const first = new Float64Array(market.symbols.length);
    let shares = 0;
    const batch = new EventBatch();
    while (market.next(batch)) {
      for (let at = 0; at < batch.count; at += 1) {
        const symbol = batch.symbol[at] ?? 0;
        const isFirst = first[symbol] === 0;
        if (isFirst && batch.kind[at] === QUOTE) first[symbol] = batch.a[at] ?? 0;
        if (isFirst && batch.kind[at] === BAR) first[symbol] = batch.a[at] ?? 0;
        if (batch.kind[at] === TRADE) shares += batch.b[at] ?? 0;
      }
    }
    let usual = 0;
    for (const [symbol, { name }] of market.symbols.entries()) {
      const bars = history.get(name) ?? [];
      expect((first[symbol] ?? 0) / (bars.at(-1)?.close ?? 0)).toBeGreaterThan(0.85);
      expect((first[symbol] ?? 0) / (bars.at(-1)?.close ?? 0)).toBeLessThan(1.15);
      usual += bars.reduce((sum, { volume }) => sum + volume, 0) / bars.length;
    }

    expect(shares / usual).toBeGreaterThan(0.75);
    expect(shares / usual).toBeLessThan(1.33);
  });

  it('knows more days of the same companies where more are asked for', () => {
    const longer = seededHistory(OPTIONS, 40);
    const name = market.symbols[5]?.name ?? '';

    expect(longer.get(name)?.length).toBe(40);
    expect(longer.get(name)?.at(-1)?.close).toBe(history.get(name)?.at(-1)?.close);
  });
});
