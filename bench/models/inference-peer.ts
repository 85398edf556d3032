import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { FEATURES } from './inference-nets.ts';

/** Scores rows that lie in `features`, three numbers a row. */
export type PeerScorer = (features: Float32Array, rows: number) => Promise<ArrayLike<number>>;

/**
 * The networks as a user of TensorFlow.js writes them with its layers. A transformer is not among
 * those: it is written of operations, which is what our adapter does.
 */
export async function openPeer(name: 'mlp' | 'lstm'): Promise<PeerScorer> {
  await tf.setBackend('wasm');
  await tf.ready();
  // It falls back to plain JavaScript without a word.
  if (tf.getBackend() !== 'wasm') throw new Error(`tfjs runs on ${tf.getBackend()}`);
  const model = name === 'mlp' ? mlpModel() : lstmModel();
  const shape = name === 'mlp' ? [FEATURES] : [64, FEATURES];
  return async (features, rows) => {
    const said = tf.tidy(() => {
      const answer = model.predict(tf.tensor(features, [rows, ...shape]));
      if (answer instanceof tf.Tensor) return answer;
      throw new Error('a model made no tensor');
    });
    const scores = await said.data();
    said.dispose();
    return scores;
  };
}

function mlpModel(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 128, activation: 'relu', inputShape: [FEATURES] }),
      tf.layers.dense({ units: 64, activation: 'relu' }),
      tf.layers.dense({ units: 3 }),
    ],
  });
}

/** Without the attention that ours has on top: the last states alone, which is less to compute. */
function lstmModel(): tf.Sequential {
  const layer = tf.layers.lstm({
    units: 64,
    recurrentActivation: 'sigmoid',
    // Its own default takes seconds to draw and says so on every run.
    recurrentInitializer: 'glorotUniform',
  });
  return tf.sequential({
    layers: [
      tf.layers.bidirectional({ layer, mergeMode: 'concat', inputShape: [64, FEATURES] }),
      tf.layers.dense({ units: 3 }),
    ],
  });
}
