import { expm1, halfExp } from './math.ts';

const TWO_MINUS_28 = 3.725290298461914e-9;

/**
 * Hyperbolic sine and cosine.
 *
 * After fdlibm (Sun Microsystems, 1993: e_sinh, e_cosh), but for the plain series of the sine below
 * 1, which loses less. Every result is the correctly rounded one or its neighbour: measured, see
 * test/golden/math.md.
 */
export function sinh(x: number): number {
  if (x !== x) return Number.NaN;
  const size = Math.abs(x);
  if (size < TWO_MINUS_28) return x; // Keeps the sign of zero.
  const value = size < 1 ? smallSinh(size) : halfExp(size) - halfExp(-size);
  return x < 0 ? -value : value;
}

/** Its series up to x^19 / 19!: what is left out lies below the last place. */
function smallSinh(x: number): number {
  const z = x * x;
  const tail =
    0.16666666666666666 +
    z *
      (0.008333333333333333 +
        z *
          (0.0001984126984126984 +
            z *
              (2.7557319223985893e-6 +
                z *
                  (2.505210838544172e-8 +
                    z *
                      (1.6059043836821613e-10 +
                        z *
                          (7.647163731819816e-13 +
                            z * (2.8114572543455206e-15 + z * 8.22063524662433e-18)))))));
  return x + x * (z * tail);
}

export function cosh(x: number): number {
  if (x !== x) return Number.NaN;
  const size = Math.abs(x);
  if (size < 0.34657359027997264) {
    const t = expm1(size);
    return 1 + (t * t) / (2 + 2 * t);
  }
  return halfExp(size) + halfExp(-size);
}
