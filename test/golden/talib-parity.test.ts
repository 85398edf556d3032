import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import type { IndicatorDeclaration } from '../../src/domain/indicators/declaration.ts';
import { INDICATORS } from '../../src/domain/indicators/registry.ts';
import { ERROR_MAX, measureParity, type ParityRow } from './talib-parity.ts';

const rows = measureParity();

describe('indicators against TA-Lib over 300 and 2,000 bars', () => {
  it.each(rows.filter(({ indicator }) => indicator !== undefined))(
    'F1 $talib: $indicator begins on the same bar and is equal to 1e-9',
    (row) => {
      expect(row.firstOurs).toBe(row.firstTheirs);
      expect(row.worst300).toBeLessThanOrEqual(ERROR_MAX);
      expect(row.worst2000).toBeLessThanOrEqual(ERROR_MAX);
      expect(row.isGreen).toBe(true);
    },
  );

  it('F1 no two indicators reproduce one function, and none a function that TA-Lib lacks', () => {
    expect(rows).toHaveLength(161);
    const reproduced = INDICATORS.flatMap(({ talib }) => talib ?? []);
    expect(reproduced.toSorted()).toEqual([...new Set(reproduced)].toSorted());
    expect(reproduced.filter((name) => !rows.some(({ talib }) => talib === name))).toEqual([]);
  });
});

describe('the measure of parity', () => {
  it('finds a value that is a millionth off on a single bar', () => {
    const row = rowWith((state, at, bars) => {
      if (bars === 290) state[at] = (state[at] ?? 0) * (1 + 1e-6);
    });
    expect(row.worst300).toBeCloseTo(1e-6, 9);
    expect(row.isGreen).toBe(false);
  });

  it('finds a value of the 2,000 bars that the 300 do not have', () => {
    const row = rowWith((state, at, bars) => {
      if (bars === 1_996) state[at] = (state[at] ?? 0) * (1 + 1e-6);
    });
    expect(row.worst300).toBeLessThanOrEqual(ERROR_MAX);
    expect(row.worst2000).toBeGreaterThan(ERROR_MAX);
    expect(row.isGreen).toBe(false);
  });

  it('finds a value that comes early, and one that does not come', () => {
    const early = rowWith((state, at, bars) => {
      if (bars < 3) state[at] = 1;
    });
    const late = rowWith((state, at, bars) => {
      if (bars === 30) state[at] = Number.NaN;
    });
    expect(early.worst300).toBe(Number.POSITIVE_INFINITY);
    expect(late.worst300).toBe(Number.POSITIVE_INFINITY);
  });

  it('finds a lookback that is told wrong, and a function that nobody reproduces', () => {
    const sma = named('sma');
    const wrong: IndicatorDeclaration = {
      ...sma,
      build: (...all) => {
        const body = sma.build(...all);
        return { ...body, warmupBars: body.warmupBars + 1 };
      },
    };
    expect(rowOf(measureParity([wrong]), 'SMA')).toMatchObject({ isGreen: false, firstOurs: 30 });
    expect(rowOf(measureParity([]), 'SMA')).toMatchObject({ isGreen: false });
  });

  it('finds a pattern that is seen where none is', () => {
    const doji = named('doji');
    const eager: IndicatorDeclaration = {
      ...doji,
      build: (...all) => {
        const body = doji.build(...all);
        return {
          ...body,
          update(state, at, bar) {
            body.update(state, at, bar);
            if ((state[at] ?? Number.NaN) === 0 && bar[0] === 45.02) state[at] = 100;
          },
        };
      },
    };
    expect(rowOf(measureParity([eager]), 'CDLDOJI').worst2000).toBeGreaterThanOrEqual(1);
  });
});

/** The row of an average whose value is tampered with after each of its bars, counted from 1. */
function rowWith(tamper: (state: Float64Array, at: number, bars: number) => void): ParityRow {
  const sma = named('sma');
  const tampered: IndicatorDeclaration = {
    ...sma,
    build: (...all) => {
      const body = sma.build(...all);
      let bars = 0;
      return {
        ...body,
        reset(state, at) {
          bars = 0;
          body.reset(state, at);
        },
        update(state, at, bar) {
          bars += 1;
          body.update(state, at, bar);
          tamper(state, at, bars);
        },
      };
    },
  };
  return rowOf(measureParity([tampered]), 'SMA');
}

function rowOf(all: readonly ParityRow[], talib: string): ParityRow {
  return present(
    all.find((row) => row.talib === talib),
    talib,
  );
}

function named(name: string): IndicatorDeclaration {
  return present(
    INDICATORS.find((declaration) => declaration.name === name),
    name,
  );
}
