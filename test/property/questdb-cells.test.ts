import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellReader, isCellsEnd } from '../../src/store/questdb/answer-cells.ts';

/** As QuestDB writes a double: Java's text, with a point always and `E` for the exponent. */
function javaText(value: number): string {
  if (value !== value) return 'null';
  const text = Object.is(value, -0) ? '-0.0' : String(value).replace('e+', 'E').replace('e', 'E');
  return /[.E]/.test(text) ? text : `${text}.0`;
}

const price = fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.nat({ max: 8 }));

describe('a cell of an answer', () => {
  it('is the very double that its text names', () => {
    const doubles = fc.oneof(
      fc.double({ noDefaultInfinity: true }),
      price.map(([whole, decimals]) => whole / 10 ** decimals),
      fc.maxSafeInteger(),
      fc.constantFrom(5e-324, 2 ** 53, 2 ** 53 + 2, 1e22, 1e23, 0.1 + 0.2, -0),
    );
    fc.assert(
      fc.property(doubles, (value) => {
        const cells = new CellReader();
        cells.feed(Buffer.from(`${javaText(value)},`));

        expect(cells.number()).toBe(value);
        expect(cells.rest).toBe(',');
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the double that Number makes of any text of digits', () => {
    const digits = fc.oneof(
      fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,26})?(E-?\d{1,3})?$/),
      fc.stringMatching(/^-?0\.0{8,30}\d{1,15}$/),
    );
    fc.assert(
      fc.property(digits, (text) => {
        const cells = new CellReader();
        cells.feed(Buffer.from(`${text}]`));

        expect(cells.number()).toBe(Number(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the same wherever the bytes were cut', () => {
    const row = fc.tuple(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.double({ noDefaultInfinity: true }),
      fc.boolean(),
      fc.array(fc.double({ noDefaultInfinity: true }), { maxLength: 4 }),
    );
    const rows = fc.array(row, { minLength: 1, maxLength: 6 });
    const cuts = fc.array(fc.nat(), { maxLength: 5 });
    fc.assert(
      fc.property(rows, cuts, (given, places) => {
        const told = given.map(
          ([text, number, isOpen, list]) =>
            `[${JSON.stringify(text)},${javaText(number)},${isOpen},` +
            `[${list.map(javaText).join()}]]`,
        );
        const bytes = Buffer.from(`${told.join()}],"count":1}`);
        const ends = [...places.map((place) => place % bytes.length), bytes.length];
        const cells = new CellReader();
        const found: unknown[] = [];
        let from = 0;
        for (const until of ends.toSorted((left, right) => left - right)) {
          cells.feed(bytes.subarray(from, until));
          from = until;
          readAll(cells, found);
        }

        expect(found).toEqual(given);
        expect(cells.rest).toBe('],"count":1}');
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['x', '1.5x,', '"a', '{}', '[1,2]]', 'nul,'])(
    'that is none is said to be none: %s',
    (text) => {
      const cells = new CellReader();
      cells.feed(Buffer.from(`[${text}${' '.repeat(40)}`));

      expect(() => {
        cells.beginRow();
        cells.number();
        cells.endRow();
      }).toThrow();
    },
  );
});

function readAll(cells: CellReader, found: unknown[]): void {
  for (;;) {
    const { at } = cells;
    try {
      if (!cells.beginRow()) return;
      const text = cells.text('a');
      cells.nextCell();
      const number = cells.number();
      cells.nextCell();
      const isOpen = cells.truth();
      cells.nextCell();
      const list = cells.list();
      cells.endRow();
      found.push([text, number, isOpen, list]);
    } catch (error) {
      if (!isCellsEnd(error)) throw error;
      cells.at = at;
      return;
    }
  }
}
