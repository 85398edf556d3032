import { InferenceError } from '../inference-error.ts';
import type { Scorer } from './scorer.ts';

export interface Pace {
  /** Lets others have the thread. */
  breathe(): Promise<void>;
  nowMs(): number;
}

/** As long as an inference has. */
const SIZE_MS_MAX = 500;

/**
 * Runs a model at every size of batch before it is used: code is compiled, memory taken and kernels
 * built for the shape, none of it while somebody waits. Between two sizes the thread belongs to who
 * else uses it. A model that has no finite score for any ordinary row is unfit. Answers why
 * backends gave way meanwhile. Where a size takes longer than a request may wait, those above it
 * are no use to anybody and are left out.
 */
export async function warmUp(
  scorer: Scorer,
  sizes: readonly number[],
  { breathe, nowMs }: Pace,
): Promise<readonly string[]> {
  const lost: string[] = [];
  const { width, name } = scorer.facts;
  for (const rows of sizes) {
    const features = Float64Array.from(
      { length: rows * width },
      // From -3 to 3, in an order without a pattern that a layout could share.
      (_, at) => (((at * 7_919) % 601) - 300) / 100,
    );
    const scores = new Float64Array(rows * scorer.outputs);
    const beganMs = nowMs();
    const fellBack = await scorer.score(features, rows, scores);
    if (fellBack !== undefined) lost.push(fellBack);
    if (rows > 0 && !scores.some(Number.isFinite)) {
      throw new InferenceError('INFERENCE_REFUSED', `${name} has no score for any of ${rows} rows`);
    }
    await breathe();
    if (nowMs() - beganMs > SIZE_MS_MAX) break;
  }
  return lost;
}
