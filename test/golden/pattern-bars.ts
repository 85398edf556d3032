import { present } from '../../src/core/assert.ts';
import { Random } from '../../src/core/random.ts';
import { BAR_WIDTH, CLOSE, OPEN } from '../../src/domain/indicators/indicator.ts';

/** What `talib-patterns.json` was made on. */
export const PATTERN_BARS = 4_000;
const SEED = 61;

/** Cents from the close before: open, high, low, close. */
type Shape = readonly (readonly [open: number, high: number, low: number, close: number])[];

/** Patterns that chance alone would not draw in a year; each is drawn upside down as well. */
const RARE: readonly Shape[] = [
  // Mat hold, rising three methods.
  [
    [0, 31, -1, 30],
    [38, 39, 34, 35],
    [33, 34, 26, 27],
    [29, 30, 23, 24],
    [26, 45, 25, 44],
  ],
  [
    [0, 31, -1, 30],
    [28, 29, 24, 25],
    [26, 27, 21, 22],
    [23, 24, 18, 19],
    [21, 41, 20, 40],
  ],
  // Three stars in the south, breakaway, concealing baby swallow.
  [
    [0, 0, -62, -30],
    [-20, -20, -50, -35],
    [-40, -40, -45, -45],
  ],
  [
    [0, 1, -31, -30],
    [-36, -35, -45, -44],
    [-46, -45, -51, -50],
    [-52, -51, -58, -57],
    [-55, -32, -56, -33],
  ],
  [
    [0, 0, -30, -30],
    [-32, -32, -55, -55],
    [-62, -50, -66, -66],
    [-48, -48, -70, -70],
  ],
  // Two crows, upside gap two crows, kicking, ladder bottom.
  [
    [0, 31, -1, 30],
    [38, 39, 33, 34],
    [36, 37, 19, 20],
  ],
  [
    [0, 31, -1, 30],
    [40, 41, 35, 36],
    [42, 43, 33, 34],
  ],
  [
    [0, 0, -30, -30],
    [5, 35, 5, 35],
  ],
  [
    [0, 1, -11, -10],
    [-5, -4, -16, -15],
    [-10, -9, -21, -20],
    [-18, -12, -25, -24],
    [-16, -4, -17, -5],
  ],
  // Unique three river, tasuki gap, gap three methods, three line strike.
  [
    [0, 1, -31, -30],
    [-12, -11, -45, -16],
    [-22, -17, -23, -18],
  ],
  [
    [0, 21, -1, 20],
    [26, 41, 25, 40],
    [33, 34, 22, 23],
  ],
  [
    [0, 21, -1, 20],
    [26, 41, 25, 40],
    [33, 34, 9, 10],
  ],
  [
    [0, 11, -1, 10],
    [5, 21, 4, 20],
    [15, 31, 14, 30],
    [33, 34, -6, -5],
  ],
  // Abandoned baby, identical three crows.
  [
    [0, 31, -1, 30],
    [40, 41, 39, 40],
    [30, 31, 4, 5],
  ],
  [
    [0, 0, -20, -20],
    [-20, -20, -40, -40],
    [-40, -40, -60, -60],
  ],
];

/**
 * Bars with few levels, bodies and shadows of often nothing, gaps and equal closes, so that every
 * candlestick pattern turns up among them, and many that are almost one.
 */
export function patternBars(): readonly Float64Array[] {
  const random = new Random(SEED);
  const bars: Float64Array[] = [];
  let close = 3_000;
  let drift = 0;
  const add = (open: number, high: number, low: number, last: number): void => {
    const prices = [open, high, low, last].map((cents) => cents / 100);
    const bar = new Float64Array(BAR_WIDTH);
    bar.set([...prices, 100 + random.below(1_000)]);
    bars.push(bar);
    close = last + Math.trunc((3_000 - last) / 100);
  };
  while (bars.length < PATTERN_BARS) {
    if (random.chance(0.15)) drift = random.below(3) - 1;
    if (random.chance(0.06)) {
      const base = close;
      for (const [open, high, low, last] of turned(random, pick(random, RARE))) {
        add(base + open, base + high, base + low, base + last);
      }
      continue;
    }
    const [open, last] = body(random, bars, close, drift);
    const top = Math.max(open, last) + pick(random, SHADOWS);
    add(open, top, Math.min(open, last) - pick(random, SHADOWS), last);
  }
  return bars.slice(0, PATTERN_BARS);
}

const SIZES = [0, 1, 2, 6, 12, 30] as const;
const GAPS = [0, 0, 0, 0, 1, 2, 5, 12, 25, -1, -2, -5, -12, -25] as const;
const SHADOWS = [0, 0, 0, 1, 2, 8, 20] as const;

function body(
  random: Random,
  bars: readonly Float64Array[],
  close: number,
  drift: number,
): readonly [open: number, last: number] {
  const again = random.chance(0.1) ? bars.at(-1)?.[OPEN] : undefined;
  const open = again === undefined ? close + pick(random, GAPS) : Math.round(again * 100);
  const up = random.chance(0.5 + 0.35 * drift) ? 1 : -1;
  const moved = open + up * pick(random, SIZES);
  const same = random.chance(0.12) ? bars.at(-1 - random.below(2))?.[CLOSE] : undefined;
  return [open, same === undefined ? moved : Math.round(same * 100)];
}

function turned(random: Random, shape: Shape): Shape {
  if (random.chance(0.5)) return shape;
  return shape.map(([open, high, low, close]) => [-open, -low, -high, -close] as const);
}

function pick<T>(random: Random, values: readonly T[]): T {
  return present(values[random.below(values.length)], 'a value');
}
