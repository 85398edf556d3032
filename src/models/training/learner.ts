import { present } from '../../core/assert.ts';
import { pow } from '../../core/math-power.ts';
import { bindBatch } from '../graph/bind-batch.ts';
import type { NetworkGraph } from '../nets/network.ts';
import { trainingGraph } from '../optimiser/training-graph.ts';
import { Batch } from './batch.ts';
import type { Course } from './course.ts';
import { DropoutMasks } from './dropout-masks.ts';
import { shuffled } from './examples.ts';
import type { GraphRunner } from './graph-runner.ts';
import { type Plan, rateShare } from './schedule.ts';
import type { TrainingTask } from './task.ts';
import { TrainingError } from './training-error.ts';

interface Parts {
  readonly task: TrainingTask;
  readonly made: NetworkGraph;
  readonly plan: Plan;
  readonly course: Course;
}

/** Takes steps: a batch through the training graph, and what came of it into the course. */
export class Learner {
  readonly #parts: Parts;
  readonly #runner: GraphRunner;
  readonly #batch: Batch;
  readonly #masks: DropoutMasks;
  #order: Uint32Array = new Uint32Array(0);
  #orderOf = -1;

  private constructor(parts: Parts, runner: GraphRunner, batch: Batch) {
    this.#parts = parts;
    this.#runner = runner;
    this.#batch = batch;
    this.#masks = new DropoutMasks(parts.task.seed);
  }

  static async open(parts: Parts): Promise<Learner> {
    const { task, made, course } = parts;
    const graph = trainingGraph(bindBatch(made.graph, task.rows), task.optimiser);
    const fixed = new Map([
      ['P', course.parameters],
      ['M', course.firstMoment],
      ['V', course.secondMoment],
    ]);
    return new Learner(parts, await task.openRunner(graph), new Batch(graph, task.rows, fixed));
  }

  get runtime(): string {
    return this.#runner.runtime;
  }

  async step(): Promise<void> {
    const { course } = this.#parts;
    this.#feed(course.step);
    const outputs = await this.#runner.run(this.#batch.inputs);
    const loss = present(outputs.get('loss'), 'the output loss')[0] ?? Number.NaN;
    if (!Number.isFinite(loss)) {
      throw new TrainingError(
        'TRAINING_DIVERGED',
        `the loss is ${loss} at step ${course.step + 1}: a lower rate or clipping may help`,
      );
    }
    this.#take(outputs);
    course.advance(loss);
  }

  release(): Promise<void> {
    return this.#runner.release();
  }

  #feed(step: number): void {
    const { task, made, plan } = this.#parts;
    const epoch = Math.floor(step / plan.stepsPerEpoch);
    if (epoch !== this.#orderOf) {
      this.#order = shuffled(task.training.count, task.seed, epoch);
      this.#orderOf = epoch;
    }
    const batch = this.#batch;
    batch.fill(task.training, this.#order, (step % plan.stepsPerEpoch) * task.rows);
    made.dropouts.forEach(({ name, rate }, place) => {
      this.#masks.fill(rate, step, place, batch.input(name));
    });
    const { beta1, beta2 } = task.optimiser;
    batch.input('rate')[0] = task.rate * rateShare(task.schedule, step, plan);
    batch.input('correction1')[0] = 1 - pow(beta1, step + 1);
    batch.input('correction2')[0] = 1 - pow(beta2, step + 1);
  }

  /** Copies: the runner may write over what it answered. */
  #take(outputs: ReadonlyMap<string, Float32Array>): void {
    const { made, task, course } = this.#parts;
    const output = (name: string) => present(outputs.get(name), `the output ${name}`);
    course.parameters.set(output('P2'));
    course.firstMoment.set(output('M2'));
    course.secondMoment.set(output('V2'));
    let at = 0;
    for (const { name, width, valuesPerSample } of made.statistics) {
      const values = task.rows * valuesPerSample;
      course.observe(at, output(`mean:${name}`), output(`variance:${name}`), values);
      at += 2 * width;
    }
  }
}
