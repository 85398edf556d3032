import { describe, expect, it } from 'vitest';
import { OwnBars } from '../../../../src/compose/store-feed/own-bars.ts';
import { HOUR, MINUTE } from '../../../../src/core/time.ts';

const OPEN_US = Date.UTC(2024, 5, 3, 13, 30) * 1_000;
const CLOSE_US = OPEN_US + 6.5 * HOUR;

function inSession(): OwnBars {
  const bars = new OwnBars(MINUTE);
  const session = { date: 20240603, openUs: OPEN_US, closeUs: CLOSE_US };
  bars.input({ kind: 'sessionChanged', phase: 'core', ...session });
  return bars;
}

describe('bars of the feed that the kernel takes for its own', () => {
  it('are those of its span and of the core session, edges as the rows have them', () => {
    const bars = inSession();

    expect(bars.has(0, OPEN_US, MINUTE)).toBe(true);
    expect(bars.has(0, CLOSE_US - MINUTE, MINUTE)).toBe(true);
    expect(bars.has(0, OPEN_US - MINUTE, MINUTE)).toBe(false);
    expect(bars.has(0, CLOSE_US, MINUTE)).toBe(false);
    expect(bars.has(0, OPEN_US, 5 * MINUTE)).toBe(false);
    expect(new OwnBars(MINUTE).has(0, OPEN_US - HOUR, MINUTE)).toBe(true);
  });

  it('are none of a row that is out, or while all are, until it is lifted', () => {
    const bars = inSession();
    const out = { kind: 'quarantined', actor: 'symbols', untilUs: CLOSE_US } as const;
    const has = (): readonly boolean[] => [0, 1].map((symbol) => bars.has(symbol, OPEN_US, MINUTE));
    bars.fact({ ...out, row: 1 });
    bars.fact({ ...out, actor: 'layer-1', row: 0 });
    expect(has()).toEqual([true, false]);
    bars.fact({ kind: 'lifted', actor: 'symbols', row: 1 });
    expect(has()).toEqual([true, true]);
    bars.fact({ ...out, row: -1 });
    expect(has()).toEqual([false, false]);
  });
});
