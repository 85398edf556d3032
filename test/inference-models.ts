import { readFileSync } from 'node:fs';
import { Random } from '../src/core/random.ts';
import { momentumSet } from '../src/domain/features/momentum-set.ts';
import { hashModel } from '../src/gpu/plain/model.ts';
import type { PlainFileSource } from '../src/ports/inference-backend.ts';

const path = new URL('../config/models/momentum-1.json', import.meta.url);
const momentum = momentumSet();

/** The model that is shipped, as the engine asks for it. */
export const momentumSource: PlainFileSource = {
  json: readFileSync(path, 'utf8'),
  layoutHash: momentum.layoutHash,
  width: momentum.width,
  version: 'momentum-1@d04686b5',
};

export const MADE_LAYOUT = '0123456789abcdef';

/** A model of any shape with weights by chance, scaled as training leaves them. */
export function makeSource(
  name: string,
  width: number,
  hidden: number,
  scale = 1,
): PlainFileSource {
  const random = new Random(width * 1_000 + hidden);
  const numbers = (length: number, by: number) =>
    Float64Array.from({ length }, () => (random.unit() * 2 - 1) * by);
  const contents = {
    name,
    layoutHash: MADE_LAYOUT,
    features: Array.from({ length: width }, (_, at) => `feature${at}`),
    hidden,
    horizonBars: 5,
    mean: numbers(width, 1),
    deviation: numbers(width, 1).map((value) => 0.5 + Math.abs(value)),
    weights1: numbers(width * hidden, scale / Math.sqrt(width)),
    bias1: numbers(hidden, scale),
    weights2: numbers(hidden, scale / Math.sqrt(hidden)),
    bias2: 0.1,
  };
  const plainArrays = Object.fromEntries(
    Object.entries(contents).map(([key, value]) => [
      key,
      value instanceof Float64Array ? [...value] : value,
    ]),
  );
  const contentHash = hashModel(contents);
  const json = JSON.stringify({ format: 'plain-mlp/1', contentHash, ...plainArrays });
  return { json, layoutHash: MADE_LAYOUT, width };
}

/** Rows about as features are: most within three deviations, a few far out. */
export function makeFeatures(seed: number, rows: number, width: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: rows * width }, () => {
    const usual = random.normal();
    return random.below(50) === 0 ? usual * 20 : usual;
  });
}
