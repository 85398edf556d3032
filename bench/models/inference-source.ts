import { fileURLToPath } from 'node:url';
import { cardText, contentHashOf, versionOf } from '../../src/models/artefact/card.ts';
import type { ModelSource } from '../../src/ports/inference-backend.ts';
import { findArtefact } from '../../src/store/artefacts/artefact-store.ts';

const MODELS = fileURLToPath(new URL('../../../config/models', import.meta.url));

/** The usual model of a session under another name: each name is a model of its own. */
export function shippedModel(name: string): ModelSource {
  const { card, model } = findArtefact([MODELS], 'momentum-mlp');
  const { layoutHash, features, window } = card.input;
  const contentHash = contentHashOf({ ...card, name });
  const named = { ...card, name, contentHash, version: versionOf(name, contentHash) };
  return { card: cardText(named), model, layoutHash, width: features.length * window };
}
