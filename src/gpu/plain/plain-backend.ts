import type { InferenceBackend } from '../../ports/inference-backend.ts';
import { ModelError, openModel } from './load-model.ts';
import { score } from './model.ts';

/** Plain JavaScript: always there, and the same bits as inference in virtual time. */
export function createPlainBackend(): InferenceBackend {
  return {
    name: 'plain',
    async load(source) {
      if (!('json' in source))
        throw new ModelError('MODEL_UNREADABLE', 'it is no plain-mlp/1 file');
      const model = openModel(source);
      return {
        name: model.name,
        version: model.version,
        width: model.features.length,
        outputs: 1,
        columns: ['probability'],
        runtime: 'plain JavaScript',
        score: async (features, rows, scores) => score(model, features, rows, scores),
        release: async () => undefined,
      };
    },
  };
}
