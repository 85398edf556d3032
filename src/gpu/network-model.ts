import { assert } from '../core/assert.ts';
import type { LoadedModel, ScoreColumn } from '../ports/inference-backend.ts';
import { calibrated } from '../models/artefact/calibration.ts';
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
 * A network on any runtime. All that is the same on each of them is here, so that they differ in the
 * arithmetic alone: numbers are rounded to 32 bits, as they were in training; rows without a meaning
 * are kept from the runtime; probabilities are calibrated.
 */
export class NetworkModel implements LoadedModel {
  readonly name: string;
  readonly version: string;
  readonly width: number;
  readonly outputs: number;
  readonly columns: readonly ScoreColumn[];
  readonly runtime: string;
  readonly fellBack?: string;
  readonly #calibration: ModelIdentity['calibration'];
  readonly #runtime: NetworkRuntime;
  #features = new Float32Array(0);
  #unscored = new Uint8Array(0);

  constructor(model: ModelIdentity, runtime: NetworkRuntime) {
    this.name = model.name;
    this.version = model.version;
    this.width = model.width;
    this.outputs = model.columns.length;
    this.columns = model.columns;
    this.runtime = runtime.runtime;
    if (runtime.fellBack !== undefined) this.fellBack = runtime.fellBack;
    this.#calibration = model.calibration;
    this.#runtime = runtime;
  }

  async score(features: Float64Array, rows: number, scores: Float64Array): Promise<void> {
    assert(features.length >= rows * this.width, 'the features hold all rows');
    assert(scores.length >= rows * this.outputs, 'the scores have room for all rows');
    if (rows === 0) return;
    const narrow = this.#narrow(features, rows);
    const answers = await this.#runtime.run(narrow, rows);
    assert(answers.length === this.outputs, 'a runtime answers every column');
    answers.forEach((answer, column) => this.#write(answer, column, rows, scores));
  }

  release(): Promise<void> {
    return this.#runtime.release();
  }

  /** Vector code turns some NaN into numbers, so rows without a meaning are not left to it. */
  #narrow(features: Float64Array, rows: number): Float32Array {
    const { width } = this;
    if (this.#unscored.length < rows) {
      this.#features = new Float32Array(rows * width);
      this.#unscored = new Uint8Array(rows);
    }
    const narrow = this.#features.subarray(0, rows * width);
    narrow.set(features.subarray(0, rows * width));
    for (let row = 0; row < rows; row += 1) {
      // A finite number less itself is zero; a NaN or an infinity is not, and so the sum then.
      let sum = 0;
      for (let at = row * width; at < (row + 1) * width; at += 1) {
        const value = narrow[at] ?? 0;
        sum += value - value;
      }
      this.#unscored[row] = sum === 0 ? 0 : 1;
      if (sum !== 0) narrow.fill(0, row * width, (row + 1) * width);
    }
    return narrow;
  }

  #write(answer: ArrayLike<number>, column: number, rows: number, scores: Float64Array): void {
    const calibration = this.columns[column] === 'probability' ? this.#calibration : undefined;
    for (let row = 0; row < rows; row += 1) {
      const raw = this.#unscored[row] === 1 ? Number.NaN : (answer[row] ?? Number.NaN);
      const score = calibration === undefined ? raw : calibrated(calibration, raw);
      scores[row * this.outputs + column] = score;
    }
  }
}
