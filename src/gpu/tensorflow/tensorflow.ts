/** What we use of TensorFlow.js: its own types are not there where it is not installed. */
export interface TensorFlow {
  readonly version_core: string;
  getBackend(): string | undefined;
  setBackend(name: string): Promise<boolean>;
  /** No checks that cost, and nothing printed. */
  enableProdMode(): void;
  /** Lets go of all that was made in `compute` but what it answers, and what is kept. */
  tidy<Made extends TensorFlowTensor | readonly TensorFlowTensor[]>(compute: () => Made): Made;
  keep(tensor: TensorFlowTensor): TensorFlowTensor;
  tensor(values: Float32Array, shape: readonly number[], type: 'float32'): TensorFlowTensor;
  zeros(shape: readonly number[]): TensorFlowTensor;

  add(a: TensorFlowTensor, b: TensorFlowTensor): TensorFlowTensor;
  sub(a: TensorFlowTensor, b: TensorFlowTensor): TensorFlowTensor;
  mul(a: TensorFlowTensor, b: TensorFlowTensor): TensorFlowTensor;
  div(a: TensorFlowTensor, b: TensorFlowTensor): TensorFlowTensor;
  greater(a: TensorFlowTensor, b: TensorFlowTensor): TensorFlowTensor;
  notEqual(a: TensorFlowTensor, b: TensorFlowTensor): TensorFlowTensor;
  where(condition: TensorFlowTensor, a: TensorFlowTensor, b: TensorFlowTensor): TensorFlowTensor;
  cast(x: TensorFlowTensor, type: 'float32'): TensorFlowTensor;

  neg(x: TensorFlowTensor): TensorFlowTensor;
  abs(x: TensorFlowTensor): TensorFlowTensor;
  exp(x: TensorFlowTensor): TensorFlowTensor;
  log(x: TensorFlowTensor): TensorFlowTensor;
  sqrt(x: TensorFlowTensor): TensorFlowTensor;
  tanh(x: TensorFlowTensor): TensorFlowTensor;
  sigmoid(x: TensorFlowTensor): TensorFlowTensor;
  relu(x: TensorFlowTensor): TensorFlowTensor;
  erf(x: TensorFlowTensor): TensorFlowTensor;
  clipByValue(x: TensorFlowTensor, low: number, high: number): TensorFlowTensor;

  matMul(
    a: TensorFlowTensor,
    b: TensorFlowTensor,
    transposeA: boolean,
    transposeB: boolean,
  ): TensorFlowTensor;
  transpose(x: TensorFlowTensor, order: readonly number[]): TensorFlowTensor;
  reshape(x: TensorFlowTensor, shape: readonly number[]): TensorFlowTensor;
  broadcastTo(x: TensorFlowTensor, shape: readonly number[]): TensorFlowTensor;
  slice(x: TensorFlowTensor, begin: readonly number[], size: readonly number[]): TensorFlowTensor;
  stridedSlice(
    x: TensorFlowTensor,
    begin: readonly number[],
    end: readonly number[],
    strides: readonly number[],
  ): TensorFlowTensor;
  concat(parts: readonly TensorFlowTensor[], axis: number): TensorFlowTensor;
  sum(x: TensorFlowTensor, axes: readonly number[], keep: boolean): TensorFlowTensor;
  mean(x: TensorFlowTensor, axes: readonly number[], keep: boolean): TensorFlowTensor;
  max(x: TensorFlowTensor, axes: readonly number[], keep: boolean): TensorFlowTensor;
  /** Of the last axis. */
  softmax(x: TensorFlowTensor): TensorFlowTensor;
}

export interface TensorFlowTensor {
  readonly shape: readonly number[];
  data(): Promise<unknown>;
  dispose(): void;
}
