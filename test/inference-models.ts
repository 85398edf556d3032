import { fileURLToPath } from 'node:url';
import { Random } from '../src/core/random.ts';
import { openSource } from '../src/gpu/open-model.ts';
import { plainScorer } from '../src/gpu/plain/plain-model.ts';
import { cardText, contentHashOf, parseCard, versionOf } from '../src/models/artefact/card.ts';
import { mlp } from '../src/models/nets/mlp.ts';
import type { ModelSource } from '../src/ports/inference-backend.ts';
import { findArtefact } from '../src/store/artefacts/artefact-store.ts';
import { LAYOUT, networkBytes, sourceOf } from './served-models.ts';

/** A source that takes one version alone: its own. */
export type VersionedSource = ModelSource & { readonly version: string };

export const MADE_LAYOUT = LAYOUT;

/** A small network of any shape that is untrained: an answer is one probability. */
export function makeSource(
  name: string,
  width: number,
  hidden: number,
  seed = width * 1_000 + hidden,
): VersionedSource {
  const random = new Random(seed, 1);
  const scaling = {
    mean: Array.from({ length: width }, () => 2 * random.unit() - 1),
    deviation: Array.from({ length: width }, () => 0.5 + random.unit()),
    clip: 8,
  };
  const shape = { features: width, window: 1, outputs: ['probability'] as const };
  const bytes = networkBytes(mlp({ hidden: [hidden] }), { ...shape, scaling, seed });
  return versioned(sourceOf(bytes, { name, family: 'mlp', ...shape }));
}

/** What most tests ask: rows as wide as those of a session. */
export const momentumSource = makeSource('momentum-1', 12, 16);

/** The usual model of a session, as it is shipped: three scores a row, and it is calibrated. */
export const shippedSource = shipped('momentum-mlp');

function shipped(name: string): VersionedSource {
  const models = fileURLToPath(new URL('../config/models', import.meta.url));
  const { card, cardText: text, model } = findArtefact([models], name);
  const { layoutHash, features, window } = card.input;
  const width = features.length * window;
  return { card: text, model, layoutHash, width, version: card.version };
}

/** Another version of a model: its scores differ in the first digits. */
export function recalibrated(source: ModelSource, intercept: number): VersionedSource {
  const calibration = { kind: 'platt', slope: 1, intercept } as const;
  const card = { ...parseCard(source.card), calibration };
  const contentHash = contentHashOf(card);
  const version = versionOf(card.name, contentHash);
  return { ...source, card: cardText({ ...card, contentHash, version }), version };
}

/** One whose card no longer says what its hash was made of. */
export function edited(source: ModelSource): ModelSource {
  return { ...source, card: source.card.replace('"horizonBars": 30', '"horizonBars": 31') };
}

export function versioned(source: ModelSource): VersionedSource {
  return { ...source, version: parseCard(source.card).version };
}

/** What a model makes of rows: the scores of a row beside each other. */
export type Scores = (features: Float64Array, rows: number) => Float64Array;

/** In plain JavaScript, which all else is held against. */
export function plainScores(source: ModelSource): Scores {
  const opened = openSource(source);
  const score = plainScorer(opened);
  return (features, rows) => {
    const scores = new Float64Array(rows * opened.identity.columns.length);
    score(features, rows, scores);
    return scores;
  };
}

/** Rows about as features are: most within three deviations, a few far out. */
export function makeFeatures(seed: number, rows: number, width: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: rows * width }, () => {
    const usual = random.normal();
    return random.below(50) === 0 ? usual * 20 : usual;
  });
}
