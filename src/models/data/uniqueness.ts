import { assert } from '../../core/assert.ts';
import type { Samples } from './samples.ts';

/**
 * Mean of 1 / (outcomes that are open at once) over the time in which each is open (Lopez de Prado,
 * "Advances in financial machine learning", 4.2-4.4): 1 where an outcome overlaps no other. Spans
 * are half open; one of no length has the crowd of its moment.
 */
export function averageUniqueness(from: Float64Array, to: Float64Array): Float64Array {
  assert(from.length === to.length, 'a span has two ends');
  const edges = Float64Array.from(new Set([...from, ...to])).toSorted();
  const place = new Map(Array.from(edges, (edge, at) => [edge, at]));
  const changes = new Int32Array(edges.length + 1);
  from.forEach((start, at) => {
    const end = to[at] ?? Number.NaN;
    assert(end >= start, 'a span does not end before it begins');
    const [first, last] = [place.get(start) ?? 0, place.get(end) ?? 0];
    changes[first] = (changes[first] ?? 0) + 1;
    changes[last] = (changes[last] ?? 0) - 1;
  });
  const { crowd, area } = integrate(edges, changes);
  return from.map((start, at) => {
    const [first, last] = [place.get(start) ?? 0, place.get(to[at] ?? 0) ?? 0];
    if (first === last) return 1 / ((crowd[first] ?? 0) + 1);
    const length = (edges[last] ?? 0) - (edges[first] ?? 0);
    return ((area[last] ?? 0) - (area[first] ?? 0)) / length;
  });
}

/** How many are open from each edge on, and the integral of 1 / how many up to it. */
function integrate(edges: Float64Array, changes: Int32Array) {
  const crowd = new Int32Array(edges.length);
  const area = new Float64Array(edges.length);
  let open = 0;
  for (let at = 0; at < edges.length; at += 1) {
    if (at > 0) {
      const length = (edges[at] ?? 0) - (edges[at - 1] ?? 0);
      area[at] = (area[at - 1] ?? 0) + (open === 0 ? 0 : length / open);
    }
    open += changes[at] ?? 0;
    crowd[at] = open;
  }
  return { crowd, area };
}

/** Uniqueness of each sample among those of its symbol. */
export function sampleUniqueness(
  samples: Pick<Samples, 'symbol' | 'atUs' | 'knownUs'>,
): Float64Array {
  const places = new Map<number, number[]>();
  samples.symbol.forEach((symbol, at) => {
    const known = places.get(symbol);
    if (known === undefined) places.set(symbol, [at]);
    else known.push(at);
  });
  const result = new Float64Array(samples.symbol.length);
  for (const own of places.values()) {
    const of = (column: Float64Array) => Float64Array.from(own, (at) => column[at] ?? Number.NaN);
    averageUniqueness(of(samples.atUs), of(samples.knownUs)).forEach((value, at) => {
      result[own[at] ?? 0] = value;
    });
  }
  return result;
}
