import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/models/graph/builder.ts';
import { BATCH, type Graph } from '../../../../src/models/graph/graph.ts';
import { OnnxError } from '../../../../src/models/onnx/onnx-error.ts';
import { ProtobufReader } from '../../../../src/models/onnx/protobuf-reader.ts';
import { ProtobufWriter } from '../../../../src/models/onnx/protobuf-writer.ts';
import { readOnnx } from '../../../../src/models/onnx/read-onnx.ts';
import { writeOnnx } from '../../../../src/models/onnx/write-onnx.ts';

describe('a file of a graph', () => {
  it('has the same bytes each time it is written', () => {
    const parameters = Float32Array.of(1, 2);
    expect(writeOnnx(tinyGraph(), { parameters })).toEqual(writeOnnx(tinyGraph(), { parameters }));
  });

  it('gives back names, shapes, parameters and what is said beside them', () => {
    const meta = { horizon: '30 minutes' };
    const bytes = writeOnnx(tinyGraph(), { parameters: Float32Array.of(0.5, -2), meta });
    const read = readOnnx(bytes);

    expect(read.graph.inputs).toMatchObject([{ name: 'x', shape: [-3, 2] }]);
    expect(read.graph.parameters).toMatchObject([{ name: 'scale', shape: [2] }]);
    expect(read.graph.outputs.map(({ name }) => name)).toEqual(['y', 'same']);
    expect(read.parameters).toEqual(Float32Array.of(0.5, -2));
    expect(read.meta).toEqual(new Map(Object.entries(meta)));
  });

  it('asks for the parameters where they are not a part of it', () => {
    const { graph } = readOnnx(writeOnnx(tinyGraph()));

    expect(graph.inputs.map(({ name }) => name)).toEqual(['x', 'scale']);
    expect(graph.parameters).toEqual([]);
  });

  it('is not written with a number that 32 bits do not hold', () => {
    const write = () => writeOnnx(tinyGraph(), { parameters: Float64Array.of(1, 1e39) });

    expect(write).toThrow(expect.objectContaining({ code: 'ONNX_VALUE' }));
  });

  it('is not written with more parameters than there are', () => {
    const write = () => writeOnnx(tinyGraph(), { parameters: new Float32Array(3) });

    expect(write).toThrow(expect.objectContaining({ code: 'ONNX_VALUE' }));
  });
});

describe('a file that is not ours', () => {
  it.each([
    ['another version of the operators', model({ opset: 18 }), 'ONNX_UNSUPPORTED'],
    ['operators of a vendor', model({ domain: 'com.vendor' }), 'ONNX_UNSUPPORTED'],
    ['an operator that is not listed', model({ type: 'Loop' }), 'ONNX_UNSUPPORTED'],
    ['a name of every object', model({ type: 'constructor' }), 'ONNX_UNSUPPORTED'],
    ['an attribute that is not listed', model({ attribute: 'alpha' }), 'ONNX_UNSUPPORTED'],
    ['an input that nothing gives', model({ input: 'z' }), 'ONNX_DAMAGED'],
    ['an input that is a circle', model({ input: 'y' }), 'ONNX_DAMAGED'],
    ['an output that nothing gives', model({ output: 'z' }), 'ONNX_DAMAGED'],
    ['a name that is given twice', model({ made: 'x' }), 'ONNX_DAMAGED'],
    ['an axis of nine times nine billion', model({ sizes: [9e9, 9] }), 'ONNX_DAMAGED'],
    ['a size below nought', model({ sizes: [2, 0] }), 'ONNX_UNSUPPORTED'],
    ['nothing at all', new Uint8Array(0), 'ONNX_DAMAGED'],
    ['numbers in a file beside it', model({ tensor: external() }), 'ONNX_UNSUPPORTED'],
    ['a tensor of more numbers than bytes', model({ tensor: short() }), 'ONNX_DAMAGED'],
    ['a tensor of a size that overflows', model({ tensor: overflowing() }), 'ONNX_LIMIT'],
  ])('with %s is refused', (_, bytes, code) => {
    const read = () => readOnnx(bytes);

    expect(read).toThrow(OnnxError);
    expect(read).toThrow(expect.objectContaining({ code }));
  });

  it('is read where it is like ours', () => {
    expect(readOnnx(model({})).graph.nodes.map(({ op }) => op)).toEqual(['input', 'relu']);
  });
});

describe('a whole number in a file', () => {
  it.each([0, 1, 127, 128, 2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER])('may be %d', (value) => {
    const reader = new ProtobufReader(new ProtobufWriter().integer(1, value).view());

    expect(reader.next()).toBe(true);
    expect(reader.integer()).toBe(value);
    expect(reader.next()).toBe(false);
  });

  it('may be below nought, which takes ten bytes', () => {
    const minusOne = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    const reader = new ProtobufReader(Uint8Array.of(8, ...minusOne));

    expect(reader.next()).toBe(true);
    expect(reader.integer()).toBe(-1);
  });
});

function tinyGraph(): Graph {
  const builder = new GraphBuilder('tiny');
  const x = builder.input('x', [3 * BATCH, 2]);
  const scale = builder.parameter('scale', [2], { kind: 'constant', value: 1 });
  builder.output('y', builder.mul(x, scale));
  builder.output('same', x);
  return builder.build();
}

interface Wrong {
  readonly opset?: number;
  readonly domain?: string;
  readonly type?: string;
  readonly attribute?: string;
  readonly input?: string;
  readonly made?: string;
  readonly output?: string;
  readonly sizes?: readonly number[];
  readonly tensor?: ProtobufWriter;
}

/** y = Relu(x), or something that is wrong in one place. */
function model(wrong: Wrong): Uint8Array {
  const node = new ProtobufWriter()
    .text(1, wrong.input ?? 'x')
    .text(2, wrong.made ?? 'y')
    .text(4, wrong.type ?? 'Relu');
  if (wrong.attribute !== undefined) {
    node.message(5, new ProtobufWriter().text(1, wrong.attribute).integer(3, 1));
  }
  const graph = new ProtobufWriter()
    .message(1, node)
    .text(2, 'foreign')
    .message(11, value('x', wrong.sizes ?? [2, 3]))
    .message(12, value(wrong.output ?? 'y', wrong.sizes ?? [2, 3]));
  if (wrong.tensor !== undefined) graph.message(5, wrong.tensor);
  const opset = new ProtobufWriter().text(1, wrong.domain ?? '').integer(2, wrong.opset ?? 17);
  return new ProtobufWriter().integer(1, 8).message(7, graph).message(8, opset).view();
}

function value(name: string, sizes: readonly number[]): ProtobufWriter {
  const shape = new ProtobufWriter();
  for (const size of sizes) shape.message(1, new ProtobufWriter().integer(1, size));
  const tensor = new ProtobufWriter().integer(1, 1).message(2, shape);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
}

/** TensorProto: data_location 14, of which 1 is another file. */
function external(): ProtobufWriter {
  return new ProtobufWriter().integer(1, 2).integer(2, 1).text(8, 'w').integer(14, 1);
}

function short(): ProtobufWriter {
  return new ProtobufWriter()
    .integer(1, 1_000_000)
    .integer(2, 1)
    .text(8, 'w')
    .bytes(9, new Uint8Array(8));
}

/** A product that is nought in 64 bits. */
function overflowing(): ProtobufWriter {
  const sizes = new ProtobufWriter().integer(1, 2 ** 32).integer(1, 2 ** 32);
  return sizes.integer(2, 1).text(8, 'w').bytes(9, new Uint8Array(0));
}
