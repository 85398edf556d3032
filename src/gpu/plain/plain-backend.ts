import type { InferenceBackend } from '../../ports/inference-backend.ts';
import { openModel } from './load-model.ts';
import { score } from './model.ts';

/** Plain JavaScript: always there, and the same bits as inference in virtual time. */
export function createPlainBackend(): InferenceBackend {
  return {
    name: 'plain',
    async load(source) {
      const model = openModel(source);
      return {
        name: model.name,
        version: model.version,
        width: model.features.length,
        outputs: 1,
        runtime: 'plain JavaScript',
        score: async (features, rows, scores) => score(model, features, rows, scores),
        release: async () => undefined,
      };
    },
  };
}
