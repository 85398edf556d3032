/** What the interpreter computes in: doubles, or singles that are rounded when they are stored. */
export type Numbers = Float64Array | Float32Array;

export type Precision = 'double' | 'single';

export function numbersOf(precision: Precision, length: number): Numbers {
  return precision === 'double' ? new Float64Array(length) : new Float32Array(length);
}
