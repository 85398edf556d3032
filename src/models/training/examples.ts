import { assert } from '../../core/assert.ts';
import { Random } from '../../core/random.ts';

/** What a network learns from, or is judged by: so many examples that fill the graph's inputs. */
export interface Examples {
  readonly count: number;
  /** Writes one example into a row of every data input. Must be the same each time. */
  read(example: number, row: number, inputs: ReadonlyMap<string, Float32Array>): void;
  /** Mean 1 over the examples unless told otherwise; one each where absent. */
  readonly weights?: Float64Array | undefined;
}

export interface Table {
  readonly count: number;
  /** By the graph's inputs: each holds `count` times the input's width. */
  readonly columns: Readonly<Record<string, Float64Array | Float32Array>>;
  readonly weights?: Float64Array;
}

/** Rows of a table: all, or the chosen ones in their order. */
export function tableExamples(table: Table, chosen?: ArrayLike<number>): Examples {
  const parts = Object.entries(table.columns).map(([name, values]) => {
    const width = values.length / table.count;
    assert(Number.isInteger(width), `${name} holds whole rows`);
    return { name, values, width };
  });
  const { weights } = table;
  return {
    count: chosen?.length ?? table.count,
    weights:
      weights === undefined || chosen === undefined
        ? weights
        : Float64Array.from(chosen, (place) => weights[place] ?? Number.NaN),
    read(example, row, inputs) {
      const place = chosen === undefined ? example : (chosen[example] ?? -1);
      for (const { name, values, width } of parts) {
        const into = inputs.get(name);
        if (into === undefined) continue; // The graph does not ask for it.
        into.set(values.subarray(place * width, (place + 1) * width), row * width);
      }
    },
  };
}

/** All windows of a series, one step apart: `length` values of each channel and what follows. */
export function windowExamples(options: {
  /** One array a channel, all as long. */
  readonly channels: readonly (Float64Array | Float32Array)[];
  readonly from: number;
  readonly to: number;
  readonly length: number;
  readonly horizon: number;
}): Examples {
  const { channels, from, to, length, horizon } = options;
  const count = to - from - length - horizon + 1;
  assert(count > 0, 'a series is as long as a window and its horizon');
  return {
    count,
    read(example, row, inputs) {
      const begin = from + example;
      for (const [channel, values] of channels.entries()) {
        const place = row * channels.length + channel;
        inputs.get('window')?.set(values.subarray(begin, begin + length), place * length);
        inputs
          .get('target')
          ?.set(values.subarray(begin + length, begin + length + horizon), place * horizon);
      }
    },
  };
}

/** The order of an epoch: of the seed and the epoch's number alone. */
export function shuffled(count: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, at) => at);
  const random = new Random(seed, epoch + 1);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}
