import { assert } from '../../core/assert.ts';
import type { BackendName, LoadedModel, ModelSource } from '../../ports/inference-backend.ts';
import { InferenceError, messageOf } from '../inference-error.ts';
import { createOnnxBackend } from '../onnx/onnx-backend.ts';
import { createPlainBackend } from '../plain/plain-backend.ts';
import type { WorkerFacts } from './protocol.ts';

export interface ScorerSettings {
  readonly backend: BackendName;
  readonly source: ModelSource;
  readonly executionProviders: readonly string[];
  readonly onnxModule?: string;
}

/**
 * A model that goes on when its backend does not: plain JavaScript takes over where the native
 * runtime cannot be loaded, and where it fails in the middle of a batch. A model that is itself
 * unfit is refused, since no backend makes it right.
 */
export async function openScorer(settings: ScorerSettings): Promise<Scorer> {
  const plain = await createPlainBackend().load(settings.source);
  if (settings.backend === 'plain') return new Scorer(plain, plain);
  const { executionProviders, onnxModule } = settings;
  try {
    const onnx = await createOnnxBackend({
      executionProviders,
      ...(onnxModule === undefined ? {} : { module: onnxModule }),
    }).load(settings.source);
    return new Scorer(onnx, plain, onnx.fellBack);
  } catch (error) {
    if (!(error instanceof InferenceError)) throw error;
    return new Scorer(plain, plain, `${error.code}: ${error.message}`);
  }
}

export class Scorer {
  readonly facts: WorkerFacts;
  readonly #plain: LoadedModel;
  #model: LoadedModel;

  constructor(model: LoadedModel, plain: LoadedModel, fellBack?: string) {
    assert(model.outputs === 1, 'an answer holds one score a row');
    const { name, version, width, runtime } = model;
    this.facts = { name, version, width, runtime, ...(fellBack === undefined ? {} : { fellBack }) };
    this.#model = model;
    this.#plain = plain;
  }

  /** Answers why it fell back, if it had to. */
  async score(
    features: Float64Array,
    rows: number,
    scores: Float64Array,
  ): Promise<string | undefined> {
    try {
      await this.#model.score(features, rows, scores);
      return undefined;
    } catch (error) {
      if (this.#model === this.#plain) throw error;
      const lost = this.#model;
      this.#model = this.#plain;
      await this.#plain.score(features, rows, scores);
      // What failed to compute may fail to close as well: the end of the thread frees it.
      await lost.release().catch(() => undefined);
      return messageOf(error);
    }
  }

  release(): Promise<void> {
    return this.#model.release();
  }
}
