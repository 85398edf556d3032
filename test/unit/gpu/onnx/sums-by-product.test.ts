import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { sumsByProduct } from '../../../../src/gpu/onnx/sums-by-product.ts';
import { GraphBuilder } from '../../../../src/models/graph/builder.ts';
import { BATCH, ONES } from '../../../../src/models/graph/graph.ts';
import { initialise } from '../../../../src/models/graph/parameters.ts';
import { interpret } from '../../../../src/models/interpreter/interpreter.ts';

/** Parameters that are used in another order than they were made in. */
function graphOfSums() {
  const builder = new GraphBuilder('sums');
  const x = builder.input('x', [BATCH, 5, 3]);
  const late = builder.parameter('late', [3], { kind: 'uniform', bound: 1 });
  const early = builder.parameter('early', [5, 3], { kind: 'uniform', bound: 1 });
  const one = builder.parameter('one', [1], ONES);
  const shifted = builder.add(builder.mul(x, early), one);
  builder.output('mean', builder.mul(builder.reduceMean(shifted, [1]), late));
  builder.output('sum', builder.reduceSum(shifted, [1], true));
  builder.output('last', builder.reduceSum(shifted, [2]));
  return builder.build();
}

describe('sumsByProduct', () => {
  const graph = graphOfSums();
  const written = sumsByProduct(graph);

  it('computes the same with the same parameters', () => {
    const random = new Random(3);
    const x = Float64Array.from({ length: 4 * 15 }, () => random.normal());
    const flat = initialise(graph, 9);
    const wanted = interpret(graph, { precision: 'double' }).run(new Map([['x', x]]), flat);
    const given = interpret(written, { precision: 'double' }).run(new Map([['x', x]]), flat);

    expect(written.parameters.map(({ name }) => name)).toEqual(['late', 'early', 'one']);
    for (const name of ['mean', 'sum', 'last']) {
      const values = [...(wanted.get(name) ?? [])];
      expect(values.length).toBeGreaterThan(0);
      expect([...(given.get(name) ?? [])]).toEqual(
        values.map((value) => expect.closeTo(value, 12)),
      );
    }
  });

  it('leaves no sum over the steps, and the others as they are', () => {
    const sums = written.nodes.filter(({ op }) => op === 'reduceMean' || op === 'reduceSum');

    expect(sums).toMatchObject([{ op: 'reduceSum', axes: [2] }]);
    expect(written.nodes.filter(({ op }) => op === 'matMul')).toHaveLength(2);
  });
});
