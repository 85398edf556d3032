import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

/** The same networks as a user of TensorFlow.js writes them, and one step of Adam. */
export type PeerStep = () => Promise<void>;

export interface PeerShape {
  readonly rows: number;
  readonly window: number;
  readonly features: number;
}

const RATE = 1e-3;

/** Its threads cannot run in Node; its vector instructions do. */
export async function openPeer(): Promise<string> {
  await tf.setBackend('wasm');
  await tf.ready();
  // It falls back to plain JavaScript without a word.
  if (tf.getBackend() !== 'wasm') throw new Error(`tfjs runs on ${tf.getBackend()}`);
  return `tfjs ${tf.version.tfjs} wasm`;
}

export function lstmStep({ rows, window, features }: PeerShape): PeerStep {
  const input = tf.input({ shape: [window, features] });
  const steps = apply(
    tf.layers.bidirectional({
      layer: tf.layers.lstm({
        units: 64,
        returnSequences: true,
        recurrentActivation: 'sigmoid',
        // Its own default takes seconds to draw and says so on every run.
        recurrentInitializer: 'glorotUniform',
      }),
      mergeMode: 'concat',
    }),
    input,
  );
  const raised = apply(tf.layers.dense({ units: 128, activation: 'tanh' }), steps);
  const scores = apply(tf.layers.dense({ units: 1, useBias: false }), raised);
  const turned = apply(tf.layers.reshape({ targetShape: [window] }), scores);
  const shares = apply(tf.layers.softmax({ axis: 1 }), turned);
  const column = apply(tf.layers.reshape({ targetShape: [window, 1] }), shares);
  const context = apply(tf.layers.flatten(), apply(tf.layers.dot({ axes: 1 }), [column, steps]));
  const heads = [
    apply(tf.layers.dense({ units: 1, activation: 'sigmoid' }), context),
    apply(tf.layers.dense({ units: 1 }), context),
  ];
  const model = tf.model({ inputs: input, outputs: heads });
  model.compile({
    optimizer: tf.train.adam(RATE),
    loss: ['binaryCrossentropy', 'meanSquaredError'],
  });
  const x = tf.randomNormal([rows, window, features], 0, 1, 'float32', 1);
  const label = tf.cast(tf.greater(tf.randomNormal([rows, 1], 0, 1, 'float32', 2), 0), 'float32');
  const back = tf.randomNormal([rows, 1], 0, 1, 'float32', 3);
  return async () => {
    await model.trainOnBatch(x, [label, back]);
  };
}

function apply(
  layer: { apply(inputs: tf.SymbolicTensor | tf.SymbolicTensor[]): unknown },
  inputs: tf.SymbolicTensor | tf.SymbolicTensor[],
): tf.SymbolicTensor {
  const made = layer.apply(inputs);
  if (made instanceof tf.SymbolicTensor) return made;
  throw new Error('a layer made no tensor');
}

const WIDTH = 64;
const HEADS = 4;
const INNER = 128;

/** Two encoder layers of 64, four heads, 128 inside, of operations that wasm has gradients of. */
export function transformerStep({ rows, window, features }: PeerShape): PeerStep {
  const dense = (inputs: number, outputs: number) => ({
    weight: tf.variable(tf.randomUniform([inputs, outputs], -0.1, 0.1)),
    bias: tf.variable(tf.zeros([outputs])),
  });
  const norm = () => ({
    weight: tf.variable(tf.ones([WIDTH])),
    bias: tf.variable(tf.zeros([WIDTH])),
  });
  const layers = [0, 1].map(() => ({
    query: dense(WIDTH, WIDTH),
    key: dense(WIDTH, WIDTH),
    value: dense(WIDTH, WIDTH),
    joined: dense(WIDTH, WIDTH),
    dense1: dense(WIDTH, INNER),
    dense2: dense(INNER, WIDTH),
    norm1: norm(),
    norm2: norm(),
  }));
  const embedding = dense(features, WIDTH);
  const places = tf.randomNormal([window, WIDTH], 0, 1, 'float32', 4);
  const head = dense(WIDTH, 2);
  const shape = { rows, window };
  const optimiser = tf.train.adam(RATE);
  const x = tf.randomNormal<tf.Rank.R2>([rows * window, features], 0, 1, 'float32', 1);
  const label = tf.cast(tf.greater(tf.randomNormal([rows], 0, 1, 'float32', 2), 0), 'float32');
  const back = tf.randomNormal([rows], 0, 1, 'float32', 3);
  const loss = (): tf.Scalar => {
    let tokens: tf.Tensor = tf.reshape(linear(x, embedding), [rows, window, WIDTH]);
    tokens = tf.add(tokens, places);
    for (const layer of layers) tokens = encoded(tokens, layer, shape);
    const said = linear(tf.reshape(tf.mean(tokens, 1), [rows, WIDTH]), head);
    const [logit, surplus] = tf.split(said, 2, 1).map((part) => tf.reshape(part, [rows]));
    if (logit === undefined || surplus === undefined) throw new Error('no heads');
    const surprise = tf.losses.sigmoidCrossEntropy<tf.Tensor, tf.Scalar>(label, logit);
    return tf.add(surprise, tf.losses.huberLoss<tf.Tensor, tf.Scalar>(back, surplus));
  };
  return async () => {
    const cost = optimiser.minimize(loss, true);
    await cost?.data();
    cost?.dispose();
  };
}

interface Dense {
  readonly weight: tf.Variable;
  readonly bias: tf.Variable;
}

interface EncoderLayer {
  readonly query: Dense;
  readonly key: Dense;
  readonly value: Dense;
  readonly joined: Dense;
  readonly dense1: Dense;
  readonly dense2: Dense;
  readonly norm1: Dense;
  readonly norm2: Dense;
}

function linear(x: tf.Tensor, { weight, bias }: Dense): tf.Tensor {
  return tf.add(tf.matMul(x, weight), bias);
}

function normed(x: tf.Tensor, { weight, bias }: Dense): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.mul(centred, centred), -1, true);
  return tf.add(tf.mul(tf.div(centred, tf.sqrt(tf.add(variance, 1e-5))), weight), bias);
}

function encoded(
  x: tf.Tensor,
  layer: EncoderLayer,
  { rows, window }: { readonly rows: number; readonly window: number },
): tf.Tensor {
  const each = WIDTH / HEADS;
  const flat = tf.reshape(x, [rows * window, WIDTH]);
  const split = (part: Dense) =>
    tf.transpose(tf.reshape(linear(flat, part), [rows, window, HEADS, each]), [0, 2, 1, 3]);
  const scores = tf.matMul(split(layer.query), split(layer.key), false, true);
  const shares = tf.softmax(tf.mul(scores, 1 / Math.sqrt(each)));
  const mixed = tf.transpose(tf.matMul(shares, split(layer.value)), [0, 2, 1, 3]);
  const attended = linear(tf.reshape(mixed, [rows * window, WIDTH]), layer.joined);
  const first = normed(tf.add(flat, attended), layer.norm1);
  // Its error function has no gradient on wasm in every version: the approximation is cheaper too.
  const raised = gelu(linear(first, layer.dense1));
  const second = normed(tf.add(first, linear(raised, layer.dense2)), layer.norm2);
  return tf.reshape(second, [rows, window, WIDTH]);
}

function gelu(x: tf.Tensor): tf.Tensor {
  const share = tf.sigmoid(tf.mul(x, 1.702));
  return tf.mul(x, share);
}
