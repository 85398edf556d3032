/** MessagePack in every width there is: @msgpack/msgpack only ever writes the shortest. */
export type Packed =
  | { readonly text: string; readonly width?: 0 | 1 | 2 | 4 }
  | { readonly int: bigint; readonly width?: number }
  | { readonly float: number; readonly width: 4 | 8 }
  | { readonly list: readonly Packed[]; readonly width?: 0 | 2 | 4 }
  | { readonly map: readonly (readonly [Packed, Packed])[]; readonly width?: 0 | 2 | 4 }
  | { readonly seconds: bigint; readonly ns: number; readonly width: 4 | 8 | 12 }
  | { readonly word: null | boolean }
  | { readonly bytes: readonly number[] };

export function pack(value: Packed): Uint8Array {
  return new Uint8Array(packed(value));
}

function packed(value: Packed): readonly number[] {
  if ('text' in value) {
    const bytes = [...new TextEncoder().encode(value.text)];
    const isShort = bytes.length < 32 && (value.width ?? 0) === 0;
    const head = isShort ? [0xa0 | bytes.length] : length(0xd9, bytes.length, value.width ?? 4);
    return [...head, ...bytes];
  }
  if ('int' in value) return packInt(value.int, value.width ?? 0);
  if ('float' in value) {
    const view = new DataView(new ArrayBuffer(value.width));
    if (value.width === 4) view.setFloat32(0, value.float);
    else view.setFloat64(0, value.float);
    return [value.width === 4 ? 0xca : 0xcb, ...new Uint8Array(view.buffer)];
  }
  if ('list' in value) {
    const isShort = value.list.length < 16 && (value.width ?? 0) === 0;
    const head = isShort
      ? [0x90 | value.list.length]
      : length(0xdc, value.list.length, value.width === 2 ? 2 : 4, 2);
    return [...head, ...value.list.flatMap(packed)];
  }
  if ('map' in value) {
    const isShort = value.map.length < 16 && (value.width ?? 0) === 0;
    const head = isShort
      ? [0x80 | value.map.length]
      : length(0xde, value.map.length, value.width === 2 ? 2 : 4, 2);
    return [...head, ...value.map.flatMap(([name, of]) => [...packed(name), ...packed(of)])];
  }
  if ('seconds' in value) return packTime(value.seconds, value.ns, value.width);
  if ('bytes' in value) return [...length(0xc4, value.bytes.length, 1), ...value.bytes];
  return [value.word === null ? 0xc0 : value.word ? 0xc3 : 0xc2];
}

function packInt(int: bigint, width: number): readonly number[] {
  const isShort = width === 0 && int >= -32n && int < 128n;
  if (isShort) return [Number(BigInt.asUintN(8, int))];
  const fits = [1, 2, 4, 8].find((bytes) => {
    const bits = bytes * 8;
    const isIn = int < 0n ? BigInt.asIntN(bits, int) === int : BigInt.asUintN(bits, int) === int;
    return bytes >= width && isIn;
  });
  const bytes = fits ?? 8;
  const code = (int < 0n ? 0xd0 : 0xcc) + Math.log2(bytes);
  return [code, ...bigEndian(int, bytes)];
}

function packTime(seconds: bigint, ns: number, width: 4 | 8 | 12): readonly number[] {
  if (width === 4) return [0xd6, 0xff, ...bigEndian(seconds, 4)];
  if (width === 8) return [0xd7, 0xff, ...bigEndian((BigInt(ns) << 34n) | seconds, 8)];
  return [0xc7, 12, 0xff, ...bigEndian(BigInt(ns), 4), ...bigEndian(seconds, 8)];
}

function bigEndian(int: bigint, bytes: number): readonly number[] {
  return Array.from({ length: bytes }, (_, at) =>
    Number((int >> BigInt(8 * (bytes - 1 - at))) & 0xffn),
  );
}

function length(code: number, size: number, width: number, least = 1): readonly number[] {
  const fits = size < 256 ? 1 : size < 65_536 ? 2 : 4;
  const bytes = Math.max(width, fits, least);
  return [code + Math.log2(bytes) - (least === 2 ? 1 : 0), ...bigEndian(BigInt(size), bytes)];
}
