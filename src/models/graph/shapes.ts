import { GraphError } from './graph-error.ts';
import type { Operation, Shape, SliceRange } from './graph.ts';

/** No tensor of a graph has more numbers than this, a row of the batch counted once. */
const TENSOR_SIZE_MAX = 1 << 26;
export const RANK_MAX = 6;

/** The shape that an operation gives to what it is fed; what does not fit throws GRAPH_SHAPE. */
export function shapeOf(operation: Operation, inputs: readonly Shape[]): Shape {
  const shape = ruleOf(operation, inputs);
  checkShape(operation.op, shape);
  return shape;
}

/** How many numbers a shape holds; with a batch axis, minus how many there are for each row. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Whether a tensor of this shape may be: within the limit its product is exact. */
export function isSafeSize(shape: Shape): boolean {
  let product = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size === 0) return false;
    product *= Math.abs(size);
    if (product > TENSOR_SIZE_MAX) return false;
  }
  return true;
}

export function isSameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** NumPy's broadcasting: aligned at the last axis, and a size of one stretches. */
export function broadcastShape(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const one = a[axis - rank + a.length] ?? 1;
    const other = b[axis - rank + b.length] ?? 1;
    if (one !== other && one !== 1 && other !== 1) throw unfit(op, [a, b], 'cannot be broadcast');
    return one === 1 ? other : one;
  });
}

function unfit(op: string, shapes: readonly Shape[], why: string): GraphError {
  const listed = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
  return new GraphError('GRAPH_SHAPE', `${op} of ${listed}: ${why}`);
}

function ruleOf(operation: Operation, inputs: readonly Shape[]): Shape {
  const { op } = operation;
  const first = inputs[0] ?? [];
  expectCount(operation, inputs);
  switch (op) {
    case 'input':
    case 'parameter':
      return operation.to;
    case 'constant':
      return constantShape(operation.values, operation.to);
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'greater':
      return broadcastShape(op, first, inputs[1] ?? []);
    case 'select':
      return broadcastShape(op, first, broadcastShape(op, inputs[1] ?? [], inputs[2] ?? []));
    case 'matMul':
      return matMulShape(first, inputs[1] ?? []);
    case 'transpose':
      return transposeShape(first, operation.order);
    case 'reshape':
      if (sizeOf(first) !== sizeOf(operation.to)) throw unfit(op, [first, operation.to], 'sizes');
      return operation.to;
    case 'broadcast':
      return stretchedShape(first, operation.to);
    case 'slice':
      return sliceShape(first, operation);
    case 'concat':
      return concatShape(inputs, operation.axis);
    case 'softmax':
      expectAxis(op, first, operation.axis);
      return first;
    case 'reduceSum':
    case 'reduceMean':
    case 'reduceMax':
      return reducedShape(op, first, operation);
    case 'lstm':
      return lstmShape(inputs, operation);
    case 'clip':
    case 'neg':
    case 'abs':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'tanh':
    case 'sigmoid':
    case 'relu':
    case 'erf':
    case 'detach':
      return first;
  }
}

function checkShape(op: string, shape: Shape): void {
  const isSize = (size: number) => Number.isSafeInteger(size) && size !== 0;
  if (shape.length > RANK_MAX) throw unfit(op, [shape], `has more than ${RANK_MAX} axes`);
  if (!shape.every(isSize)) throw unfit(op, [shape], 'has a size that is zero or no whole number');
  if (shape.filter((size) => size < 0).length > 1) throw unfit(op, [shape], 'has two batch axes');
  if (!isSafeSize(shape)) throw unfit(op, [shape], 'is too large');
}

const COUNTS: Readonly<Partial<Record<Operation['op'], number>>> = {
  input: 0,
  parameter: 0,
  constant: 0,
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  greater: 2,
  select: 3,
  matMul: 2,
  lstm: 4,
};

function expectCount(operation: Operation, inputs: readonly Shape[]): void {
  const isConcat = operation.op === 'concat';
  const count = isConcat ? Math.max(inputs.length, 1) : (COUNTS[operation.op] ?? 1);
  if (inputs.length !== count) throw unfit(operation.op, inputs, `takes ${count} inputs`);
}

