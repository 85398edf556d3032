import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../../src/core/assert.ts';
import { Random } from '../../../src/core/random.ts';
import { gradientName, gradients } from '../../../src/models/autodiff/gradients.ts';
import { GraphBuilder } from '../../../src/models/graph/builder.ts';
import type { Graph } from '../../../src/models/graph/graph.ts';
import { transcribe } from '../../../src/models/graph/transcribe.ts';
import { interpret } from '../../../src/models/interpreter/interpreter.ts';
import { feedOf, graphOf, OPERATOR_CASES } from '../../unit/models/graph/operator-graphs.ts';

const size = fc.integer({ min: 1, max: 4 });
const STEP = 1e-6;

describe.each(OPERATOR_CASES)('the gradient of $name', (one) => {
  it('is what the loss changes by, whatever the shapes', () => {
    fc.assert(
      fc.property(size, size, size, fc.nat(1e9), (a, b, c, seed) => {
        const graph = withLoss(graphOf(one, [a, b, c]));
        const names = graph.inputs.map(({ name }) => name).filter((name) => name !== 'w');
        const feed = feedOf(graph, one.range ?? 'any', new Random(seed));
        const found = interpret(gradients(graph, 'loss', names), { precision: 'double' }).run(feed);
        const lossOf = interpret(graph, { precision: 'double' });
        const loss = () => lossOf.run(feed).get('loss')?.[0] ?? Number.NaN;
        for (const name of names) {
          const x = present(feed.get(name), name);
          const gradient = present(found.get(gradientName(name)), name);
          expect(gradient.length).toBe(x.length);
          for (let at = 0; at < x.length; at += 1) {
            const value = x[at] ?? 0;
            x[at] = value + STEP;
            const above = loss();
            x[at] = value - STEP;
            const slope = (above - loss()) / (2 * STEP);
            x[at] = value;
            expect(Math.abs((gradient[at] ?? Number.NaN) - slope)).toBeLessThan(
              1e-7 * Math.max(1, Math.abs(slope)),
            );
          }
        }
      }),
      { numRuns: 6 },
    );
  });
});

/** Each number of `y` counts differently, so that none can stand in for another. */
function withLoss(graph: Graph): Graph {
  const builder = new GraphBuilder(graph.name);
  const values = transcribe(graph, builder);
  const y = values.at(present(graph.outputs[0], 'an output').id);
  const weighted = builder.mul(y, builder.input('w', y.shape));
  const curved = builder.mul(weighted, builder.add(y, 1));
  const axes = y.shape.map((_, axis) => axis);
  builder.output('loss', builder.reduceSum(curved, axes));
  return builder.build();
}
