import { Histogram, type HistogramSummary } from './histogram.ts';
import { type Layer, LAYERS } from './layer-policy.ts';

/** What a layer's requests went through. Times in microseconds of the wall. */
export interface LayerMetrics {
  readonly layer: Layer;
  readonly queueWaitUs: HistogramSummary;
  /** Rows in a batch. */
  readonly batchRows: HistogramSummary;
  /** From question to answer. */
  readonly answerUs: HistogramSummary;
  /** Requests that had no answer in time. */
  readonly deadlineMisses: number;
  /** Refused because their features were too old. */
  readonly stale: number;
}

export interface ModelMetrics {
  readonly model: string;
  readonly version: string;
  readonly runtime: string;
  /** Of a batch, in the thread. */
  readonly runUs: HistogramSummary;
  readonly rows: number;
  /** Batches that it did not compute, and requests that had a score which is no number. */
  readonly faults: number;
  /** Requests that wanted it and had no answer in time. */
  readonly deadlineMisses: number;
}

export interface InferenceMetrics {
  /** Of layers that were asked about. */
  readonly layers: readonly LayerMetrics[];
  readonly models: readonly ModelMetrics[];
}

class LayerKept {
  readonly queueWaitUs = new Histogram();
  readonly batchRows = new Histogram();
  readonly answerUs = new Histogram();
  asked = 0;
  deadlineMisses = 0;
  stale = 0;
}

class ModelKept {
  readonly runUs = new Histogram();
  version = '';
  runtime = '';
  rows = 0;
  faults = 0;
  deadlineMisses = 0;
}

/** Kept over all lives of the service. */
export class MetricsKept {
  readonly #layers = LAYERS.map(() => new LayerKept());
  readonly #models = new Map<string, ModelKept>();

  layer(layer: Layer): LayerKept {
    return this.#layers[layer] ?? new LayerKept();
  }

  model(name: string): ModelKept {
    const there = this.#models.get(name);
    if (there !== undefined) return there;
    const kept = new ModelKept();
    this.#models.set(name, kept);
    return kept;
  }

  missed(layer: Layer, models: readonly string[]): void {
    this.layer(layer).deadlineMisses += 1;
    for (const model of models) this.model(model).deadlineMisses += 1;
  }

  get metrics(): InferenceMetrics {
    return {
      layers: LAYERS.flatMap((layer) => {
        const { asked, queueWaitUs, batchRows, answerUs, ...counts } = this.layer(layer);
        if (asked === 0) return [];
        return [
          {
            layer,
            queueWaitUs: queueWaitUs.summary,
            batchRows: batchRows.summary,
            answerUs: answerUs.summary,
            deadlineMisses: counts.deadlineMisses,
            stale: counts.stale,
          },
        ];
      }),
      models: [...this.#models].map(([model, { runUs, ...kept }]) => ({
        model,
        version: kept.version,
        runtime: kept.runtime,
        runUs: runUs.summary,
        rows: kept.rows,
        faults: kept.faults,
        deadlineMisses: kept.deadlineMisses,
      })),
    };
  }
}
