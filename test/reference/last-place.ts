const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** How many doubles further `right` is than `left`; 0 for two NaN, Infinity for one. */
export function placesBetween(left: number, right: number): number {
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return Number.isNaN(left) && Number.isNaN(right) ? 0 : Infinity;
  }
  const distance = rank(left) - rank(right);
  return Number(distance < 0n ? -distance : distance);
}

/** The double with this bit pattern, 16 hexadecimal digits. */
export function fromHex(hex: string): number {
  bits[0] = BigInt.asIntN(64, BigInt(`0x${hex}`));
  return double[0] ?? Number.NaN;
}

/** Place among all doubles in order of size; both zeros are at 0. */
function rank(value: number): bigint {
  double[0] = value;
  const pattern = bits[0] ?? 0n;
  return pattern < 0n ? -(pattern & 0x7fffffffffffffffn) : pattern;
}
