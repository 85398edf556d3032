import { exp, tanh } from '../../src/core/math.ts';
import { Random } from '../../src/core/random.ts';
import type { Dataset } from './dataset.ts';

/** What is learned: the numbers of `src/gpu/plain/model.ts`, in its order. */
export type Weights = {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  readonly hidden: number;
  /** weights1, bias1, weights2, bias2, one after another. */
  readonly parameters: Float64Array;
};

export type TrainingOptions = {
  readonly seed: number;
  readonly hidden: number;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  /** Pull of every weight towards zero, per step and rate (decoupled, as in AdamW). */
  readonly decay: number;
};

/**
 * Log loss by Adam (Kingma and Ba 2015) with decoupled decay (Loshchilov and Hutter 2019), the rate
 * falling to zero along a line. Seeded, so the same data give the same weights.
 */
export function train(data: Dataset, options: TrainingOptions): Weights {
  const { mean, deviation } = normalisation(data);
  const { hidden } = options;
  const count = hidden * data.width + 2 * hidden + 1;
  const random = new Random(options.seed);
  const parameters = new Float64Array(count);
  for (let at = 0; at < hidden * data.width; at += 1) {
    parameters[at] = random.normal() / Math.sqrt(data.width);
  }
  for (let at = count - 1 - hidden; at < count - 1; at += 1) {
    parameters[at] = (0.1 * random.normal()) / Math.sqrt(hidden);
  }
  const order = Uint32Array.from({ length: data.rows }, (_, at) => at);
  const adam = new Adam(count, options.decay);
  const inputs = new Float64Array(data.width);
  const units = new Float64Array(hidden);
  const stepsPerEpoch = Math.ceil(data.rows / options.batch);
  const steps = options.epochs * stepsPerEpoch;
  for (let step = 0; step < steps; step += 1) {
    const from = (step % stepsPerEpoch) * options.batch;
    if (from === 0) shuffle(order, random);
    const to = Math.min(from + options.batch, data.rows);
    adam.gradient.fill(0);
    for (let at = from; at < to; at += 1) {
      const row = order[at] ?? 0;
      for (let column = 0; column < data.width; column += 1) {
        const value = data.features[row * data.width + column] ?? Number.NaN;
        inputs[column] = (value - (mean[column] ?? 0)) / (deviation[column] ?? 1);
      }
      addGradient(parameters, inputs, units, data.labels[row] ?? 0, adam.gradient);
    }
    adam.step(parameters, to - from, options.rate * (1 - step / steps));
  }
  return { mean, deviation, hidden, parameters };
}

function normalisation(data: Dataset): { mean: Float64Array; deviation: Float64Array } {
  const mean = new Float64Array(data.width);
  const deviation = new Float64Array(data.width);
  for (let column = 0; column < data.width; column += 1) {
    let sum = 0;
    for (let row = 0; row < data.rows; row += 1)
      sum += data.features[row * data.width + column] ?? 0;
    const middle = sum / data.rows;
    let squares = 0;
    for (let row = 0; row < data.rows; row += 1) {
      const away = (data.features[row * data.width + column] ?? 0) - middle;
      squares += away * away;
    }
    mean[column] = middle;
    deviation[column] = Math.sqrt(squares / data.rows);
  }
  return { mean, deviation };
}

function addGradient(
  parameters: Float64Array,
  inputs: Float64Array,
  units: Float64Array,
  label: number,
  gradient: Float64Array,
): void {
  const width = inputs.length;
  const hidden = units.length;
  const biasAt = hidden * width;
  const outAt = biasAt + hidden;
  const last = outAt + hidden;
  let sum = parameters[last] ?? 0;
  for (let unit = 0; unit < hidden; unit += 1) {
    let inner = parameters[biasAt + unit] ?? 0;
    for (let column = 0; column < width; column += 1) {
      inner += (parameters[unit * width + column] ?? 0) * (inputs[column] ?? 0);
    }
    const value = tanh(inner);
    units[unit] = value;
    sum += (parameters[outAt + unit] ?? 0) * value;
  }
  const error = 1 / (1 + exp(-sum)) - label;
  gradient[last] = (gradient[last] ?? 0) + error;
  for (let unit = 0; unit < hidden; unit += 1) {
    const value = units[unit] ?? 0;
    gradient[outAt + unit] = (gradient[outAt + unit] ?? 0) + error * value;
    const inner = error * (parameters[outAt + unit] ?? 0) * (1 - value * value);
    gradient[biasAt + unit] = (gradient[biasAt + unit] ?? 0) + inner;
    for (let column = 0; column < width; column += 1) {
      const at = unit * width + column;
      gradient[at] = (gradient[at] ?? 0) + inner * (inputs[column] ?? 0);
    }
  }
}

class Adam {
  readonly gradient: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #decay: number;
  #power1 = 1;
  #power2 = 1;

  constructor(count: number, decay: number) {
    this.gradient = new Float64Array(count);
    this.#first = new Float64Array(count);
    this.#second = new Float64Array(count);
    this.#decay = decay;
  }

  step(parameters: Float64Array, rows: number, rate: number): void {
    this.#power1 *= 0.9;
    this.#power2 *= 0.999;
    for (let at = 0; at < parameters.length; at += 1) {
      const slope = (this.gradient[at] ?? 0) / rows;
      const first = 0.9 * (this.#first[at] ?? 0) + 0.1 * slope;
      const second = 0.999 * (this.#second[at] ?? 0) + 0.001 * slope * slope;
      this.#first[at] = first;
      this.#second[at] = second;
      const direction =
        first / (1 - this.#power1) / (Math.sqrt(second / (1 - this.#power2)) + 1e-8);
      const value = parameters[at] ?? 0;
      parameters[at] = value - rate * (direction + this.#decay * value);
    }
  }
}

/** Fisher and Yates. */
function shuffle(order: Uint32Array, random: Random): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
}