function expectAxis(op: string, shape: Shape, axis: number): number {
  const size = shape[axis];
  if (size === undefined) throw unfit(op, [shape], `has no axis ${axis}`);
  return size;
}

function constantShape(values: Float64Array, to: Shape): Shape {
  if (values.length !== sizeOf(to)) throw unfit('constant', [to], `holds ${values.length} values`);
  return to;
}

/** The last two axes are matrices; those before them are broadcast. */
function matMulShape(a: Shape, b: Shape): Shape {
  if (a.length < 2 || b.length < 2) throw unfit('matMul', [a, b], 'needs two axes or more');
  const [rows = 1, inner = 1] = a.slice(-2);
  const [same = 1, columns = 1] = b.slice(-2);
  if (inner !== same) throw unfit('matMul', [a, b], `${inner} columns meet ${same} rows`);
  if (inner < 0) throw unfit('matMul', [a, b], 'a batch is not summed over by a product');
  return [...broadcastShape('matMul', a.slice(0, -2), b.slice(0, -2)), rows, columns];
}

function transposeShape(shape: Shape, order: readonly number[]): Shape {
  const isOrder = order.length === shape.length && new Set(order).size === order.length;
  if (!isOrder) throw unfit('transpose', [shape], `[${order.join(', ')}] is no order of its axes`);
  return order.map((axis) => expectAxis('transpose', shape, axis));
}

function stretchedShape(shape: Shape, to: Shape): Shape {
  const isReached = isSameShape(broadcastShape('broadcast', shape, to), to);
  // ONNX stretches to numbers that are known; the rows of a batch come with the input.
  const hasRows = to.every(
    (size, axis) => size > 0 || shape[axis - to.length + shape.length] === size,
  );
  if (!isReached || !hasRows) throw unfit('broadcast', [shape, to], 'does not reach it');
  return to;
}

function sliceShape(shape: Shape, { axis, start, end, step }: SliceRange): Shape {
  const size = expectAxis('slice', shape, axis);
  const isRange = size > 0 && start >= 0 && start < end && end <= size && step >= 1;
  if (!isRange) throw unfit('slice', [shape], `axis ${axis} has no ${start} to ${end} by ${step}`);
  return shape.with(axis, Math.ceil((end - start) / step));
}

function concatShape(shapes: readonly Shape[], axis: number): Shape {
  const [first = [], ...others] = shapes;
  let size = expectAxis('concat', first, axis);
  for (const other of others) {
    const more = expectAxis('concat', other, axis);
    const isAlike = isSameShape(first.with(axis, 1), other.with(axis, 1));
    if (!isAlike || more < 0 !== size < 0) throw unfit('concat', shapes, `differ beside ${axis}`);
    size += more;
  }
  return first.with(axis, size);
}

function reducedShape(
  op: string,
  shape: Shape,
  { axes, keep }: { readonly axes: readonly number[]; readonly keep: boolean },
): Shape {
  for (const axis of axes) expectAxis(op, shape, axis);
  if (axes.length === 0) throw unfit(op, [shape], 'names no axis');
  if (new Set(axes).size !== axes.length) throw unfit(op, [shape], 'names an axis twice');
  if (keep) return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** ONNX's LSTM: X [time, batch, in], W [directions, 4 hidden, in], R and B; Y has four axes. */
function lstmShape(
  inputs: readonly Shape[],
  { hidden, directions }: { readonly hidden: number; readonly directions: number },
): Shape {
  const [x = [], ...weights] = inputs;
  const [time = 0, rows = 0, width = 0] = x;
  const wanted = [
    [directions, 4 * hidden, width],
    [directions, 4 * hidden, hidden],
    [directions, 8 * hidden],
  ];
  const isFit = wanted.every((shape, at) => isSameShape(shape, weights[at] ?? []));
  if (x.length !== 3 || time < 0 || !isFit) throw unfit('lstm', inputs, `not of ${hidden} units`);
  return [time, directions, rows, hidden];
}
