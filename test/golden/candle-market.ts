import { present } from '../../src/core/assert.ts';
import { Random } from '../../src/core/random.ts';
import { BAR_WIDTH } from '../../src/domain/indicators/indicator.ts';

/** The market that `candles.json` was made on; `candles.md` has the facts of its making. */
export const CANDLE_MARKET = { seed: 61, bars: 12_000 } as const;

/** Open, high, low and close, in cents or 64ths of a dollar. */
type Cents = readonly [number, number, number, number];

/**
 * Bars in which every candlestick pattern is found many times and all but found more often: drawn
 * patterns, upright and upside down, each price of them moved by a cent or set to another at times,
 * between runs of odd candles (no body, no shadows, gaps) that set what is usual.
 */
export function candleBars({ seed, bars } = CANDLE_MARKET): readonly Float64Array[] {
  const random = new Random(seed);
  const made: Cents[] = [];
  let cents = 10_000;
  while (made.length < bars) {
    const phrase = random.chance(0.5) ? drawPattern(random, cents) : drawRun(random, cents);
    made.push(...phrase);
    cents = made.at(-1)?.[3] ?? cents;
    // About $100, where a sum of ranges loses nothing.
    if (cents < 8_000 || cents > 12_000) cents = 10_000;
  }
  return made.slice(0, bars).map((prices, at) => {
    // Doubles of cents are never quite on a limit; those of 64ths are.
    const scale = at < bars / 2 ? 100 : 64;
    const bar = new Float64Array(BAR_WIDTH);
    for (const [place, price] of prices.entries()) bar[place] = price / scale;
    return bar;
  });
}

const BODIES = [0, 0, 1, 1, 2, 3, 5, 8, 12, 20] as const;
const SHADOWS = [0, 0, 0, 0, 1, 1, 2, 5, 10, 20] as const;
const GAPS = [0, 0, 0, 0, 1, -1, 2, -2, 5, -5, 12, -12] as const;

function drawRun(random: Random, from: number): Cents[] {
  const run: Cents[] = [];
  let cents = from;
  for (let left = 1 + random.below(12); left > 0; left -= 1) {
    const scale = random.pick([1, 2, 3, 3]);
    const open = cents + random.pick(GAPS) * scale;
    const close = open + random.pick(BODIES) * (random.chance(0.5) ? scale : -scale);
    const high = Math.max(open, close) + random.pick(SHADOWS) * scale;
    const low = Math.min(open, close) - random.pick(SHADOWS) * scale;
    run.push([open, high, low, close]);
    cents = close;
  }
  return run;
}

function drawPattern(random: Random, from: number): Cents[] {
  const scale = random.pick([2, 3, 3, 4]) * (random.chance(0.5) ? 1 : -1);
  const odds = random.pick([0, 0.05, 0.2]);
  const moved = (units: number): number =>
    from + units * scale + (random.chance(odds) ? random.pick([-1, 1, -2, 2]) : 0);
  const pattern = present(PATTERNS[random.below(PATTERNS.length)], 'a pattern');
  const drawn = pattern.map((units) => units.map(moved));
  if (random.chance(0.4)) snap(random, drawn);
  return drawn.map(([open = NaN, close = NaN, ...shadows]) => {
    return [open, Math.max(open, close, ...shadows), Math.min(open, close, ...shadows), close];
  });
}

/** One price is set to another, so that limits are met exactly. */
function snap(random: Random, drawn: readonly number[][]): void {
  const one = present(drawn[random.below(drawn.length)], 'a candle');
  const other = present(drawn[random.below(drawn.length)], 'another');
  one[random.below(one.length)] = present(other[random.below(other.length)], 'a price');
}

/**
 * Candles as open, close and, where it has shadows, high and low, in units of two to four cents; in
 * a usual run bodies are of five units and ranges of thirteen.
 */
const DRAWN = `
twoCrows                    0,12 16,13 15,6
upsideGapTwoCrows           0,12 16,14 17,13
threeBlackCrows             -8,0,1 -1,-8 -3,-12 -7,-16
identicalThreeCrows         12,4 4,-4 -4,-12
threeStarsInSouth           20,10,20,-2 14,8,14,2 7,5
concealingBabySwallow       20,10 16,6 4,2,8,2 10,0
breakaway                   22,8 6,4,7,3 5,2,6,2 3,0,5,0 0,7
ladderBottom                20,15 17,12 14,9 10,7,13,7 11,17
matHold                     0,14 17,15 14,12 12,10 11,22
risingFallingThreeMethods   0,14 11,9 9,7 7,5 6,20
threeLineStrike             0,4 2,7 5,10 12,-2
kicking                     14,0 17,32
kickingByLength             16,0 18,32
abandonedBaby               14,0 -4,-4,-3,-5 0,12
morningStar                 14,0 -3,-5,-2,-6 -1,11
morningDojiStar             14,0 -3,-3,-2,-6 -1,11
uniqueThreeRiver            12,0,12,-1 10,3,10,-4 -1,1
gapThreeMethods             0,5 8,13 10,3
stickSandwich               6,0 1,5,6,1 7,0
tasukiGap                   0,5 8,13 12,7
darkCloudCover              0,12 15,4
piercing                    12,0 -3,9
counterattack               12,0 -12,0
separatingLines             8,0 8,20
inNeck                      12,0 -4,0
onNeck                      12,0,12,-1 -5,-1
thrusting                   12,0 -5,4
homingPigeon                12,0 8,5
matchingLow                 8,0 5,0
stalledPattern              0,12 7,19 18,20
threeWhiteSoldiers          0,10 6,16 13,23
advanceBlock                0,14 10,18,20 15,18,22
gapSideBySideWhite          0,5 8,13 8,13
tristar                     0,0,1,-1 4,4 1,1
threeInside                 14,0 3,7 6,18
hammer                      9,0 -1,-2,-1,-8
invertedHammer              9,0 -3,-4,4,-4
hikkakeModified             4,16,20,0 10,4,18,3 8,10,15,5 9,4,13,2 6,17
`;

const PATTERNS = DRAWN.trim()
  .split('\n')
  .map((line) => line.split(/ +/).slice(1))
  .map((candles) => candles.map((candle) => candle.split(',').map(Number)));
