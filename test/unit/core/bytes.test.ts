import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/core/assert.ts';
import { ByteReader, ByteWriter, DecodeError } from '../../../src/core/bytes.ts';

describe('ByteWriter', () => {
  it('writes little-endian', () => {
    const writer = new ByteWriter();
    writer.u8(0x01);
    writer.u16(0x0203);
    writer.u32(0x04050607);
    writer.i32(-2);

    expect([...writer.copy()]).toEqual([1, 3, 2, 7, 6, 5, 4, 0xfe, 0xff, 0xff, 0xff]);
  });

  it('writes every NaN alike', () => {
    const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_deadn]).buffer)[0] ?? 0;
    const writer = new ByteWriter();
    writer.f64(odd);
    writer.putF64(writer.reserve(8), odd);

    const canonical = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
    expect([...writer.copy()]).toEqual([...canonical, ...canonical]);
  });

  it('grows and keeps what was written', () => {
    const writer = new ByteWriter(1);
    for (let value = 0; value < 1_000; value += 1) writer.u32(value);
    const reader = new ByteReader(writer.view());

    expect(writer.length).toBe(4_000);
    expect(Array.from({ length: 1_000 }, () => reader.u32()).every((v, at) => v === at)).toBe(true);
  });

  it('forgets what is cut, and nothing else', () => {
    const writer = new ByteWriter();
    writer.u32(1);
    writer.u32(2);
    writer.truncate(4);
    writer.u8(9);

    expect([...writer.copy()]).toEqual([1, 0, 0, 0, 9]);
    expect(() => writer.truncate(6)).toThrow(InvariantError);
    writer.reset();
    expect(writer.view()).toHaveLength(0);
  });

  it('fills in a place that was left free', () => {
    const writer = new ByteWriter();
    const at = writer.reserve(4);
    writer.u8(5);
    writer.putU32(at, 77);

    expect(new ByteReader(writer.view()).u32()).toBe(77);
  });

  it('refuses a text whose length does not fit', () => {
    const writer = new ByteWriter();
    writer.text('a'.repeat(65_535));

    expect(() => writer.text('a'.repeat(65_536))).toThrow(InvariantError);
    expect(() => writer.text('é'.repeat(32_768))).toThrow(InvariantError);
  });

  it('writes half a surrogate pair as the replacement character', () => {
    const writer = new ByteWriter();
    writer.text('a\ud800b');

    expect(new ByteReader(writer.view()).text()).toBe('a\ufffdb');
  });
});

describe('ByteReader', () => {
  it('answers a DecodeError with the place where the bytes end too early', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const reads: ((reader: ByteReader) => unknown)[] = [
      (reader) => reader.u32(),
      (reader) => reader.i32(),
      (reader) => reader.f64(),
      (reader) => reader.text(),
      (reader) => reader.raw(4),
    ];
    for (const read of reads) expect(() => read(new ByteReader(bytes))).toThrow(DecodeError);

    const reader = new ByteReader(bytes, 1);
    reader.u16();
    expect(reader.isDone).toBe(true);
    expect(() => reader.u8()).toThrow('the bytes end too early at byte 3');
  });

  it('stops at its end even where there are more bytes', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3, 4), 1, 3);

    expect([reader.left, reader.u16(), reader.left]).toEqual([2, 0x0302, 0]);
    expect(() => reader.u8()).toThrow(DecodeError);
    expect(() => new ByteReader(Uint8Array.of(1), 0, 2)).toThrow(InvariantError);
  });

  it('reads a view into a larger buffer', () => {
    const bytes = Uint8Array.of(9, 9, 1, 0, 0, 0).subarray(2);

    expect(new ByteReader(bytes).u32()).toBe(1);
  });

  it('refuses text that is not UTF-8', () => {
    expect(() => new ByteReader(Uint8Array.of(2, 0, 0xc3, 0x28)).text()).toThrow(DecodeError);
  });
});
