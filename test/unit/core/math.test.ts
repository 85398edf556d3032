import { describe, expect, it } from 'vitest';
import { exp, expm1, log, log1p, tanh } from '../../../src/core/math.ts';
import { pow } from '../../../src/core/math-power.ts';
import { cos, sin } from '../../../src/core/math-trig.ts';
import { Random } from '../../../src/core/random.ts';
import { placesBetween } from '../../reference/last-place.ts';

const SAMPLES = 120_000;

// Ours and the engine's are each within one place of the truth for these; where the engine's own
// may be two places off (tanh by fdlibm is), so may be the distance.
const functions = [
  { name: 'exp', ours: exp, theirs: Math.exp, places: 1 },
  { name: 'expm1', ours: expm1, theirs: Math.expm1, places: 1 },
  { name: 'log', ours: (x: number) => log(Math.abs(x)), theirs: logOfSize, places: 1 },
  { name: 'log1p', ours: log1p, theirs: Math.log1p, places: 1 },
  { name: 'tanh', ours: tanh, theirs: Math.tanh, places: 2 },
  { name: 'sin', ours: sin, theirs: Math.sin, places: 1 },
  { name: 'cos', ours: cos, theirs: Math.cos, places: 1 },
];

function logOfSize(x: number): number {
  return Math.log(Math.abs(x));
}

describe('core/math against the engine', () => {
  it.each(functions)('$name agrees in the last places', ({ ours, theirs, places }) => {
    const random = new Random(1_990);
    let worst = { x: 0, distance: 0 };
    for (let count = 0; count < SAMPLES; count += 1) {
      const x = anyInput(random, count);
      const distance = placesBetween(ours(x), theirs(x));
      if (distance > worst.distance) worst = { x, distance };
    }

    expect(worst.distance, `seed 1990, at ${worst.x}`).toBeLessThanOrEqual(places);
  });

  it('pow agrees in the last places', () => {
    const random = new Random(1_991);
    let worst = { x: 0, y: 0, distance: 0 };
    for (let count = 0; count < SAMPLES; count += 1) {
      const [x, y] = anyPower(random, count);
      const distance = placesBetween(pow(x, y), Math.pow(x, y));
      if (distance > worst.distance) worst = { x, y, distance };
    }

    expect(worst.distance, `seed 1991, at ${worst.x}, ${worst.y}`).toBeLessThanOrEqual(2);
  });
});

describe('core/math at its edges', () => {
  it.each(functions)('$name answers as ECMAScript says', ({ ours, theirs, places }) => {
    for (const x of EDGES) {
      const [mine, wanted] = [ours(x), theirs(x)];
      const isExact = wanted === 0 || !Number.isFinite(wanted);
      if (isExact) expect(mine, `at ${x}`).toBe(wanted);
      else expect(placesBetween(mine, wanted), `at ${x}`).toBeLessThanOrEqual(places);
    }
  });

  it('pow answers as ECMAScript says', () => {
    for (const x of EDGES) {
      for (const y of EDGES) {
        const [mine, wanted] = [pow(x, y), Math.pow(x, y)];
        const isExact = wanted === 0 || !Number.isFinite(wanted) || Math.abs(wanted) === 1;
        if (isExact) expect(mine, `${x} to the ${y}`).toBe(wanted);
        else expect(placesBetween(mine, wanted), `${x} to the ${y}`).toBeLessThanOrEqual(1);
      }
    }
  });

  it('knows the numbers that everybody knows', () => {
    expect(exp(1)).toBe(Math.E);
    expect(log(2)).toBe(Math.LN2);
    expect(log(10)).toBe(Math.LN10);
    expect(pow(2, 0.5)).toBe(Math.SQRT2);
    expect(pow(10, -1)).toBe(0.1);
    expect([sin(0), cos(0), tanh(0), exp(0), log(1)]).toEqual([0, 1, 0, 1, 0]);
    expect(sin(Math.PI)).toBe(1.2246467991473532e-16);
    expect(sin(Math.PI / 2)).toBe(1);
    expect(cos(Math.PI)).toBe(-1);
  });

  it('reduces the largest arguments in full', () => {
    // From 1,600-bit arithmetic; 1e22 is the classic test of a reduction.
    expect(sin(1e22)).toBe(-0.8522008497671888);
    expect(cos(1e22)).toBe(0.523214785395139);
    expect(sin(Number.MAX_VALUE)).toBe(0.004961954789184062);
    expect(cos(Number.MAX_VALUE)).toBe(-0.9999876894265599);
  });

  it('turns to Infinity and to zero where a double ends', () => {
    expect(exp(709.782712893384)).toBe(1.7976931348622732e308);
    expect(exp(709.7827128933841)).toBe(Infinity);
    expect(exp(-745.1332191019411)).toBe(5e-324);
    expect(exp(-745.1332191019412)).toBe(0);
    expect(pow(2, 1023)).toBe(8.98846567431158e307);
    expect(pow(2, 1024)).toBe(Infinity);
    expect(pow(2, -1074)).toBe(5e-324);
    expect(pow(2, -1075)).toBe(0);
    expect(expm1(-1e3)).toBe(-1);
    expect([tanh(23), tanh(-23)]).toEqual([1, -1]);
  });
});

