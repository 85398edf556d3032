import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/core/assert.ts';
import { ByteReader, ByteWriter, DecodeError } from '../../../src/core/bytes.ts';
import {
  double,
  doubles,
  type Field,
  index,
  integer,
  list,
  oneOf,
  optional,
  row,
  text,
  truth,
  unionCodec,
} from '../../../src/core/record.ts';

function bytesOf<T>(field: Field<T>, value: T): Uint8Array {
  const writer = new ByteWriter();
  field.write(writer, value);
  return writer.copy();
}

function readFrom<T>(field: Field<T>, ...bytes: readonly number[]): T {
  return field.read(new ByteReader(Uint8Array.from(bytes)));
}

describe('unionCodec', () => {
  it('writes the number of the kind, then the fields in the order of the table', () => {
    const codec = unionCodec({ a: row(3, { y: truth, x: index(), z: optional(truth) }) });
    const writer = new ByteWriter();
    codec.write(writer, { kind: 'a', x: 258, y: true });

    expect([...writer.copy()]).toEqual([3, 1, 2, 1, 0, 0, 0]);
    expect(codec.kinds).toEqual(['a']);
  });

  it('refuses an unknown kind with its place', () => {
    const codec = unionCodec({ a: row(3, {}) });

    expect(() => codec.read(new ByteReader(Uint8Array.of(0, 9), 1))).toThrow(
      new DecodeError('unknown kind of record', 1),
    );
  });

  it('stops at a table that is wrong', () => {
    expect(() => unionCodec({ a: row(1, {}), b: row(1, {}) })).toThrow(InvariantError);
    expect(() => unionCodec({ a: row(0, {}) })).toThrow(InvariantError);
    expect(() => unionCodec({ a: row(256, {}) })).toThrow(InvariantError);
    expect(() => unionCodec({ a: row(1, { kind: text() }) })).toThrow(InvariantError);
    expect(() => list(text(), 65_536)).toThrow(InvariantError);
    expect(() => oneOf(...Array.from({ length: 257 }, String))).toThrow(InvariantError);
  });
});

describe('fields', () => {
  it('write one pattern for NaN and one for zero', () => {
    const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer);

    expect(bytesOf(double, odd[0] ?? 0)).toEqual(bytesOf(double, Number.NaN));
    expect(bytesOf(doubles, odd)).toEqual(bytesOf(doubles, Float64Array.of(Number.NaN)));
    expect(bytesOf(integer(), -0)).toEqual(bytesOf(integer(), 0));
  });

  it('stop at values of ours that do not fit', () => {
    expect(() => bytesOf(integer(), 0.5)).toThrow(InvariantError);
    expect(() => bytesOf(integer(), 2 ** 53)).toThrow(InvariantError);
    expect(() => bytesOf(index(), -1)).toThrow(InvariantError);
    expect(() => bytesOf(index(), 2 ** 32)).toThrow(InvariantError);
    expect(() => bytesOf(list(truth, 2), [true, true, true])).toThrow(InvariantError);
  });

  it('refuse bytes that nothing of ours writes', () => {
    const half = bytesOf(double, 0.5);

    expect(() => readFrom(integer(), ...half)).toThrow(DecodeError);
    expect(() => readFrom(truth, 2)).toThrow(DecodeError);
    expect(() => readFrom(oneOf('a', 'b'), 2)).toThrow(DecodeError);
    expect(() => readFrom(list(truth, 2), 3, 0, 1, 1, 1)).toThrow(DecodeError);
  });

  it('refuse a damaged length before any memory is asked for', () => {
    expect(() => readFrom(doubles, 0xff, 0xff, 0xff, 0xff, 0)).toThrow(DecodeError);
  });

  it('copy a block of doubles on both sides', () => {
    const values = Float64Array.of(1, 2);
    const bytes = bytesOf(doubles, values);
    values[0] = 9;
    const found = readFrom(doubles, ...bytes);

    expect([...found]).toEqual([1, 2]);
    expect(found.buffer).not.toBe(bytes.buffer);
  });
});
