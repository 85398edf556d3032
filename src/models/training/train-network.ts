import { Batch, checkNumbers } from './batch.ts';
import { Course } from './course.ts';
import { Judge } from './judge.ts';
import { Learner } from './learner.ts';
import type { Plan } from './schedule.ts';
import type { Trained, TrainingTask } from './task.ts';
import { TrainingError } from './training-error.ts';
import { flatFor, namedValues, runnable } from './vectors.ts';

/** What is judged at once: larger batches only need more memory. */
const JUDGED_ROWS_MAX = 256;

/**
 * Trains a network step by step until its plan ends, nothing gets better, or it is asked to stop.
 * The same task gives the same bits wherever the runner does; one that went on from a checkpoint
 * ends with those of one that was never stopped.
 */
export async function trainNetwork(task: TrainingTask): Promise<Trained> {
  const { network, validation, openRunner, seed } = task;
  const made = network.build('training');
  const plan = planOf(task);
  const course = Course.begin(settingsOf(task, plan), made, seed);
  if (task.from !== undefined) course.resume(task.from);
  checkExamples(task);

  const values = namedValues(made.graph, course.parameters, made.statistics, course.running);
  const learner = await Learner.open({ task, made, plan, course });
  let judge: Judge | undefined;
  try {
    if (validation !== undefined) {
      const { graph } = network.build('evaluation');
      const judged = Math.min(JUDGED_ROWS_MAX, validation.count);
      judge = await Judge.open({ graph, openRunner, examples: validation, rows: judged, values });
    }
    const stopped = await follow(task, plan, course, learner, judge);
    const checkpoint = course.checkpoint();
    course.takeBest();
    return {
      parameters: flatFor(network.build('serving').graph, values),
      stopped,
      steps: course.step,
      ...(course.bestStep === undefined ? {} : { bestStep: course.bestStep }),
      history: course.history,
      checkpoint,
      runtime: learner.runtime,
    };
  } finally {
    await learner.release();
    await judge?.release();
  }
}

async function follow(
  task: TrainingTask,
  plan: Plan,
  course: Course,
  learner: Learner,
  judge: Judge | undefined,
): Promise<Trained['stopped']> {
  const every = task.evaluateEverySteps ?? plan.stepsPerEpoch;
  const patience = task.patience ?? Number.POSITIVE_INFINITY;
  while (course.step < plan.steps) {
    if (course.waited >= patience) return 'patience';
    if (task.shouldStop?.() === true) return 'asked';
    await learner.step();
    tell(task, plan, course);
    if (course.step % every === 0 || course.step === plan.steps) {
      await evaluate(task, plan, course, judge);
    }
    if (course.step % (task.checkpointEverySteps ?? Infinity) === 0) {
      task.onCheckpoint?.(course.checkpoint());
    }
  }
  return course.waited >= patience ? 'patience' : 'finished';
}

async function evaluate(
  task: TrainingTask,
  plan: Plan,
  course: Course,
  judge: Judge | undefined,
): Promise<void> {
  const validationLoss = await judge?.loss();
  if (validationLoss !== undefined && !Number.isFinite(validationLoss)) {
    throw new TrainingError(
      'TRAINING_DIVERGED',
      `the validation loss is ${validationLoss} after step ${course.step}`,
    );
  }
  tell(task, plan, course, validationLoss);
  course.judged(validationLoss);
}

function tell(task: TrainingTask, plan: Plan, course: Course, validationLoss?: number): void {
  task.onProgress?.({
    epoch: Math.ceil(course.step / plan.stepsPerEpoch),
    step: course.step,
    steps: plan.steps,
    loss: course.loss,
    ...(validationLoss === undefined ? {} : { validationLoss }),
  });
}

function planOf({ training, rows, epochs, stepsMax = Infinity }: TrainingTask): Plan {
  const stepsPerEpoch = Math.ceil(training.count / rows);
  return { stepsPerEpoch, steps: Math.min(epochs * stepsPerEpoch, stepsMax) };
}

/** What makes two trainings the same one, but for the network's own sizes and the examples. */
function settingsOf(task: TrainingTask, plan: Plan): string {
  const { network, training, validation, rows, seed, optimiser, rate, schedule } = task;
  return JSON.stringify({
    network: network.name,
    ...plan,
    rows,
    seed,
    optimiser,
    rate,
    schedule,
    training: training.count,
    validation: validation?.count ?? 0,
    every: task.evaluateEverySteps ?? plan.stepsPerEpoch,
    data: task.data ?? '',
  });
}

function checkExamples({ network, training, validation }: TrainingTask): void {
  const graph = runnable(network.build('evaluation').graph, 1);
  const batch = new Batch(graph, 1);
  const parameters = new Set(network.build('evaluation').graph.parameters.map(({ name }) => name));
  const names = graph.inputs.flatMap(({ name }) =>
    parameters.has(name) || name === 'weight' ? [] : [name],
  );
  for (const examples of [training, ...(validation === undefined ? [] : [validation])]) {
    if (examples.count < 1) throw new TrainingError('TRAINING_INPUT', 'there are no examples');
    checkNumbers(examples, batch, names);
  }
}
