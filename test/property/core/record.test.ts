import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, DecodeError } from '../../../src/core/bytes.ts';
import {
  double,
  doubles,
  index,
  integer,
  list,
  nested,
  oneOf,
  optional,
  row,
  text,
  truth,
  unionCodec,
  type UnionOf,
} from '../../../src/core/record.ts';

const table = {
  traded: row(1, {
    symbol: index(),
    priceTicks: integer(),
    size: double,
    venue: optional(text()),
    isOdd: truth,
  }),
  scored: row(7, {
    side: oneOf('buy', 'sell', 'none'),
    features: doubles,
    tags: list(text(), 20),
    origin: optional(nested({ name: text(), weight: optional(double) })),
  }),
  stopped: row(255, {}),
};

type Sample = UnionOf<typeof table>;

const codec = unionCodec(table);

const safeInteger = fc
  .integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
  .map((value) => value + 0);
const anyText = fc.string({ unit: 'grapheme', maxLength: 30 });

/** Leaves absent fields out, as messages do. */
const traded = fc.record(
  {
    kind: fc.constant('traded' as const),
    symbol: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    priceTicks: safeInteger,
    size: fc.double(),
    venue: anyText,
    isOdd: fc.boolean(),
  },
  { requiredKeys: ['kind', 'symbol', 'priceTicks', 'size', 'isOdd'], noNullPrototype: true },
);
const scored = fc.record(
  {
    kind: fc.constant('scored' as const),
    side: fc.constantFrom('buy' as const, 'sell' as const, 'none' as const),
    features: fc.float64Array({ maxLength: 12 }),
    tags: fc.array(anyText, { maxLength: 20 }),
    origin: fc.record(
      { name: anyText, weight: fc.double() },
      { requiredKeys: ['name'], noNullPrototype: true },
    ),
  },
  { requiredKeys: ['kind', 'side', 'features', 'tags'], noNullPrototype: true },
);
const sample: fc.Arbitrary<Sample> = fc.oneof(
  traded,
  scored,
  fc.constant({ kind: 'stopped' as const }),
);

function encode(value: Sample): Uint8Array {
  const writer = new ByteWriter(8);
  codec.write(writer, value);
  return writer.copy();
}

describe('unionCodec', () => {
  it('gives back what was written, absent fields left out, to the last byte', () => {
    fc.assert(
      fc.property(sample, (value) => {
        const reader = new ByteReader(encode(value));
        const found = codec.read(reader);

        expect(found).toStrictEqual(value);
        expect(reader.isDone).toBe(true);
        expect(encode(found)).toEqual(encode(value));
      }),
      { numRuns: 1_000 },
    );
  });

  it('answers a DecodeError wherever the bytes are cut', () => {
    fc.assert(
      fc.property(sample, fc.nat(), (value, cut) => {
        const bytes = encode(value);
        const reader = new ByteReader(bytes, 0, cut % bytes.length);

        expect(() => codec.read(reader)).toThrow(DecodeError);
      }),
      { numRuns: 1_000 },
    );
  });

  it('answers a value or a DecodeError for any bytes, and nothing else', () => {
    const bytes = fc
      .tuple(fc.constantFrom(1, 7, 255, 3), fc.uint8Array({ maxLength: 60 }))
      .map(([kind, rest]) => Uint8Array.of(kind, ...rest));

    fc.assert(
      fc.property(bytes, (damaged) => {
        try {
          expect(['traded', 'scored', 'stopped']).toContain(
            codec.read(new ByteReader(damaged)).kind,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
