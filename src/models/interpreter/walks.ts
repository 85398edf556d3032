import type { Shape } from '../graph/graph.ts';

/**
 * How to go through a tensor in the order of another one's numbers: from each place of `starts`,
 * `length` numbers that lie `stride` apart. All is found once, before anything runs.
 */
export interface Walk {
  readonly starts: Int32Array;
  readonly stride: number;
}

export interface Walks {
  readonly walks: readonly Walk[];
  readonly length: number;
}

/** The distance between neighbours along each axis of a tensor that lies row after row. */
export function stridesOf(shape: Shape): number[] {
  const strides = Array.from(shape, () => 1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** As `stridesOf`, seen from a shape that it is broadcast to: what is stretched stands still. */
export function broadcastStrides(shape: Shape, to: Shape): number[] {
  const strides = stridesOf(shape);
  const ahead = to.length - shape.length;
  return to.map((_, axis) => {
    const size = shape[axis - ahead] ?? 1;
    return size === 1 ? 0 : (strides[axis - ahead] ?? 0);
  });
}

/** Walks over several tensors at once, for each of which the distance along each axis is given. */
export function walksOf(
  shape: Shape,
  strides: readonly (readonly number[])[],
  origins: readonly number[] = [],
): Walks {
  const { sizes, steps } = merged(shape, strides);
  const outer = sizes.slice(0, -1);
  const walks = steps.map((own, at) => ({
    starts: placesOf(outer, own.slice(0, -1), origins[at] ?? 0),
    stride: own.at(-1) ?? 0,
  }));
  return { walks, length: sizes.at(-1) ?? 1 };
}

/** Every place of a shape whose axes have these distances, in order. */
export function placesOf(sizes: Shape, strides: readonly number[], origin = 0): Int32Array {
  let places = Int32Array.of(origin);
  sizes.forEach((size, axis) => {
    const stride = strides[axis] ?? 0;
    const next = new Int32Array(places.length * size);
    let at = 0;
    for (const place of places) for (let k = 0; k < size; k += 1) next[at++] = place + k * stride;
    places = next;
  });
  return places;
}

/** Neighbouring axes that every tensor walks through as one are made one. */
function merged(
  shape: Shape,
  strides: readonly (readonly number[])[],
): { readonly sizes: number[]; readonly steps: readonly number[][] } {
  const sizes: number[] = [];
  const steps: number[][] = strides.map(() => []);
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = sizes.length - 1;
    const isOne =
      last >= 0 && strides.every((own, at) => steps[at]?.[last] === (own[axis] ?? 0) * size);
    if (isOne) sizes[last] = (sizes[last] ?? 1) * size;
    else sizes.push(size);
    strides.forEach((own, at) => {
      const into = steps[at];
      if (into === undefined) return;
      if (isOne) into[last] = own[axis] ?? 0;
      else into.push(own[axis] ?? 0);
    });
  });
  return { sizes, steps };
}
