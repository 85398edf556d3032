import type { InferenceBackend } from '../../ports/inference-backend.ts';
import { openSource } from '../open-model.ts';
import { plainModel } from './plain-model.ts';

/** Plain JavaScript: always there, and the same bits as inference in virtual time. */
export function createPlainBackend(): InferenceBackend {
  return {
    name: 'plain',
    load: async (source) => plainModel(openSource(source)),
  };
}
