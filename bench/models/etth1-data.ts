import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { type Examples, windowExamples } from '../../src/models/training/examples.ts';

/**
 * ETTh1 as it is always split: 12, 4 and 4 months of 30 days, the borders of validation and test
 * reaching back by a window. Each channel is scaled by mean and deviation (n, not n - 1) of the
 * training part, and errors are those of scaled values: all channels, all windows, one step apart.
 */
export interface Etth1 {
  readonly channels: readonly Float64Array[];
  part(part: 'training' | 'validation' | 'test', length: number, horizon: number): Examples;
}

export const CHANNELS = 7;
const TRAINING_END = 8_640;
const VALIDATION_END = 11_520;
const TEST_END = 14_400;

export function readEtth1(data: string): Etth1 | undefined {
  const path = join(data, 'benchmarks', 'ETTh1.csv.gz');
  if (!existsSync(path)) return undefined;
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n').slice(1);
  if (lines.length < TEST_END) throw new Error(`${path} has ${lines.length} rows`);
  const rows = lines.slice(0, TEST_END).map((line) => line.split(',').slice(1).map(Number));
  const channels = Array.from({ length: CHANNELS }, (_, channel) =>
    scaled(Float64Array.from(rows, (row) => row[channel] ?? Number.NaN)),
  );
  const borders = {
    training: [0, TRAINING_END],
    validation: [TRAINING_END, VALIDATION_END],
    test: [VALIDATION_END, TEST_END],
  } as const;
  return {
    channels,
    part(part, length, horizon) {
      const [from, to] = borders[part];
      const begin = part === 'training' ? from : from - length;
      return windowExamples({ channels, from: begin, to, length, horizon });
    },
  };
}

function scaled(values: Float64Array): Float64Array {
  const known = values.subarray(0, TRAINING_END);
  const mean = known.reduce((sum, value) => sum + value, 0) / TRAINING_END;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / TRAINING_END;
  const deviation = Math.sqrt(variance);
  return values.map((value) => (value - mean) / deviation);
}

export interface Errors {
  readonly windows: number;
  readonly mse: number;
  readonly mae: number;
}

/** Errors of what `forecast` says follows each window, all channels of which it is given. */
export function errorsOf(
  samples: Examples,
  length: number,
  horizon: number,
  forecast: (window: Float32Array, sample: number, into: Float32Array) => void,
): Errors {
  const inputs = new Map([
    ['window', new Float32Array(CHANNELS * length)],
    ['target', new Float32Array(CHANNELS * horizon)],
  ]);
  const window = inputs.get('window') ?? new Float32Array(0);
  const target = inputs.get('target') ?? new Float32Array(0);
  const said = new Float32Array(CHANNELS * horizon);
  let squares = 0;
  let sizes = 0;
  for (let sample = 0; sample < samples.count; sample += 1) {
    samples.read(sample, 0, inputs);
    forecast(window, sample, said);
    for (const [at, value] of target.entries()) {
      const error = (said[at] ?? Number.NaN) - value;
      squares += error * error;
      sizes += Math.abs(error);
    }
  }
  const values = samples.count * CHANNELS * horizon;
  return { windows: samples.count, mse: squares / values, mae: sizes / values };
}

/** Says the last value again. */
export function persistence(length: number, horizon: number) {
  return seasonalNaive(length, horizon, 1);
}

/** Says the last season again. */
export function seasonalNaive(length: number, horizon: number, season: number) {
  return (window: Float32Array, _sample: number, into: Float32Array): void => {
    for (let channel = 0; channel < CHANNELS; channel += 1) {
      const from = (channel + 1) * length - season;
      for (let at = 0; at < horizon; at += 1) {
        into[channel * horizon + at] = window[from + (at % season)] ?? Number.NaN;
      }
    }
  };
}
