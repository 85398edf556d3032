import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../../../src/core/bytes.ts';

type Item =
  | { readonly kind: 'u8' | 'u16' | 'u32' | 'i32' | 'f64'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'raw'; readonly value: Uint8Array };

const item: fc.Arbitrary<Item> = fc.oneof(
  fc.record({ kind: fc.constant('u8' as const), value: fc.integer({ min: 0, max: 0xff }) }),
  fc.record({ kind: fc.constant('u16' as const), value: fc.integer({ min: 0, max: 0xffff }) }),
  fc.record({ kind: fc.constant('u32' as const), value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }),
  fc.record({
    kind: fc.constant('i32' as const),
    value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  }),
  fc.record({ kind: fc.constant('f64' as const), value: fc.double() }),
  fc.record({
    kind: fc.constant('text' as const),
    value: fc.string({ unit: fc.constantFrom('a', 'Z', ' ', 'é', '\ufeff', '漢', '😀', '\0') }),
  }),
  fc.record({ kind: fc.constant('raw' as const), value: fc.uint8Array({ maxLength: 40 }) }),
);

function write(writer: ByteWriter, { kind, value }: Item): void {
  if (kind === 'text') writer.text(value);
  else if (kind === 'raw') writer.raw(value);
  else writer[kind](value);
}

function read(reader: ByteReader, wanted: Item): unknown {
  return wanted.kind === 'raw' ? reader.raw(wanted.value.length).slice() : reader[wanted.kind]();
}

describe('ByteWriter and ByteReader', () => {
  it('give back what was written, in order, to the last byte', () => {
    fc.assert(
      fc.property(fc.array(item), fc.integer({ min: 1, max: 64 }), (items, capacity) => {
        const writer = new ByteWriter(capacity);
        for (const entry of items) write(writer, entry);
        const reader = new ByteReader(writer.copy());
        const found = items.map((entry) => read(reader, entry));

        expect(found).toEqual(items.map(({ value }) => value));
        expect(reader.isDone).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('read any text that is well formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const writer = new ByteWriter();
        writer.text(text);

        expect(new ByteReader(writer.view()).text()).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
