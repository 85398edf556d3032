import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { GraphBuilder } from '../../../../src/models/graph/builder.ts';
import { initialise } from '../../../../src/models/graph/parameters.ts';
import { interpret } from '../../../../src/models/interpreter/interpreter.ts';
import { batchedGraph, everyOperation, feedOf, lstmGraph } from '../graph/operator-graphs.ts';

const double = { precision: 'double' } as const;
const single = { precision: 'single' } as const;

describe('a graph in plain JavaScript', () => {
  it.each([double, single])('answers a row in a batch as the row alone, in $precision', (way) => {
    for (const graph of [batchedGraph(), lstmGraph(2)]) {
      const rows = 9;
      const feed = feedOf(graph, 'any', new Random(3), rows);
      const parameters = initialise(graph, 4);
      const runner = interpret(graph, way);
      const all = copied(runner.run(feed, parameters));
      const x = feed.get('x') ?? new Float64Array(0);
      const width = x.length / rows;
      for (let row = 0; row < rows; row += 1) {
        const alone = runner.run(new Map([['x', x.slice(row * width, (row + 1) * width)]]));
        for (const [name, values] of alone) {
          expect(rowOf(all.get(name) ?? [], { rows, row, like: name })).toEqual([...values]);
        }
      }
    }
  });

  it('answers the same again, whatever it was asked in between', () => {
    const graph = everyOperation([2, 3, 4]);
    const runner = interpret(graph, double);
    const feed = feedOf(graph, 'positive', new Random(1));
    const before = copied(runner.run(feed));
    runner.run(feedOf(graph, 'any', new Random(2)));

    expect(copied(runner.run(feed))).toEqual(before);
  });

  it('uses the places of its answer again', () => {
    const graph = batchedGraph();
    const runner = interpret(graph, double);
    const first = runner.run(feedOf(graph, 'any', new Random(1), 2), initialise(graph, 1));
    const second = runner.run(feedOf(graph, 'any', new Random(2), 2));

    expect(second.get('y')).toBe(first.get('y'));
  });

  it('takes parameters as they are when given, until others are', () => {
    const builder = new GraphBuilder('scale');
    const scale = builder.parameter('scale', [1], { kind: 'constant', value: 1 });
    builder.output('y', builder.mul(builder.input('x', [1]), builder.mul(scale, scale)));
    const runner = interpret(builder.build(), double);
    const feed = new Map([['x', Float64Array.of(5)]]);
    const given = Float64Array.of(2);
    const answers = [runner.run(feed, given).get('y')?.[0]];
    given[0] = 3;
    answers.push(runner.run(feed).get('y')?.[0], runner.run(feed, given).get('y')?.[0]);

    expect(answers).toEqual([20, 20, 45]);
  });

  it('lets what is not a number through, and does not make one of it', () => {
    const builder = new GraphBuilder('holes');
    const x = builder.input('x', [2, 2]);
    builder.output('relu', builder.relu(x));
    builder.output('clip', builder.clip(x, -1, 1));
    builder.output('max', builder.reduceMax(x, [1]));
    builder.output('softmax', builder.softmax(x, 1));
    const feed = new Map([['x', Float64Array.of(NaN, 1, 2, 3)]]);
    const outputs = interpret(builder.build(), double).run(feed);

    for (const values of outputs.values()) expect(values[0]).toBeNaN();
    expect(outputs.get('max')?.[1]).toBe(3);
  });

  it('says what it was not given rightly', () => {
    const graph = batchedGraph();
    const runner = interpret(graph, double);
    const parameters = initialise(graph, 1);
    const wrong = expect.objectContaining({ code: 'GRAPH_FEED' });
    const feed = (name: string, length: number) => new Map([[name, new Float64Array(length)]]);

    expect(() => runner.run(feed('x', 6))).toThrow(wrong); // No parameters yet.
    expect(() => runner.run(feed('z', 6), parameters)).toThrow(wrong);
    expect(() => runner.run(feed('x', 7), parameters)).toThrow(wrong);
    expect(() => runner.run(feed('x', 0), parameters)).toThrow(wrong);
    expect(() => runner.run(new Map(), parameters)).toThrow(wrong);
    expect(() => runner.run(feed('x', 6), parameters.subarray(1))).toThrow(wrong);
    expect(runner.run(feed('x', 12), parameters).get('mean')?.length).toBe(2);
  });
});

function copied(values: ReadonlyMap<string, ArrayLike<number>>): Map<string, number[]> {
  return new Map([...values].map(([name, numbers]) => [name, Array.from(numbers)]));
}

/** The recurrence has its rows in the third of four axes, everything else in the first. */
function rowOf(
  values: readonly number[],
  { rows, row, like }: { readonly rows: number; readonly row: number; readonly like: string },
): number[] {
  const isRecurrence = like === 'said';
  const outer = isRecurrence ? 10 : 1;
  const inner = values.length / rows / outer;
  return values.filter((_, at) => Math.floor(at / inner) % rows === row);
}
