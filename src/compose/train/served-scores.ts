import { cardText, type ModelCard, rowWidth } from '../../models/artefact/card.ts';
import { type Samples, selectSamples } from '../../models/data/samples.ts';
import { loadServed, type RunnerKind } from './native-or-plain.ts';

/** Rows in one call of a backend. */
const CHUNK = 256;

export interface Served {
  readonly card: ModelCard;
  readonly model: Uint8Array;
  readonly runner: RunnerKind;
}

/**
 * What the artefact says of samples, as the service would hear it: the file is read, checked and
 * run by the backend that serves, so that no figure is of anything but what is kept.
 */
export async function servedScores(
  { card, model, runner }: Served,
  samples: Samples,
  places: Int32Array,
): Promise<Float64Array> {
  const width = rowWidth(card);
  const { layoutHash } = card.input;
  const loaded = await loadServed(runner, { card: cardText(card), model, layoutHash, width });
  try {
    const found = new Float64Array(places.length);
    const answers = new Float64Array(CHUNK * loaded.outputs);
    for (let from = 0; from < places.length; from += CHUNK) {
      const own = places.subarray(from, from + CHUNK);
      const rows = selectSamples(samples, own);
      await loaded.score(rows.features, own.length, answers);
      for (let row = 0; row < own.length; row += 1) {
        found[from + row] = answers[row * loaded.outputs] ?? Number.NaN;
      }
    }
    return found;
  } finally {
    await loaded.release();
  }
}
