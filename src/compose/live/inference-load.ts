import type { InferenceLoad } from '../../cli/live-load.ts';
import { measure } from '../../cli/figures.ts';
import type { InferenceDefinition } from '../../gpu/service/inference-service.ts';

/** How batches of each layer and model went, as `status` and the summary tell it. */
export function inferenceLoad(service: InferenceDefinition): InferenceLoad {
  const { layers, models } = service.metrics();
  const { done, expired, late, stale, failed, refused, deaths, fallbacks, swaps } =
    service.counts();
  return {
    counts: { done, expired, late, stale, failed, refused, deaths, fallbacks, swaps },
    layers: Object.fromEntries(
      layers.map(({ layer, queueWaitUs, batchRows, answerUs, deadlineMisses }) => [
        `layer ${layer}`,
        {
          batches: batchRows.count,
          rowsP50: told(batchRows.p50),
          rowsMost: told(batchRows.most),
          waitP50Ms: ms(queueWaitUs.p50),
          waitP99Ms: ms(queueWaitUs.p99),
          answerP99Ms: ms(answerUs.p99),
          deadlineMisses,
        },
      ]),
    ),
    models: Object.fromEntries(
      models.map(({ model, version, runUs, rows, faults, deadlineMisses }) => [
        version === '' ? model : version,
        { rows, runP50Ms: ms(runUs.p50), runP99Ms: ms(runUs.p99), faults, deadlineMisses },
      ]),
    ),
  };
}

/** Beside the service's name on the screen; empty before it was asked. */
export function inferenceNote(service: InferenceDefinition): string {
  const { layers } = service.metrics();
  const { expired, late } = service.counts();
  const [urgent] = layers.toReversed();
  if (urgent === undefined) return '';
  const p99 = `answers in ${measure(ms(urgent.answerUs.p99))} ms (p99)`;
  return expired + late === 0 ? p99 : `${p99}, late ${expired}`;
}

/** Of nothing there is no percentile, and JSON has no NaN. */
function told(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function ms(us: number): number {
  return Math.round(told(us) / 10) / 100;
}