describe('pow of whole numbers', () => {
  it('is exact where the result is a whole double', () => {
    for (let base = -50; base <= 50; base += 1) {
      for (let power = 0; power <= 60; power += 1) {
        const exact = BigInt(base) ** BigInt(power);
        if (exact > MAX_SAFE || exact < -MAX_SAFE) break;
        expect(pow(base, power), `${base} to the ${power}`).toBe(Number(exact));
      }
    }
  });

  it('is the nearest double or its neighbour beyond', () => {
    for (let base = 2; base <= 50; base += 1) {
      for (let power = 2; power <= 180; power += 1) {
        const nearest = Number(BigInt(base) ** BigInt(power));
        expect(placesBetween(pow(base, power), nearest)).toBeLessThanOrEqual(1);
      }
    }
  });
});

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

const EDGES = [
  [Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 1.5, -1.5],
  [5e-324, -5e-324, 2.2250738585072014e-308, 1e-310, -1e-310, 1e-20, -1e-20, 1e-9, -1e-9],
  [Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 31, 2 ** 31 + 1, 2 ** 53, -(2 ** 53), 2 ** 53 - 1],
  [709, 710, -745, -746, 22, 23, -22, -23, 0.34657359027997264, 0.9999999999999999],
  [1.0000000000000002, -1.0000000000000002, Math.PI, Math.PI / 2, Math.PI / 4, 823_549.6],
].flat();

const pattern = new Float64Array(1);
const words = new Uint32Array(pattern.buffer);

function anyDouble(random: Random): number {
  words[0] = random.u32();
  words[1] = random.u32();
  return pattern[0] ?? 0;
}

function anyInput(random: Random, count: number): number {
  const centred = random.unit() - 0.5;
  switch (count % 6) {
    case 0:
      return anyDouble(random);
    case 1:
      return centred * 2;
    case 2:
      return centred * 50;
    case 3:
      return centred * 1_490;
    case 4:
      return 1 + centred * 1e-3;
    default:
      return centred * 4e6;
  }
}

function anyPower(random: Random, count: number): readonly [number, number] {
  const centred = random.unit() - 0.5;
  switch (count % 5) {
    case 0:
      return [Math.abs(anyDouble(random)), anyDouble(random)];
    case 1:
      return [random.unit() * 10, centred * 100];
    case 2:
      return [1 + (random.unit() - 0.5) * 1e-3, centred * 1e6];
    case 3:
      return [1 + (random.unit() - 0.5) * 1e-7, centred * 1e11];
    default:
      return [random.below(41) - 20, random.below(41) - 20];
  }
}
