/** 2 to the power -48: sums and means of a few prices differ by less of themselves by rounding. */
const ROUNDING = 3.552713678800501e-15;

/** Whether a distance of prices is none but for their last digits. */
export function isRounding(distance: number, price: number): boolean {
  return distance <= price * ROUNDING;
}
