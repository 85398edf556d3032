import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exp, expm1, log, log10, log1p, tanh } from '../../src/core/math.ts';
import { erf } from '../../src/core/math-erf.ts';
import { cosh, sinh } from '../../src/core/math-hyperbolic.ts';
import { acos, asin, atan } from '../../src/core/math-inverse.ts';
import { normalShareBelow } from '../../src/core/math-normal.ts';
import { pow } from '../../src/core/math-power.ts';
import { cos, sin, tan } from '../../src/core/math-trig.ts';
import { Hash64 } from '../../src/core/hash.ts';
import { Random } from '../../src/core/random.ts';
import { fromHex, placesBetween } from '../reference/last-place.ts';

const golden: Readonly<Record<string, readonly (readonly string[])[]>> = JSON.parse(
  readFileSync(new URL('math.json', import.meta.url), 'utf8'),
);

type Compute = readonly [name: string, compute: (x: number, y: number) => number];

const functions: readonly Compute[] = [
  ['exp', exp],
  ['expm1', expm1],
  ['log', log],
  ['log1p', log1p],
  ['tanh', tanh],
  ['sin', sin],
  ['cos', cos],
  ['pow', pow],
];

const laterFunctions: readonly Compute[] = [
  ['tan', tan],
  ['asin', asin],
  ['acos', acos],
  ['atan', atan],
  ['sinh', sinh],
  ['cosh', cosh],
  ['log10', log10],
];

const latestFunctions: readonly Compute[] = [['erf', erf]];

describe('core/math against 1,600-bit arithmetic', () => {
  const all = [...functions, ...laterFunctions, ...latestFunctions];
  it.each(all)('%s is the correctly rounded result or its neighbour', (name, compute) => {
    const rows = golden[name] ?? [];
    const faults: string[] = [];
    for (const row of rows) {
      const values = row.map(fromHex);
      const wanted = values.at(-1) ?? Number.NaN;
      const [x = 0, y = 0] = values;
      const found = compute(x, y);
      if (placesBetween(found, wanted) > 1) faults.push(`${x} ${y}: ${found}, not ${wanted}`);
    }

    expect(rows.length).toBeGreaterThanOrEqual(310);
    expect(faults).toEqual([]);
  });
});

describe('the normal distribution', () => {
  it('is right to 1e-14 of itself, also far down its tail', () => {
    const rows = golden['normalShareBelow'] ?? [];
    for (const [x = NaN, wanted = NaN] of rows.map((row) => row.map(fromHex))) {
      const error = Math.abs(normalShareBelow(x) - wanted) / wanted;
      expect(error, `${x}`).toBeLessThan(1e-14);
    }

    expect(rows.length).toBeGreaterThan(200);
    expect(normalShareBelow(-Infinity)).toBe(0);
    expect(normalShareBelow(Infinity)).toBe(1);
    expect(normalShareBelow(NaN)).toBeNaN();
  });
});

describe('core/math on this machine', () => {
  it.each([
    { of: 'the first eight', all: functions, expected: 'b19efc02779116b2' },
    { of: 'the later seven', all: laterFunctions, expected: 'be3c79ab007e2a0d' },
    { of: 'the latest', all: latestFunctions, expected: '2d682d99851c68a4' },
  ])('gives the same bits of $of as on every other', ({ all, expected }) => {
    const random = new Random(19_930_101);
    const hash = new Hash64();
    const result = new Float64Array(1);
    const words = new Int32Array(result.buffer);
    for (let count = 0; count < 20_000; count += 1) {
      const x = (random.unit() - 0.5) * (SPREADS[count % SPREADS.length] ?? 1);
      for (const [, compute] of all) {
        const value = compute(x, random.unit() * 8 - 4);
        result[0] = Number.isNaN(value) ? Number.NaN : value;
        hash.int(words[0] ?? 0);
        hash.int(words[1] ?? 0);
      }
    }

    expect(hash.hex()).toBe(expected);
  });
});

const SPREADS = [1, 3, 40, 1_400, 1e6, 1e15, 1e300];
