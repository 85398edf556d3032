import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSymbol, encodeSymbol, isSymbolName } from '../../../src/domain/market/symbols.ts';

const printable = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 });
// Names that differ little are the ones that could collide.
const similar = fc.string({
  unit: fc.constantFrom('A', 'a', 'F', 'f', '2', '_', '.', '-', '/', '~', 'C', 'O', 'N'),
  minLength: 1,
  maxLength: 5,
});
const name = fc.oneof(printable, similar);

describe('encodeSymbol', () => {
  it('comes back unchanged from text of safe characters', () => {
    fc.assert(
      fc.property(name, (original) => {
        const text = encodeSymbol(original);

        expect(decodeSymbol(text)).toBe(original);
        expect(text).toMatch(/^(?![.-])[a-z0-9._-]+(?<!\.)$/);
        expect(text).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/);
        expect(isSymbolName(original)).toBe(/^[!-~]{1,32}$/.test(original));
      }),
      { numRuns: 5_000 },
    );
  });

  it('gives different names different texts, also where case is ignored', () => {
    fc.assert(
      fc.property(similar, similar, (left, right) => {
        const isSame = encodeSymbol(left).toUpperCase() === encodeSymbol(right).toUpperCase();

        expect(isSame).toBe(left === right);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('decodeSymbol', () => {
  it('reads only what encodeSymbol writes', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcf0247_.-/A'), maxLength: 8 });

    fc.assert(
      fc.property(text, (given) => {
        const decoded = decodeSymbol(given);

        expect(decoded === undefined || encodeSymbol(decoded) === given).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});
