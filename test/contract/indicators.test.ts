import { describe, expect, it } from 'vitest';
import {
  configure,
  INDICATOR_FAMILIES,
  parameterFault,
} from '../../src/domain/indicators/declaration.ts';
import { INDICATORS } from '../../src/domain/indicators/registry.ts';
import { FLAT } from './flat/flat.ts';
import { indicatorContract } from './indicator.ts';

for (const declaration of INDICATORS) {
  const usual = declaration.parameters.map((parameter) => parameter.usual);
  indicatorContract(declaration, usual);
  const least = declaration.parameters.map((parameter) => parameter.least);
  const canBeLeast = parameterFault(declaration, least) === undefined;
  if (canBeLeast && least.join() !== usual.join()) indicatorContract(declaration, least);
}

/** Who it is from; a year follows where one is known. */
const AUTHOR =
  /^(?:Commonly charted|Textbook|TA-Lib|(?:\p{Lu}[\p{L}.]*(?:,| and)? )+\p{Lu}[\p{L}-]+)/u;

/** Of a parameter's range. */
const EDGES = ['least', 'usual', 'most'] as const;

describe('declarations', () => {
  it.each(INDICATORS)('$name says all that its table shows', (declaration) => {
    for (const text of [declaration.title, declaration.tells, declaration.formula]) {
      expect(text.length).toBeGreaterThan(3);
    }
    const { source, talib } = declaration;
    if (talib === undefined) expect(source).toMatch(AUTHOR);
    else expect(`${source};`.startsWith(`TA-Lib ${talib};`), source).toBe(true);
    for (const [year] of source.matchAll(/\b\d{3,}/g)) {
      expect(Math.abs(Number(year) - 1_930), source).toBeLessThan(100);
    }
    expect(INDICATOR_FAMILIES).toContain(declaration.family);
    expect(declaration.outputs.length).toBeGreaterThan(0);
  });

  it.each(INDICATORS)("$name has TA-Lib's names where it reproduces a function of it", (known) => {
    for (const { name, talib } of [...known.parameters, ...known.outputs]) {
      expect(talib === undefined, name).toBe(known.talib === undefined);
    }
  });

  it.each(INDICATORS)('$name refuses each parameter outside its range by name', (declaration) => {
    for (const [at, { name, least, most, usual, isWhole }] of declaration.parameters.entries()) {
      const wrong = [least - 1, most + 1, Number.NaN, ...(isWhole ? [usual + 0.5] : [])];
      for (const value of wrong) {
        const values = declaration.parameters.map((parameter) => parameter.usual);
        values[at] = value;
        const fault = parameterFault(declaration, values);
        expect(fault).toMatchObject({ indicator: declaration.name, field: name, value });
        expect(() => configure(declaration, values)).toThrow(declaration.name);
      }
    }
  });

  it.each(INDICATORS.filter(({ refuses }) => refuses !== undefined))(
    '$name names the parameter at fault, and its value, where two go badly together',
    (declaration) => {
      const { parameters } = declaration;
      const faults = parameters.flatMap((_, at) =>
        parameters.flatMap((_other, place) =>
          EDGES.flatMap((one) =>
            EDGES.flatMap((other) => {
              const values = parameters.map(({ usual }) => usual);
              values[at] = parameters[at]?.[one] ?? Number.NaN;
              values[place] = parameters[place]?.[other] ?? Number.NaN;
              const fault = parameterFault(declaration, values);
              return fault === undefined ? [] : [{ fault, values }];
            }),
          ),
        ),
      );
      expect(faults.length).toBeGreaterThan(0);
      for (const { fault, values } of faults) {
        const at = parameters.findIndex(({ name }) => name === fault.field);
        expect(fault).toMatchObject({ indicator: declaration.name, value: values[at] });
        expect(fault.expected).toContain(fault.field);
      }
    },
  );

  it('has a line for a flat market of every indicator, and none of any other', () => {
    for (const family of INDICATOR_FAMILIES) {
      const names = INDICATORS.filter((known) => known.family === family).map(({ name }) => name);
      expect(Object.keys(FLAT[family]).toSorted(), family).toEqual(names.toSorted());
    }
  });
});
