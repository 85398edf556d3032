import type { GraphBuilder } from '../graph/builder.ts';
import type { Shape, Tensor } from '../graph/graph.ts';
import { fullOf } from './broadcasting.ts';

/** What one use of a value gives to its gradient: to all of it, or to the places it took. */
export type Part = WholePart | RangePart;

export interface WholePart {
  readonly kind: 'whole';
  readonly gradient: Tensor;
}

/** Of the places from `start` on along one axis; nothing comes to the others. */
export interface RangePart {
  readonly kind: 'range';
  readonly gradient: Tensor;
  readonly axis: number;
  readonly start: number;
}

/**
 * The sum of all parts. Ranges that lie side by side are laid side by side, not each widened by
 * zeros: a window cut into its steps has as many ranges as steps.
 */
export function joinParts(builder: GraphBuilder, shape: Shape, parts: readonly Part[]): Tensor {
  const whole = parts.flatMap((part) => (part.kind === 'whole' ? [part.gradient] : []));
  const ranges = parts.filter((part) => part.kind === 'range');
  const laid = layers(ranges).map((layer) => layOut(builder, shape, layer));
  const [first, ...others] = [...whole, ...laid];
  if (first === undefined) return builder.constant([], 0);
  return others.reduce((sum, other) => builder.add(sum, other), first);
}

/** Ranges of one axis of which none meets another, in order. */
function layers(ranges: readonly RangePart[]): RangePart[][] {
  const made: RangePart[][] = [];
  for (const range of ranges.toSorted((a, b) => a.axis - b.axis || a.start - b.start)) {
    const fit = made.find((layer) => {
      const last = layer.at(-1);
      return last !== undefined && last.axis === range.axis && endOf(last) <= range.start;
    });
    if (fit === undefined) made.push([range]);
    else fit.push(range);
  }
  return made;
}

function endOf({ gradient, axis, start }: RangePart): number {
  return start + (gradient.shape[axis] ?? 1);
}

function layOut(builder: GraphBuilder, shape: Shape, layer: readonly RangePart[]): Tensor {
  const axis = layer[0]?.axis ?? 0;
  const pieces: Tensor[] = [];
  let at = 0;
  const gapTo = (end: number) => {
    if (end > at) pieces.push(zeros(builder, shape.with(axis, end - at)));
  };
  for (const range of layer) {
    gapTo(range.start);
    const length = range.gradient.shape[axis] ?? 1;
    pieces.push(fullOf(builder, range.gradient, shape.with(axis, length)));
    at = endOf(range);
  }
  gapTo(shape[axis] ?? 1);
  return builder.concat(pieces, axis);
}

/** Stretched, so that a file holds one number of them. */
export function zeros(builder: GraphBuilder, shape: Shape): Tensor {
  return builder.broadcast(builder.constant([], 0), shape);
}
