/**
 * A computation over tensors of real numbers, the one definition of a network: forward and backward
 * pass, ONNX and the plain interpreter all come from it. Names of operations are ONNX's where ONNX
 * has them.
 */
export interface Graph {
  readonly name: string;
  /** In an order in which every node comes after its inputs; `id` is the place in this list. */
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly GraphInput[];
  readonly parameters: readonly GraphParameter[];
  readonly outputs: readonly GraphOutput[];
}

/** A size of each axis. A negative size, -k, is k times the rows of the batch; at most one is. */
export type Shape = readonly number[];

export const BATCH = -1;

/** A value of a graph, as its builder hands it out. */
export interface Tensor {
  readonly id: number;
  readonly shape: Shape;
}

export interface GraphInput extends Tensor {
  readonly name: string;
}

export interface GraphParameter extends Tensor {
  readonly name: string;
  readonly init: ParameterInit;
}

/** How a parameter begins. `uniform` is within plus and minus `bound`. */
export type ParameterInit =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'values'; readonly values: Float64Array };

export const ZEROS: ParameterInit = { kind: 'constant', value: 0 };
export const ONES: ParameterInit = { kind: 'constant', value: 1 };

export interface GraphOutput {
  readonly name: string;
  readonly id: number;
}

export type GraphNode = Operation & {
  readonly id: number;
  readonly inputs: readonly number[];
  readonly shape: Shape;
};

export type Operation =
  | { readonly op: 'input' | 'parameter'; readonly name: string; readonly to: Shape }
  | { readonly op: 'constant'; readonly values: Float64Array; readonly to: Shape }
  | Plain<UnaryOp>
  | { readonly op: BinaryOp }
  /** Inputs: condition, the value where it is not zero, the value where it is. */
  | { readonly op: 'select' }
  | { readonly op: 'clip'; readonly low: number; readonly high: number }
  | { readonly op: 'matMul' }
  | { readonly op: 'transpose'; readonly order: readonly number[] }
  | { readonly op: 'reshape' | 'broadcast'; readonly to: Shape }
  | ({ readonly op: 'slice' } & SliceRange)
  | { readonly op: 'concat'; readonly axis: number }
  | { readonly op: 'softmax'; readonly axis: number }
  | { readonly op: ReduceOp; readonly axes: readonly number[]; readonly keep: boolean }
  | { readonly op: 'lstm'; readonly hidden: number; readonly directions: 1 | 2 };

/** One type for each, so that a switch tells them apart. */
type Plain<Op extends string> = Op extends string ? { readonly op: Op } : never;

/** `detach` is the value itself, through which no gradient passes. */
export type UnaryOp =
  | 'neg'
  | 'abs'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'tanh'
  | 'sigmoid'
  | 'relu'
  | 'erf'
  | 'detach';

/** `greater` answers 1 or 0. */
export type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'greater';

export type ReduceOp = 'reduceSum' | 'reduceMean' | 'reduceMax';

/** `end` is the first place that is not taken. */
export interface SliceRange {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}
