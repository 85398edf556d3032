import { atan } from '../../core/math-inverse.ts';

/**
 * Ehlers' Hilbert transform as TA-Lib has it: a price smoothed over four bars, its two components a
 * quarter of a cycle apart, and from their rotation the period of the cycle in it, kept between 6
 * and 50 bars.
 *
 * Differences are taken before they are weighted, so a flat market has components of exactly zero
 * where TA-Lib's running sums keep a trace. The period then stays what it was tending to: it is a
 * ratio of two averages that die away together.
 */

/** Slots to read after a step that answered true. */
export const IN_PHASE = 0;
export const QUADRATURE = 1;
/** Smoothed period of the cycle in bars. */
export const CYCLE_PERIOD = 2;
export const SMOOTHED_PRICE = 3;
const COUNT = 4; // Bars so far, until the transform begins.
const PERIOD = 5; // Before its last smoothing.
const LAST_IN_PHASE = 6; // Of the homodyne pair.
const LAST_QUADRATURE = 7;
const REAL = 8;
const IMAGINARY = 9;
const TURN = 10; // Place in the rings below, 0 to 15.
const PRICES = 11; // The last three, newest first.
const SMOOTHS = 14; // Ring of 8.
const QUADRATURES = 22; // Ring of 8.
const DETRENDERS = 30; // Ring of 16.
export const HILBERT_WIDTH = 46;

/** Bars before the average over four has all its prices. */
const AVERAGE_LAG = 3;
/** Averages that TA-Lib lets go by before the transform: the shorter of two habits. */
export const EARLY_START = AVERAGE_LAG + 9;
/** The same where the phase is wanted. */
export const LATE_START = AVERAGE_LAG + 34;

/** A quarter turn looks back over so many bars, and what it answers is half as many old. */
const TURN_SPAN = 6;
const TURN_DELAY = TURN_SPAN / 2;
/** Detrender and quadrature, each over a span; the turned pair, each a delay; each rotation one. */
const TRANSFORM_BARS = 2 * TURN_SPAN + 2 * TURN_DELAY + 2;
/** Bars until the first value that TA-Lib shows. */
export const EARLY_WARMUP_BARS = EARLY_START + TRANSFORM_BARS + 1;
/** Where the phase is wanted TA-Lib holds back as many more as the program that it follows. */
const HELD_BACK = 31;
export const LATE_WARMUP_BARS = EARLY_WARMUP_BARS + HELD_BACK;

const FAR = 0.0962;
const NEAR = 0.5769;

export function resetHilbert(state: Float64Array, at: number): void {
  state.fill(0, at, at + HILBERT_WIDTH);
}

/**
 * Takes a price; false while the transform has not begun.
 *
 * @param start bars before it begins; what came before it counts as 0.
 */
export function slideHilbert(
  state: Float64Array,
  at: number,
  start: number,
  price: number,
): boolean {
  const prices = at + PRICES;
  const one = state[prices] ?? NaN;
  const two = state[prices + 1] ?? NaN;
  const smoothed = (4 * price + 3 * one + 2 * two + (state[prices + 2] ?? NaN)) / 10;
  state[prices + 2] = two;
  state[prices + 1] = one;
  state[prices] = price;
  const count = (state[at + COUNT] ?? NaN) | 0;
  if (count < start) {
    state[at + COUNT] = count + 1;
    return false;
  }

  const turn = (state[at + TURN] ?? NaN) | 0;
  state[at + TURN] = (turn + 1) & 15;
  state[at + SMOOTHED_PRICE] = smoothed;
  transform(state, at, turn, smoothed);
  return true;
}

function transform(state: Float64Array, at: number, turn: number, smoothed: number): void {
  const adjust = 0.075 * (state[at + PERIOD] ?? NaN) + 0.54;
  const smooths = at + SMOOTHS;
  state[smooths + (turn & 7)] = smoothed;
  const detrender = quarterTurn(state, smooths, turn, 7) * adjust;
  const detrenders = at + DETRENDERS;
  state[detrenders + turn] = detrender;
  const quadrature = quarterTurn(state, detrenders, turn, 15) * adjust;
  const quadratures = at + QUADRATURES;
  state[quadratures + (turn & 7)] = quadrature;
  const inPhase = state[detrenders + ((turn - TURN_DELAY) & 15)] ?? NaN;
  const turnedInPhase = quarterTurn(state, detrenders, turn - TURN_DELAY, 15) * adjust;
  const turnedQuadrature = quarterTurn(state, quadratures, turn, 7) * adjust;
  state[at + IN_PHASE] = inPhase;
  state[at + QUADRATURE] = quadrature;
  rotate(state, at, inPhase - turnedQuadrature, quadrature + turnedInPhase);
}

/** A ring's value turned by a quarter of its cycle: from those 0, 2, 4 and 6 bars ago. */
function quarterTurn(state: Float64Array, ring: number, turn: number, mask: number): number {
  const outer =
    (state[ring + (turn & mask)] ?? NaN) - (state[ring + ((turn - TURN_SPAN) & mask)] ?? NaN);
  const inner =
    (state[ring + ((turn - 2) & mask)] ?? NaN) - (state[ring + ((turn - 4) & mask)] ?? NaN);
  return FAR * outer + NEAR * inner;
}

/** How far the pair turned since the last bar tells the period (Ehlers' homodyne discriminator). */
function rotate(state: Float64Array, at: number, newInPhase: number, newQuadrature: number): void {
  const lastInPhase = state[at + LAST_IN_PHASE] ?? NaN;
  const lastQuadrature = state[at + LAST_QUADRATURE] ?? NaN;
  const inPhase = 0.2 * newInPhase + 0.8 * lastInPhase;
  const quadrature = 0.2 * newQuadrature + 0.8 * lastQuadrature;
  const along = inPhase * lastInPhase + quadrature * lastQuadrature;
  const across = inPhase * lastQuadrature - quadrature * lastInPhase;
  const real = 0.2 * along + 0.8 * (state[at + REAL] ?? NaN);
  const imaginary = 0.2 * across + 0.8 * (state[at + IMAGINARY] ?? NaN);
  state[at + LAST_IN_PHASE] = inPhase;
  state[at + LAST_QUADRATURE] = quadrature;
  state[at + REAL] = real;
  state[at + IMAGINARY] = imaginary;

  const last = state[at + PERIOD] ?? NaN;
  let period = last;
  if (imaginary !== 0 && real !== 0) period = (2 * Math.PI) / atan(imaginary / real);
  period = Math.max(Math.min(period, 1.5 * last), 0.67 * last);
  period = 0.2 * Math.max(6, Math.min(50, period)) + 0.8 * last;
  state[at + PERIOD] = period;
  state[at + CYCLE_PERIOD] = 0.33 * period + 0.67 * (state[at + CYCLE_PERIOD] ?? NaN);
}
