import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { loadOnnxRuntime, openSession } from '../../../src/gpu/onnx/runtime.ts';
import type { Graph } from '../../../src/models/graph/graph.ts';
import { initialise } from '../../../src/models/graph/parameters.ts';
import { interpret, type Values } from '../../../src/models/interpreter/interpreter.ts';
import { readOnnx } from '../../../src/models/onnx/read-onnx.ts';
import { writeOnnx } from '../../../src/models/onnx/write-onnx.ts';
import {
  batchedGraph,
  feedOf,
  everyOperation,
  lstmGraph,
} from '../../unit/models/graph/operator-graphs.ts';

const size = fc.integer({ min: 1, max: 5 });
const onnx = loadOnnxRuntime();

describe('every operation in a file', () => {
  it('is computed by onnxruntime as by the interpreter, and read back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(size, size, size, fc.nat(1e9), async (a, b, c, seed) => {
        const graph = everyOperation([a, b, c]);
        await expectAgreement(graph, feedOf(graph, 'positive', new Random(seed)), 1);
        const signed = everyOperation([a, b, c], (one) => one.range !== 'positive');
        await expectAgreement(signed, feedOf(signed, 'any', new Random(seed)), 1);
      }),
      { numRuns: 8 },
    );
  });
});

describe('a graph with parameters in a file', () => {
  it.each([1, 2, 7])('is the same for %d rows', async (rows) => {
    const graph = batchedGraph();
    await expectAgreement(graph, feedOf(graph, 'any', new Random(rows), rows), rows);
  });

  it.each([1, 2] as const)('runs an LSTM of %d directions as ONNX does', async (directions) => {
    const graph = lstmGraph(directions);
    await expectAgreement(graph, feedOf(graph, 'any', new Random(5), 3), 3);
  });
});

/** Singles are compared by what they are worth beside one, or beside themselves where larger. */
async function expectAgreement(graph: Graph, feed: Values, rows: number): Promise<void> {
  const parameters = initialise(graph, 11);
  const bytes = writeOnnx(graph, { parameters, meta: { made: 'here' } });
  const ours = run(graph, feed, parameters);
  const session = await openSession(onnx, bytes, { provider: 'cpu', hasOneSize: false });
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, shape }) => {
      const dims = shape.map((one) => (one < 0 ? -one * rows : one));
      return [name, new onnx.Tensor('float32', Float32Array.from(feed.get(name) ?? []), dims)];
    }),
  );
  const theirs = await session.run(feeds);
  await session.release();
  const back = readOnnx(bytes);
  const again = run(back.graph, feed, back.parameters);

  expect(back.meta).toEqual(new Map([['made', 'here']]));
  for (const { name } of graph.outputs) {
    const own = ours.get(name) ?? [];
    expect(again.get(name)).toEqual(own);
    const data = theirs[name]?.data;
    expect(data).toBeInstanceOf(Float32Array);
    if (data instanceof Float32Array) {
      expect(largestDifference(own, data), name).toBeLessThan(1e-6);
    }
  }
}

function run(graph: Graph, feed: Values, parameters: Float64Array | Float32Array): Values {
  return interpret(graph, { precision: 'single' }).run(feed, parameters);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let at = 0; at < a.length; at += 1) {
    const own = a[at] ?? Number.NaN;
    const off = Math.abs(own - (b[at] ?? Number.NaN)) / Math.max(1, Math.abs(own));
    if (!(off <= largest)) largest = off;
  }
  return largest;
}
