import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TableDeclaration } from '../../../src/ports/time-series.ts';
import { lastOfAlike } from '../../../src/store/duckdb/duplicates.ts';
import { readInt64, writeInt64 } from '../../../src/store/duckdb/int64-words.ts';
import { isoTime } from '../../../src/store/duckdb/iso-time.ts';
import { buffersOf, packBatch, unpackBatch } from '../../../src/store/duckdb/packed-batch.ts';
import { nextPartStart, partStart, wholeParts } from '../../../src/store/duckdb/part-bounds.ts';
import { TextWords } from '../../../src/store/duckdb/text-words.ts';

const TABLE: TableDeclaration = {
  name: 'rows',
  tells: 'A row.',
  version: 1,
  columns: [
    { name: 'at_us', kind: 'time', tells: 'when' },
    { name: 'symbol', kind: 'symbol', tells: 'which' },
    { name: 'is_open', kind: 'truth', tells: 'yes or no' },
    { name: 'state', kind: 'doubles', tells: 'a list' },
  ],
  time: 'at_us',
  partition: 'day',
  keys: ['symbol', 'is_open'],
};

const row = fc.record({
  atUs: fc.oneof(fc.constantFrom(0, -0, 1, 2), fc.maxSafeNat()),
  symbol: fc.constantFrom('', 'A', 'B', 'a text that is longer than twelve bytes'),
  isOpen: fc.boolean(),
  state: fc.array(fc.double(), { maxLength: 4 }),
});

const rows = fc.array(row, { maxLength: 300 });

function batchOf(given: readonly (typeof row extends fc.Arbitrary<infer Row> ? Row : never)[]) {
  return {
    table: TABLE,
    rows: given.length,
    columns: [
      Float64Array.from(given, ({ atUs }) => atUs),
      given.map(({ symbol }) => symbol),
      Uint8Array.from(given, ({ isOpen }) => (isOpen ? 1 : 0)),
      given.map(({ state }) => Float64Array.from(state)),
    ],
  };
}

describe('rows on their way into the embedded store', () => {
  it('are the same on the other side, and the batch that was packed is left alone', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const batch = batchOf(given);
        const packed = packBatch(batch);

        expect(
          unpackBatch(structuredClone(packed, { transfer: buffersOf(packed) }), TABLE),
        ).toEqual(batchOf(given));
        expect(batch).toEqual(batchOf(given));
      }),
    );
  });

  it('keep of those alike the last, and their order', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const last = new Map<string, number>();
        // A time of minus zero is one of zero.
        for (const [at, { atUs, symbol, isOpen }] of given.entries()) {
          last.set(JSON.stringify([atUs, symbol, isOpen]), at);
        }
        const wanted = [...last.values()].toSorted((left, right) => left - right);
        const found = lastOfAlike(packBatch(batchOf(given)));

        expect([...(found ?? given.keys())]).toEqual(wanted);
      }),
    );
  });
});

describe('values as the database writes them', () => {
  it('keep every whole number within 2^53', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const words = new Uint32Array(2);
        writeInt64(words, 0, value);

        expect(new BigInt64Array(words.buffer)[0]).toBe(BigInt(value));
        expect(readInt64(words, 0)).toBe(value);
      }),
    );
  });

  it('keep every text of at most twelve bytes in four words, and know it again', () => {
    const short = fc
      .string({ unit: 'binary', maxLength: 12 })
      .filter((text) => Buffer.byteLength(text) <= 12 && !/\p{Surrogate}/u.test(text));
    fc.assert(
      fc.property(fc.array(short, { maxLength: 400 }), (texts) => {
        const decoding = new TextWords();
        const words = new Uint32Array(texts.length * 4);
        for (const [at, text] of texts.entries()) {
          words.set(new TextWords().encode(text) ?? [], at * 4);
        }
        const codes = texts.map((_, at) => decoding.codeOf(words, at * 4));

        expect(codes.map((code) => decoding.texts[code])).toEqual(texts);
        expect(decoding.texts).toHaveLength(new Set(texts).size);
      }),
    );
    expect(new TextWords().encode('thirteen byte')).toBeUndefined();
    expect(new TextWords().encode('éééééé!')).toBeUndefined();
  });

  it('tell times as ISO 8601 does, with microseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 4e12 }), fc.nat({ max: 999 }), (ms, us) => {
        const iso = new Date(ms).toISOString();

        expect(isoTime(BigInt(ms) * 1_000n + BigInt(us))).toBe(
          `${iso.slice(0, -1)}${String(us).padStart(3, '0')}Z`,
        );
      }),
    );
  });
});

describe('parts of a table', () => {
  it.each(['hour', 'day', 'month', 'year'] as const)(
    'of one %s follow one another',
    (partition) => {
      const moment = fc.nat({ max: Date.UTC(2250, 0) }).map((ms) => ms * 1_000 + (ms % 1_000));
      fc.assert(
        fc.property(moment, moment, (one, other) => {
          const [start, next] = [partStart(partition, one), nextPartStart(partition, one)];

          expect(start).toBeLessThanOrEqual(one);
          expect(next).toBeGreaterThan(one);
          expect(partStart(partition, next)).toBe(next);
          expect(partStart(partition, next - 1)).toBe(start);
          const [from, until] = wholeParts(partition, one, other);
          expect(from).toBeGreaterThanOrEqual(one);
          expect(until === from || until <= other).toBe(true);
          expect([partStart(partition, from), partStart(partition, until)]).toEqual([from, until]);
        }),
      );
    },
  );
});
