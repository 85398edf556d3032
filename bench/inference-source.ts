import { readFileSync } from 'node:fs';
import { momentumSet } from '../src/domain/features/momentum-set.ts';
import { loadModel } from '../src/gpu/plain/load-model.ts';
import { hashModel } from '../src/gpu/plain/model.ts';
import type { ModelSource } from '../src/ports/inference-backend.ts';

const path = new URL('../../config/models/momentum-1.json', import.meta.url);

/** The shipped model under another name: each name is a model of its own. */
export function shippedModel(name: string): ModelSource {
  const { layoutHash, width } = momentumSet();
  const json = readFileSync(path, 'utf8');
  const contentHash = hashModel({ ...loadModel(json, layoutHash), name });
  return {
    json: JSON.stringify({ ...JSON.parse(json), name, contentHash }),
    layoutHash,
    width,
  };
}
