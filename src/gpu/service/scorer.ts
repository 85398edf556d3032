import type { InferenceBackend, LoadedModel, ModelSource } from '../../ports/inference-backend.ts';
import { InferenceError, messageOf } from '../inference-error.ts';
import type { WorkerFacts } from './protocol.ts';

/**
 * A model that goes on when its backend does not: the next of the chain takes over where one cannot
 * be loaded, and where one fails in the middle of a batch, which is then computed again. A model
 * that is itself unfit is refused, since no backend makes it right.
 */
export async function openScorer(
  source: ModelSource,
  chain: readonly InferenceBackend[],
): Promise<Scorer> {
  const { model, at, lost } = await loadNext(source, chain, 0);
  const reasons = [...lost, ...(model.fellBack === undefined ? [] : [model.fellBack])];
  return new Scorer({ source, chain, model, at, reasons });
}

interface ScorerParts {
  readonly source: ModelSource;
  readonly chain: readonly InferenceBackend[];
  readonly model: LoadedModel;
  readonly at: number;
  readonly reasons: readonly string[];
}

export class Scorer {
  readonly facts: WorkerFacts;
  readonly outputs: number;
  readonly #source: ModelSource;
  readonly #chain: readonly InferenceBackend[];
  #model: LoadedModel;
  /** Which of the chain it is. */
  #at: number;

  constructor({ source, chain, model, at, reasons }: ScorerParts) {
    const { name, version, width, columns, runtime, outputs } = model;
    const fellBack = reasons.length === 0 ? {} : { fellBack: reasons.join('; ') };
    this.facts = { name, version, width, columns, runtime, ...fellBack };
    this.outputs = outputs;
    this.#source = source;
    this.#chain = chain;
    this.#model = model;
    this.#at = at;
  }

  /** What computes now. */
  get runtime(): string {
    return this.#model.runtime;
  }

  /** Answers why it fell back, if it had to. Rejects where nothing of the chain could compute. */
  async score(
    features: Float64Array,
    rows: number,
    scores: Float64Array,
  ): Promise<string | undefined> {
    const lost: string[] = [];
    for (;;) {
      try {
        await this.#run(features, rows, scores);
        return lost.length === 0 ? undefined : lost.join('; ');
      } catch (error) {
        lost.push(messageOf(error));
        if (this.#at + 1 >= this.#chain.length) throw error;
        lost.push(...(await this.#giveWay()));
      }
    }
  }

  release(): Promise<void> {
    return this.#model.release();
  }

  async #run(features: Float64Array, rows: number, scores: Float64Array): Promise<void> {
    const there = scores.subarray(0, rows * this.outputs);
    there.fill(Number.NaN); // What it leaves out is no score of an earlier batch.
    await this.#model.score(features, rows, there);
    // A device that is lost may say so, or answer nothing but NaN from then on.
    const isLast = this.#at + 1 >= this.#chain.length;
    if (isLast || rows === 0 || there.some(Number.isFinite)) return;
    if (!features.subarray(0, rows * this.facts.width).every(Number.isFinite)) return;
    throw new InferenceError('ONNX_FAILED', `${this.#model.runtime} has no score for any row`);
  }

  async #giveWay(): Promise<readonly string[]> {
    const old = this.#model;
    const { model, at, lost } = await loadNext(this.#source, this.#chain, this.#at + 1);
    const { version, width } = this.facts;
    if (model.version !== version || model.width !== width || model.outputs !== this.outputs) {
      throw new InferenceError('INFERENCE_REFUSED', `${model.runtime} loads another model`);
    }
    this.#model = model;
    this.#at = at;
    // What failed to compute may fail to close as well: the end of the thread frees it.
    await old.release().catch(() => undefined);
    return lost;
  }
}

/** What has no code of ours was thrown by a library, which is then not to be counted on. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return 'ONNX_FAILED';
}

/** The first of the chain that takes the model, and why those before it did not. */
async function loadNext(
  source: ModelSource,
  chain: readonly InferenceBackend[],
  from: number,
): Promise<{ readonly model: LoadedModel; readonly at: number; readonly lost: readonly string[] }> {
  const lost: string[] = [];
  for (const [at, backend] of chain.entries()) {
    if (at < from) continue;
    try {
      return { model: await backend.load(source), at, lost };
    } catch (error) {
      const code = codeOf(error);
      if (code.startsWith('MODEL_') || at === chain.length - 1) throw error;
      lost.push(`${code}: ${messageOf(error)}`);
    }
  }
  throw new InferenceError('INFERENCE_REFUSED', `no backend is left: ${lost.join('; ')}`);
}
