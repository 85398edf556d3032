import { readFileSync } from 'node:fs';
import { isRecord } from '../../../../src/core/json.ts';
import type { TreeRows } from '../../../../src/models/trees/tree-options.ts';

/** The generator of the fixtures: see test/golden/trees/README.md. */
export class Stream {
  #x: number;

  constructor(seed: number) {
    this.#x = seed;
  }

  u(): number {
    this.#x = (Math.imul(1_664_525, this.#x) + 1_013_904_223) >>> 0;
    return (this.#x + 0.5) / 4_294_967_296;
  }

  z(): number {
    let sum = 0;
    for (let at = 0; at < 12; at += 1) sum += this.u();
    return sum - 6;
  }
}

export interface Drawn {
  readonly width: number;
  readonly features: Float64Array;
  readonly values: Float64Array;
  readonly labels: Float64Array;
}

/** As `rows_of` in make-fixtures.py: values, then holes and zeros, then noise of the labels. */
export function drawn(seed: number, missing: number, zeros: number, rows = 360, width = 5): Drawn {
  const stream = new Stream(seed);
  const features = Float64Array.from({ length: rows * width }, () => stream.z());
  const known = features.slice();
  for (let at = 0; at < features.length; at += 1) {
    const u = stream.u();
    if (u >= missing + zeros) continue;
    known[at] = 0;
    features[at] = u < missing ? Number.NaN : 0;
  }
  const values = Float64Array.from({ length: rows }, (_, row) => {
    const [a = 0, b = 0, c = 0] = known.subarray(row * width, row * width + 3);
    return a + 0.5 * b * c + 0.6 * stream.z();
  });
  return { width, features, values, labels: values.map((value) => Number(value > 0)) };
}

/** The data of lightgbm-binary.txt: 400 rows of four values without holes. */
export function binaryRows(): Drawn {
  return drawnWithoutHoles(201, 400, 4);
}

function drawnWithoutHoles(seed: number, rows: number, width: number): Drawn {
  const stream = new Stream(seed);
  const features = Float64Array.from({ length: rows * width }, () => stream.z());
  const values = Float64Array.from({ length: rows }, (_, row) => {
    const [a = 0, b = 0, c = 0] = features.subarray(row * width, row * width + 3);
    return a + 0.5 * b * c + 0.6 * stream.z();
  });
  return { width, features, values, labels: values.map((value) => Number(value > 0)) };
}

/** Rows `from` to `to`, with the names that LightGBM gives. */
export function rowsOf(
  { width, features, values, labels }: Drawn,
  of: 'labels' | 'values',
  from: number,
  to: number,
): TreeRows {
  return {
    rows: to - from,
    names: Array.from({ length: width }, (_, at) => `Column_${at}`),
    features: features.slice(from * width, to * width),
    labels: (of === 'labels' ? labels : values).slice(from, to),
  };
}

export function goldenText(name: string): string {
  return readFileSync(goldenPlace(name), 'utf8');
}

export function goldenBytes(name: string): Uint8Array {
  return readFileSync(goldenPlace(name));
}

function goldenPlace(name: string): URL {
  return new URL(`../../../golden/trees/${name}`, import.meta.url);
}

/** A list of numbers in expected.json. */
export function expected(...path: readonly string[]): readonly number[] {
  let at: unknown = JSON.parse(goldenText('expected.json'));
  for (const name of path) {
    if (!isRecord(at)) throw new Error(`expected.json has no ${path.join('.')}`);
    at = at[name];
  }
  const list = Array.isArray(at) ? at : [at];
  return list.map(Number);
}

export function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  return Array.from(left).reduce((most, value, at) => {
    const difference = Math.abs(value - (right[at] ?? Number.NaN));
    return difference <= most ? most : difference;
  }, 0);
}

export function logLoss(answers: Float64Array, labels: Float64Array): number {
  const sum = answers.reduce((all, p, row) => all - Math.log(labels[row] === 1 ? p : 1 - p), 0);
  return sum / answers.length;
}
