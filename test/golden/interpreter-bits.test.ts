import { describe, expect, it } from 'vitest';
import { Hash64 } from '../../src/core/hash.ts';
import { Random } from '../../src/core/random.ts';
import { initialise } from '../../src/models/graph/parameters.ts';
import { interpret } from '../../src/models/interpreter/interpreter.ts';
import {
  batchedGraph,
  everyOperation,
  feedOf,
  lstmGraph,
} from '../unit/models/graph/operator-graphs.ts';

describe('the interpreter', () => {
  it.each([
    { precision: 'double', expected: '734d85dd41810330' },
    { precision: 'single', expected: '0d0b17c8268ff247' },
  ] as const)(
    'has in $precision the bits that it has on every machine',
    ({ precision, expected }) => {
      const hash = new Hash64();
      const number = new Float64Array(1);
      const words = new Int32Array(number.buffer);
      for (const graph of [everyOperation([3, 5, 9]), batchedGraph(), lstmGraph(2)]) {
        const feed = feedOf(graph, 'positive', new Random(2_026), 5);
        const outputs = interpret(graph, { precision }).run(feed, initialise(graph, 9));
        for (const values of outputs.values()) {
          for (const value of values) {
            number[0] = Number.isNaN(value) ? Number.NaN : value;
            hash.int(words[0] ?? 0);
            hash.int(words[1] ?? 0);
          }
        }
      }

      expect(hash.hex()).toBe(expected);
    },
  );
});
