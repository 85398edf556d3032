import { isSafeSize, RANK_MAX } from '../graph/shapes.ts';
import type { Shape } from '../graph/graph.ts';
import { OnnxError } from './onnx-error.ts';
import { FLOAT, INT64, TENSOR } from './onnx-proto.ts';
import { ProtobufReader } from './protobuf-reader.ts';

/** Numbers that a file holds: floats, or the sizes and places that some operators take. */
export type ParsedTensor = { readonly name: string; readonly shape: Shape } & (
  | { readonly kind: 'floats'; readonly values: Float32Array }
  | { readonly kind: 'integers'; readonly values: readonly number[] }
);

/** Sizes and places are a few; a file with more of them is not one of ours. */
const INTEGERS_MAX = 64;

interface Raw {
  name: string;
  type: number;
  readonly dims: number[];
  raw: Uint8Array | undefined;
  readonly integers: number[];
}

export function parseTensor(reader: ProtobufReader): ParsedTensor {
  const read: Raw = { name: '', type: 0, dims: [], raw: undefined, integers: [] };
  while (reader.next()) readField(reader, read);
  const { name, type, dims: shape } = read;
  // Each size is checked, so that a product of them cannot overflow into something small.
  if (!shape.every((size) => size >= 1) || !isSafeSize(shape)) {
    throw new OnnxError('ONNX_LIMIT', `tensor ${name} of [${shape.join(', ')}]`);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (type === FLOAT) return { kind: 'floats', name, shape, values: floatsOf(read, count) };
  if (type === INT64) return { kind: 'integers', name, shape, values: integersOf(read, count) };
  throw new OnnxError('ONNX_UNSUPPORTED', `tensor ${name} of the type ${type}`);
}

function readField(reader: ProtobufReader, read: Raw): void {
  switch (reader.field) {
    case TENSOR.dims:
      reader.integers(read.dims, RANK_MAX);
      return;
    case TENSOR.type:
      read.type = reader.integer();
      return;
    case TENSOR.name:
      read.name = reader.text();
      return;
    case TENSOR.raw:
    case TENSOR.floats:
      // Packed floats are laid down as raw ones are.
      if (read.raw !== undefined) throw new OnnxError('ONNX_UNSUPPORTED', 'a tensor in parts');
      read.raw = reader.bytes();
      return;
    case TENSOR.integers:
      reader.integers(read.integers, INTEGERS_MAX);
      return;
    case DOC:
      reader.skip();
      return;
    default:
      // Among them what lies in another file: nothing but this one is opened.
      throw new OnnxError('ONNX_UNSUPPORTED', `field ${reader.field} of tensor ${read.name}`);
  }
}

const DOC = 12;

function floatsOf({ name, raw }: Raw, count: number): Float32Array {
  const bytes = raw ?? new Uint8Array(0);
  if (bytes.length !== count * 4) throw wrongSize(name, bytes.length, count * 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = new Float32Array(count);
  for (let at = 0; at < count; at += 1) values[at] = view.getFloat32(at * 4, true);
  return values;
}

function integersOf({ name, raw, integers }: Raw, count: number): readonly number[] {
  if (count > INTEGERS_MAX) throw new OnnxError('ONNX_LIMIT', `${count} whole numbers in ${name}`);
  if (raw === undefined) {
    if (integers.length !== count) throw wrongSize(name, integers.length, count);
    return integers;
  }
  if (raw.length !== count * 8) throw wrongSize(name, raw.length, count * 8);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  return Array.from({ length: count }, (_, at) => {
    const value = Number(view.getBigInt64(at * 8, true));
    // What means "to the end" is larger than any size, and stays so.
    return Math.max(Math.min(value, Number.MAX_SAFE_INTEGER), Number.MIN_SAFE_INTEGER);
  });
}

function wrongSize(name: string, found: number, wanted: number): OnnxError {
  return new OnnxError('ONNX_DAMAGED', `tensor ${name} holds ${found}, not ${wanted}`);
}
