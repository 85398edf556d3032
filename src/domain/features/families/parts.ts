import type { FeatureDeclaration, FeatureFamily } from '../feature.ts';

/** What a feature says of itself, and what it does otherwise than its family. */
export type Given = Pick<FeatureDeclaration, 'name' | 'tells' | 'units' | 'inputs'> &
  Partial<FeatureDeclaration>;

/** What the features of a family have in common. */
export interface Common {
  readonly family: FeatureFamily;
  readonly layer?: FeatureDeclaration['layer'];
  readonly isCritical?: boolean;
  readonly imputed: FeatureDeclaration['imputed'];
}

/** Declares features of one family: without a formula, one is its first input. */
export function featuresOf(common: Common): (given: Given) => FeatureDeclaration {
  return (given) => ({
    layer: 3,
    version: 1,
    isCritical: false,
    formula: first,
    ...common,
    ...given,
  });
}

export function first(x: Float64Array): number {
  return x[0] ?? NaN;
}

/** NaN unless what is below is above nothing: over 0 there is none, and a sign would be wrong. */
export function ratio(above = NaN, below = NaN): number {
  return below > 0 ? above / below : NaN;
}

/** No single value may outweigh all others; keeps NaN. */
export function cut(value: number, at = 5): number {
  return Math.max(-at, Math.min(at, value));
}

/** 1 or 0; NaN where what it is judged by is not known. */
export function flag(holds: boolean, known = NaN): number {
  return known === known ? (holds ? 1 : 0) : NaN;
}
