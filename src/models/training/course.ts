import { initialise } from '../graph/parameters.ts';
import type { NetworkGraph } from '../nets/network.ts';
import type { Checkpoint, Evaluated, Vectors } from './checkpoint.ts';
import { TrainingError } from './training-error.ts';
import { freshStatistics } from './vectors.ts';

/** How much of a batch's mean and variance the running ones take. */
const MOMENTUM = 0.1;

/** Where training is. All of it is in a checkpoint, and nothing else moves it. */
export class Course {
  readonly settings: string;
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  readonly running: Float32Array;
  readonly history: Evaluated[] = [];
  step = 0;
  bestStep: number | undefined;
  waited = 0;
  #lossSum = 0;
  #lossSteps = 0;
  #bestLoss = Number.POSITIVE_INFINITY;
  #bestParameters = new Float32Array(0);
  #bestRunning = new Float32Array(0);

  constructor(settings: string, parameters: Float32Array, running: Float32Array) {
    this.settings = settings;
    this.parameters = parameters;
    this.running = running;
    this.firstMoment = new Float32Array(parameters.length);
    this.secondMoment = new Float32Array(parameters.length);
  }

  static begin(settings: string, { graph, statistics }: NetworkGraph, seed: number): Course {
    const parameters = Float32Array.from(initialise(graph, seed));
    return new Course(settings, parameters, freshStatistics(statistics));
  }

  /** Goes on where a checkpoint is, if it is of the same training. */
  resume(checkpoint: Checkpoint): void {
    const { vectors } = checkpoint;
    const isFit =
      vectors.parameters.length === this.parameters.length &&
      vectors.running.length === this.running.length;
    if (checkpoint.settings !== this.settings || !isFit) {
      throw new TrainingError(
        'TRAINING_CHECKPOINT',
        `the checkpoint is of another training: ${checkpoint.settings}, not ${this.settings}`,
      );
    }
    this.parameters.set(vectors.parameters);
    this.firstMoment.set(vectors.firstMoment);
    this.secondMoment.set(vectors.secondMoment);
    this.running.set(vectors.running);
    this.#bestParameters = vectors.bestParameters.slice();
    this.#bestRunning = vectors.bestRunning.slice();
    this.history.push(...checkpoint.history);
    this.step = checkpoint.step;
    this.bestStep = checkpoint.bestStep;
    this.waited = checkpoint.waited;
    this.#lossSum = checkpoint.lossSum;
    this.#lossSteps = checkpoint.lossSteps;
    const best = checkpoint.history.find(({ step }) => step === checkpoint.bestStep);
    this.#bestLoss = best?.validationLoss ?? Number.POSITIVE_INFINITY;
  }

  checkpoint(): Checkpoint {
    const vectors: Vectors = {
      parameters: this.parameters.slice(),
      firstMoment: this.firstMoment.slice(),
      secondMoment: this.secondMoment.slice(),
      running: this.running.slice(),
      bestParameters: this.#bestParameters.slice(),
      bestRunning: this.#bestRunning.slice(),
    };
    return {
      settings: this.settings,
      step: this.step,
      lossSum: this.#lossSum,
      lossSteps: this.#lossSteps,
      history: [...this.history],
      ...(this.bestStep === undefined ? {} : { bestStep: this.bestStep }),
      waited: this.waited,
      vectors,
    };
  }

  /** One step's loss. */
  advance(loss: number): void {
    this.step += 1;
    this.#lossSum += loss;
    this.#lossSteps += 1;
  }

  /** Mean training loss since the last evaluation. */
  get loss(): number {
    return this.#lossSum / this.#lossSteps;
  }

  /** The batch's mean and variance, `at` a place of the running ones. */
  observe(at: number, mean: Float32Array, variance: Float32Array, values: number): void {
    const width = mean.length;
    // Of a sample, as PyTorch keeps it; the batch itself was scaled by the variance over n.
    const unbiased = values / Math.max(values - 1, 1);
    for (let place = 0; place < width; place += 1) {
      this.#fold(at + place, mean[place] ?? Number.NaN);
      this.#fold(at + width + place, (variance[place] ?? Number.NaN) * unbiased);
    }
  }

  #fold(place: number, value: number): void {
    this.running[place] = (this.running[place] ?? Number.NaN) * (1 - MOMENTUM) + value * MOMENTUM;
  }

  /** An evaluation: what was better than all before is kept. */
  judged(validationLoss: number | undefined): void {
    const { step, loss } = this;
    this.history.push({
      step,
      loss,
      ...(validationLoss === undefined ? {} : { validationLoss }),
    });
    this.#lossSum = 0;
    this.#lossSteps = 0;
    if (validationLoss === undefined) return;
    this.waited += 1;
    if (!(validationLoss < this.#bestLoss)) return;
    this.#bestLoss = validationLoss;
    this.bestStep = step;
    this.waited = 0;
    this.#bestParameters = this.parameters.slice();
    this.#bestRunning = this.running.slice();
  }

  /** Goes back to the best, which is what training is for. */
  takeBest(): void {
    if (this.bestStep === undefined) return;
    this.parameters.set(this.#bestParameters);
    this.running.set(this.#bestRunning);
  }
}
