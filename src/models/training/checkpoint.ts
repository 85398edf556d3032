import { Hash64 } from '../../core/hash.ts';
import { TrainingError } from './training-error.ts';

/**
 * All that training needs to go on as if it had not stopped, bit for bit. Shuffles and dropout
 * masks follow from seed and step, so no generator is kept.
 */
export interface Checkpoint {
  /** What must be the same to go on: network, seed, samples, batch, optimiser, schedule. */
  readonly settings: string;
  readonly step: number;
  /** Sum of the training losses since the last evaluation, and of how many steps. */
  readonly lossSum: number;
  readonly lossSteps: number;
  readonly history: readonly Evaluated[];
  /** Step of the best evaluation, and how many have passed since without a better one. */
  readonly bestStep?: number;
  readonly waited: number;
  readonly vectors: Vectors;
}

export interface Vectors {
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** Running statistics, one after the other. */
  readonly running: Float32Array;
  /** Parameters and running statistics of the best evaluation: empty before the first. */
  readonly bestParameters: Float32Array;
  readonly bestRunning: Float32Array;
}

export interface Evaluated {
  readonly step: number;
  readonly loss: number;
  readonly validationLoss?: number;
}

const VECTORS = [
  'parameters',
  'firstMoment',
  'secondMoment',
  'running',
  'bestParameters',
  'bestRunning',
] as const;
const MAGIC = 'strata-training/1\n';
const VALUES_MAX = 1 << 28;

/** A line that names the format, a line of JSON, the vectors in little-endian floats, a sum. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { vectors, ...rest } = checkpoint;
  const lengths = VECTORS.map((name) => vectors[name].length);
  const head = new TextEncoder().encode(`${MAGIC}${JSON.stringify({ ...rest, lengths })}\n`);
  const values = lengths.reduce((sum, length) => sum + length, 0);
  const bytes = new Uint8Array(head.length + values * 4 + 4);
  const view = new DataView(bytes.buffer);
  bytes.set(head);
  let at = head.length;
  for (const name of VECTORS) {
    for (const value of vectors[name]) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  view.setUint32(at, checksum(bytes.subarray(0, at)), true);
  return bytes;
}

/** Refuses, with the reason, what was cut, changed or is something else. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = new TextEncoder().encode(MAGIC);
  if (magic.some((byte, at) => bytes[at] !== byte)) throw unreadable('is not one of ours');
  const end = bytes.length - 4;
  if (end < magic.length || view.getUint32(end, true) !== checksum(bytes.subarray(0, end))) {
    throw unreadable('is cut short or was changed');
  }
  const headEnd = bytes.indexOf(10, magic.length);
  const head = headOf(new TextDecoder().decode(bytes.subarray(magic.length, headEnd)));
  const values = head.lengths.reduce((sum, length) => sum + length, 0);
  if (values > VALUES_MAX || headEnd + 1 + values * 4 !== end) {
    throw unreadable('has not the length that it names');
  }
  let at = headEnd + 1;
  const vectors = head.lengths.map((length) => {
    const vector = Float32Array.from({ length }, (_, place) =>
      view.getFloat32(at + place * 4, true),
    );
    at += length * 4;
    return vector;
  });
  const { lengths: _, ...rest } = head;
  return { ...rest, vectors: vectorsOf(vectors) };
}

type Head = Omit<Checkpoint, 'vectors'> & { readonly lengths: readonly number[] };

/** The checksum has said that these are our own words. */
function headOf(text: string): Head {
  const head: Head = JSON.parse(text);
  return head;
}

function vectorsOf(vectors: readonly Float32Array[]): Vectors {
  const none = new Float32Array(0);
  const [parameters = none, firstMoment = none, secondMoment = none, running = none] = vectors;
  const [bestParameters = none, bestRunning = none] = vectors.slice(4);
  return { parameters, firstMoment, secondMoment, running, bestParameters, bestRunning };
}

function checksum(bytes: Uint8Array): number {
  const hash = new Hash64();
  hash.bytes(bytes);
  return hash.low >>> 0;
}

function unreadable(what: string): TrainingError {
  return new TrainingError('TRAINING_CHECKPOINT', `the checkpoint ${what}`);
}
