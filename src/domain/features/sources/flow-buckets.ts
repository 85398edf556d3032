import {
  add,
  BAR_RING,
  BUCKET_FILLED,
  BUCKET_GAPS,
  BUCKET_NEXT,
  BUCKET_PLACE,
  BUCKET_SIGNED,
  BUCKET_SIZE,
  BUCKET_SIZES,
  BUCKETS,
  FLOW_BARS,
  SUMS,
  VOLUME,
} from './flow-places.ts';

/**
 * VPIN (Easley, Lopez de Prado and O'Hara 2012): the mean of |bought - sold| over the last 50
 * buckets of equal volume, as a share of that volume. Bought and sold by the sign of each trade
 * (Lee and Ready), not by bulk classification of bars; a trade without a sign fills its bucket on
 * neither side.
 *
 * A bucket holds the mean volume of the last 20 bars, rounded up, as it was when the bucket began:
 * 50 buckets are about as long as 50 bars. What a bucket cannot hold goes into the next.
 */
export function fillBuckets(state: Float64Array, at: number, sign: number, shares: number): void {
  if (!((state[at + BUCKET_SIZE] ?? NaN) > 0)) beginBucket(state, at);
  const size = state[at + BUCKET_SIZE] ?? NaN;
  if (!(size > 0)) return; // The bars' mean is not known yet.
  const room = size - (state[at + BUCKET_FILLED] ?? NaN);
  if (shares < room) return pour(state, at, sign, shares);
  pour(state, at, sign, room);
  endBucket(state, at);
  // Buckets that this trade fills alone are alike: more than the ring holds need not be told.
  let rest = shares - room;
  const next = state[at + BUCKET_SIZE] ?? NaN;
  for (let full = 0; rest >= next && full < BUCKETS; full += 1) {
    pour(state, at, sign, next);
    endBucket(state, at);
    rest -= next;
  }
  if (rest >= next) rest %= next;
  pour(state, at, sign, rest);
}

/** After a bar has closed: what the next bucket will hold. */
export function sizeBuckets(state: Float64Array, at: number): void {
  let shares = 0;
  for (let bar = 0; bar < FLOW_BARS; bar += 1) {
    shares += state[at + BAR_RING + bar * SUMS + VOLUME] ?? NaN;
  }
  // Bars without a trade leave the size as it was: a bucket of nothing would hold nothing.
  if (shares > 0) state[at + BUCKET_NEXT] = Math.ceil(shares / FLOW_BARS);
}

/** NaN until as many buckets were full as are looked back. */
export function vpinOf(state: Float64Array, at: number): number {
  let gaps = 0;
  let shares = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    gaps += state[at + BUCKET_GAPS + bucket] ?? NaN;
    shares += state[at + BUCKET_SIZES + bucket] ?? NaN;
  }
  return gaps / shares;
}

function pour(state: Float64Array, at: number, sign: number, shares: number): void {
  add(state, at + BUCKET_FILLED, shares);
  add(state, at + BUCKET_SIGNED, sign * shares);
}

function endBucket(state: Float64Array, at: number): void {
  const place = (state[at + BUCKET_PLACE] ?? NaN) | 0;
  state[at + BUCKET_GAPS + place] = Math.abs(state[at + BUCKET_SIGNED] ?? NaN);
  state[at + BUCKET_SIZES + place] = state[at + BUCKET_SIZE] ?? NaN;
  state[at + BUCKET_PLACE] = place + 1 === BUCKETS ? 0 : place + 1;
  beginBucket(state, at);
}

function beginBucket(state: Float64Array, at: number): void {
  state[at + BUCKET_SIZE] = state[at + BUCKET_NEXT] ?? NaN;
  state[at + BUCKET_FILLED] = 0;
  state[at + BUCKET_SIGNED] = 0;
}
