import { present } from '../core/assert.ts';
import type { Clock } from '../ports/clock.ts';
import {
  BACKEND_NAMES,
  type BackendName,
  type LoadedModel,
  type ModelSource,
} from '../ports/inference-backend.ts';
import { type BackendOptions, createBackend } from './create-backend.ts';
import { messageOf } from './inference-error.ts';

/** What a doctor says about a way to run models on this machine. */
export type BackendFacts =
  | {
      readonly backend: BackendName;
      readonly isReady: true;
      readonly runtime: string;
      readonly fellBack?: string;
      readonly loadMs: number;
      /** Medians of the computation alone, in the calling thread. */
      readonly oneRowUs: number;
      readonly batchUs: number;
      /** The largest from plain JavaScript over that batch, in any column. */
      readonly difference: number;
    }
  | {
      readonly backend: BackendName;
      readonly isReady: false;
      /** `MODEL_*`: the model will not do anywhere. Others: plain JavaScript takes over. */
      readonly code: string;
      readonly reason: string;
    };

export const INSPECTED_ROWS = 256;
// Enough for the compiler, and little enough for a network of milliseconds a row.
const WARM_UPS = 50;
const RUNS = 101;
const MS_MAX = 200;

/** Loads every backend here and times it: a fraction of a second, in the calling thread. */
export async function inspectInference(options: {
  readonly source: ModelSource;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly backends?: BackendOptions;
}): Promise<readonly BackendFacts[]> {
  const { source, clock } = options;
  const features = Float64Array.from(
    { length: INSPECTED_ROWS * source.width },
    (_, at) => (((at * 7_919) % 601) - 300) / 100,
  );
  const facts: BackendFacts[] = [];
  let plainScores: Float64Array | undefined;
  for (const name of BACKEND_NAMES) {
    const backend = createBackend(name, options.backends);
    const beganMs = clock.wallMs();
    let model: LoadedModel;
    try {
      model = await backend.load(source);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      facts.push({ backend: backend.name, isReady: false, code, reason: messageOf(error) });
      continue;
    }
    const loadMs = clock.wallMs() - beganMs;
    const { runtime, fellBack } = model;
    const scores = new Float64Array(INSPECTED_ROWS * model.outputs);
    const oneRowUs = await medianUs(clock, () => model.score(features, 1, scores));
    const batchUs = await medianUs(clock, () => model.score(features, INSPECTED_ROWS, scores));
    await model.release();
    plainScores ??= scores;
    facts.push({
      backend: backend.name,
      isReady: true,
      runtime,
      ...(fellBack === undefined ? {} : { fellBack }),
      loadMs,
      oneRowUs,
      batchUs,
      difference: largestDifference(plainScores, scores),
    });
  }
  return facts;
}

export function largestDifference(wanted: Float64Array, given: Float64Array): number {
  return wanted.reduce(
    (largest, value, row) => Math.max(largest, Math.abs(value - (given[row] ?? Number.NaN))),
    0,
  );
}

async function medianUs(clock: Pick<Clock, 'wallMs'>, run: () => Promise<void>): Promise<number> {
  const untilMs = clock.wallMs() + MS_MAX;
  for (let left = WARM_UPS; left > 0 && clock.wallMs() < untilMs; left -= 1) await run();
  const taken: number[] = [];
  do {
    const beganMs = clock.wallMs();
    await run();
    taken.push((clock.wallMs() - beganMs) * 1_000);
  } while (taken.length < RUNS && clock.wallMs() < untilMs + MS_MAX);
  return present(taken.toSorted((a, b) => a - b)[Math.floor(taken.length / 2)], 'the median');
}
