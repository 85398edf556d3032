import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exp, expm1, log, log1p, tanh } from '../../src/core/math.ts';
import { pow } from '../../src/core/math-power.ts';
import { cos, sin } from '../../src/core/math-trig.ts';
import { Hash64 } from '../../src/core/hash.ts';
import { Random } from '../../src/core/random.ts';
import { fromHex, placesBetween } from '../reference/last-place.ts';

type Name = 'exp' | 'expm1' | 'log' | 'log1p' | 'tanh' | 'sin' | 'cos' | 'pow';

const golden: Readonly<Record<Name, readonly (readonly string[])[]>> = JSON.parse(
  readFileSync(new URL('math.json', import.meta.url), 'utf8'),
);

const functions: readonly (readonly [Name, (x: number, y: number) => number])[] = [
  ['exp', exp],
  ['expm1', expm1],
  ['log', log],
  ['log1p', log1p],
  ['tanh', tanh],
  ['sin', sin],
  ['cos', cos],
  ['pow', pow],
];

describe('core/math against 1,600-bit arithmetic', () => {
  it.each(functions)('%s is the correctly rounded result or its neighbour', (name, compute) => {
    const faults: string[] = [];
    for (const row of golden[name]) {
      const values = row.map(fromHex);
      const wanted = values.at(-1) ?? Number.NaN;
      const [x = 0, y = 0] = values;
      const found = compute(x, y);
      if (placesBetween(found, wanted) > 1) faults.push(`${x} ${y}: ${found}, not ${wanted}`);
    }

    expect(golden[name].length).toBeGreaterThanOrEqual(310);
    expect(faults).toEqual([]);
  });
});

describe('core/math on this machine', () => {
  it('gives the same bits as on every other', () => {
    const random = new Random(19_930_101);
    const hash = new Hash64();
    const result = new Float64Array(1);
    const words = new Int32Array(result.buffer);
    for (let count = 0; count < 20_000; count += 1) {
      const x = (random.unit() - 0.5) * (SPREADS[count % SPREADS.length] ?? 1);
      for (const [, compute] of functions) {
        const value = compute(x, random.unit() * 8 - 4);
        result[0] = Number.isNaN(value) ? Number.NaN : value;
        hash.int(words[0] ?? 0);
        hash.int(words[1] ?? 0);
      }
    }

    expect(hash.hex()).toBe('b19efc02779116b2');
  });
});

const SPREADS = [1, 3, 40, 1_400, 1e6, 1e15, 1e300];
