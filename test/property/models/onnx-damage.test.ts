import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialise } from '../../../src/models/graph/parameters.ts';
import { sizeOf } from '../../../src/models/graph/shapes.ts';
import { OnnxError } from '../../../src/models/onnx/onnx-error.ts';
import { readOnnx } from '../../../src/models/onnx/read-onnx.ts';
import { writeOnnx } from '../../../src/models/onnx/write-onnx.ts';
import {
  batchedGraph,
  everyOperation,
  lstmGraph,
} from '../../unit/models/graph/operator-graphs.ts';

const FILES = [batchedGraph(), everyOperation([2, 3, 2]), lstmGraph(2)].map((graph) =>
  writeOnnx(graph, { parameters: initialise(graph, 1), meta: { of: graph.name } }),
);
const file = fc.constantFrom(...FILES);

/** Whatever the bytes are: a graph that holds together, or an error with a code. */
function expectAnswer(bytes: Uint8Array): void {
  try {
    const { graph, parameters } = readOnnx(bytes);
    const count = graph.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    expect(parameters.length).toBe(count);
    // Numbers are taken from the file alone, so there are not more of them than it has bytes.
    expect(parameters.length * 4).toBeLessThanOrEqual(bytes.length);
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    expect(error.code).toMatch(/^ONNX_(?:DAMAGED|LIMIT|UNSUPPORTED)$/);
  }
}

describe('an ONNX file that is damaged', () => {
  it('is refused wherever it ends', () => {
    fc.assert(
      fc.property(file, fc.double({ min: 0, max: 1, noNaN: true }), (bytes, share) => {
        const cut = bytes.subarray(0, Math.floor(share * (bytes.length - 1)));
        expectAnswer(cut);
      }),
      { numRuns: 150 },
    );
  });

  it('is refused or read where bytes are others', () => {
    const flips = fc.array(fc.tuple(fc.nat(1 << 20), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(file, flips, (bytes, changes) => {
        const changed = bytes.slice();
        for (const [place, value] of changes) changed[place % changed.length] = value;
        expectAnswer(changed);
      }),
      { numRuns: 400 },
    );
  });

  it('is refused where a length is beyond all bytes', () => {
    const huge = fc.constantFrom(
      [0xff, 0xff, 0xff, 0xff, 0x0f],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    );
    fc.assert(
      fc.property(file, fc.nat(1 << 20), huge, (bytes, at, varint) => {
        const changed = bytes.slice();
        changed.set(varint, at % (changed.length - varint.length));
        expectAnswer(changed);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused where it is nothing but noise', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), expectAnswer), { numRuns: 300 });
  });
});
