import { assert } from '../core/assert.ts';
import type { LoadedModel } from '../ports/inference-backend.ts';
import { calibrated } from '../models/artefact/calibration.ts';
import type { Calibration } from '../models/artefact/card.ts';
import type { ModelIdentity } from './open-model.ts';

/** Computes the columns of a network for rows whose numbers are all finite. */
export interface NetworkRuntime {
  readonly runtime: string;
  readonly fellBack?: string;
  /**
   * Answers `rows` numbers for each column, in views that the next call may reuse. One call at a
   * time.
   */
  run(features: Float32Array, rows: number): Promise<readonly ArrayLike<number>[]>;
  release(): Promise<void>;
}

/**
 * Computes a batch in runs of `rowsMax` rows, for a runtime that holds all that it computes until
 * the end of a run.
 */
export async function inRuns(
  { features, rows, columns, rowsMax }: Batch,
  run: (features: Float32Array, rows: number) => Promise<readonly Float32Array[]>,
): Promise<readonly Float32Array[]> {
  if (rows <= rowsMax) return run(features, rows);
  const width = features.length / rows;
  const said = Array.from({ length: columns }, () => new Float32Array(rows));
  for (let from = 0; from < rows; from += rowsMax) {
    const count = Math.min(rowsMax, rows - from);
    const part = await run(features.subarray(from * width, (from + count) * width), count);
    part.forEach((column, at) => said[at]?.set(column.subarray(0, count), from));
  }
  return said;
}

interface Batch {
  readonly features: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly rowsMax: number;
}

/** A network on any runtime. */
export function networkModel(identity: ModelIdentity, runtime: NetworkRuntime): LoadedModel {
  const { name, version, width, columns } = identity;
  const { fellBack } = runtime;
  const numbers = new NetworkRows(identity);
  return {
    name,
    version,
    width,
    outputs: columns.length,
    columns,
    runtime: runtime.runtime,
    ...(fellBack === undefined ? {} : { fellBack }),
    async score(features, rows, scores) {
      if (rows === 0) return;
      const narrow = numbers.narrow(features, rows);
      numbers.write(await runtime.run(narrow, rows), rows, scores);
    },
    release: () => runtime.release(),
  };
}

/**
 * All that is the same on each runtime, so that they differ in the arithmetic alone: numbers are
 * rounded to 32 bits, as they were in training; rows without a meaning are kept from the runtime;
 * probabilities are calibrated, and a confidence is that of what became of them.
 */
export class NetworkRows {
  readonly #model: ModelIdentity;
  #features = new Float32Array(0);
  #unscored = new Uint8Array(0);

  constructor(model: ModelIdentity) {
    this.#model = model;
  }

  /** Vector code turns some NaN into numbers, so rows without a meaning are not left to it. */
  narrow(features: Float64Array, rows: number): Float32Array {
    const { width, ownWidth } = this.#model;
    assert(features.length >= rows * width, 'the features hold all rows');
    if (this.#unscored.length < rows) {
      this.#features = new Float32Array(rows * ownWidth);
      this.#unscored = new Uint8Array(rows);
    }
    const narrow = this.#features.subarray(0, rows * ownWidth);
    for (let row = 0; row < rows; row += 1) {
      const from = (row + 1) * width - ownWidth;
      const to = row * ownWidth;
      // A finite number less itself is zero; a NaN or an infinity is not, and so the sum then.
      let sum = 0;
      for (let place = 0; place < ownWidth; place += 1) {
        const value = Math.fround(features[from + place] ?? Number.NaN);
        narrow[to + place] = value;
        sum += value - value;
      }
      this.#unscored[row] = sum === 0 ? 0 : 1;
      if (sum !== 0) narrow.fill(0, to, to + ownWidth);
    }
    return narrow;
  }

  write(answers: readonly ArrayLike<number>[], rows: number, scores: Float64Array): void {
    const { columns, calibration } = this.#model;
    const outputs = columns.length;
    assert(answers.length === outputs, 'a runtime answers every column');
    assert(scores.length >= rows * outputs, 'the scores have room for all rows');
    for (const [column, answer] of answers.entries()) {
      for (let row = 0; row < rows; row += 1) {
        const score = this.#unscored[row] === 1 ? Number.NaN : (answer[row] ?? Number.NaN);
        scores[row * outputs + column] = score;
      }
    }
    if (calibration !== undefined) this.#calibrate(calibration, rows, scores);
  }

  /** Confidence: as far from a coin as the probability is after it was calibrated. */
  #calibrate(calibration: Calibration, rows: number, scores: Float64Array): void {
    const { columns } = this.#model;
    const probability = columns.indexOf('probability');
    const confidence = columns.indexOf('confidence');
    for (let at = 0; at < rows * columns.length; at += columns.length) {
      const score = calibrated(calibration, scores[at + probability] ?? Number.NaN);
      scores[at + probability] = score;
      if (confidence >= 0) scores[at + confidence] = Math.abs(2 * score - 1);
    }
  }
}
