import type { Operation } from './graph.ts';

// Longer constants are each a node of its own: comparing them would cost more than it saves.
const COMPARED_MAX = 16;

/** Equal for nodes that compute the same; `undefined` for what stands for itself alone. */
export function identityOf(operation: Operation, inputs: readonly number[]): string | undefined {
  const from = inputs.join(',');
  switch (operation.op) {
    case 'input':
    case 'parameter':
      return undefined;
    case 'constant': {
      const { values, to } = operation;
      if (values.length > COMPARED_MAX) return uniform(values, to);
      return `constant ${to.join(',')} ${Array.from(values, textOf).join(',')}`;
    }
    case 'clip':
      return `clip ${textOf(operation.low)} ${textOf(operation.high)} ${from}`;
    case 'transpose':
      return `transpose ${operation.order.join(',')} ${from}`;
    case 'reshape':
    case 'broadcast':
      return `${operation.op} ${operation.to.join(',')} ${from}`;
    case 'slice': {
      const { axis, start, end, step } = operation;
      return `slice ${axis} ${start} ${end} ${step} ${from}`;
    }
    case 'concat':
    case 'softmax':
      return `${operation.op} ${operation.axis} ${from}`;
    case 'reduceSum':
    case 'reduceMean':
    case 'reduceMax':
      return `${operation.op} ${operation.axes.join(',')} ${operation.keep} ${from}`;
    case 'lstm':
      return `lstm ${operation.hidden} ${operation.directions} ${from}`;
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
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'greater':
    case 'select':
    case 'matMul':
      return `${operation.op} ${from}`;
  }
}

/** Gaps of zeros are many in gradients, and are one constant. */
function uniform(values: Float64Array, to: readonly number[]): string | undefined {
  const [first = 0] = values;
  if (!values.every((value) => Object.is(value, first))) return undefined;
  return `constant ${to.join(',')} all ${textOf(first)}`;
}

/** Zero has two signs. */
function textOf(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
