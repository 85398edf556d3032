import { DAY, HOUR, MINUTE } from '../../../core/time.ts';
import { SESSION, START_US } from '../../indicators/indicator.ts';
import { TRADE_LAST, TRADE_VOLUME } from '../../market/event-batch.ts';
import type { SourceDeclaration, SourceOptions } from '../registry.ts';
import {
  type FeatureSource,
  TICK_ASK,
  TICK_BID,
  TICK_FLAGS,
  TICK_NOW_US,
  TICK_PRICE,
  TICK_SIZE,
} from '../source.ts';
import { fillBuckets, sizeBuckets } from './flow-buckets.ts';
import { FLOW_COLUMNS, readFlow } from './flow-columns.ts';
import {
  add,
  ASK,
  BAR_PLACE,
  BAR_RING,
  BID,
  DUE_US,
  EFFECTIVE,
  EFFECTIVE_VOLUME,
  FLOW_BARS,
  FLOW_WIDTH,
  LAST_MOVE,
  LAST_PRICE,
  LAST_TICK,
  LAST_TRADE_US,
  MIDDLE_AT_CLOSE,
  MIDDLE_MOVE,
  MINUTES,
  MOVE_BEFORE_SUM,
  MOVE_PRODUCT,
  MOVE_SUM,
  MOVES,
  NOW_US,
  OPEN_BAR,
  PASSED_OVER,
  REALISED_LOST,
  resetFlow,
  SESSION_AT_CLOSE,
  SIGNED,
  SPREAD_TIME,
  STARTED_US,
  SUMS,
  TIME,
  TRADES,
  VOLUME,
} from './flow-places.ts';
import { addOrderFlow } from './flow-orders.ts';
import { awaitMiddle, settleDue } from './flow-waiting.ts';
import { middleOf } from './quote-middle.ts';

/**
 * Trades against the quotes they met, summed by bar. A trade counts if its flags let it set both
 * the last price and the volume; all others are passed over, and counted as such. What belongs to
 * a bar is what was heard from the close of the bar before to its own.
 */
export const flowSource: SourceDeclaration = { name: 'flow', isTimeframed: true, build };

const COUNTING = TRADE_LAST | TRADE_VOLUME;
/** The longest that a spread weighs without a word: a night is not a quiet minute. */
const STANDS_US_MAX = 5 * MINUTE;
/** Trades further apart are not neighbours: between them lies a night, or a halt. */
const APART_US_MAX = HOUR;

function build({ spanUs }: SourceOptions): FeatureSource {
  const sums = new Float64Array(SUMS);

  return {
    name: 'flow',
    scope: 'symbol',
    columns: FLOW_COLUMNS,
    version: 1,
    width: FLOW_WIDTH,
    // The first change of the middle needs a close before it; buckets take about as long as bars.
    warmupBars: FLOW_BARS + 1,
    reset: resetFlow,

    quote(state, at, tick) {
      if (!passTime(state, at, tick)) return;
      addOrderFlow(state, at, tick);
    },

    trade(state, at, tick) {
      if (!passTime(state, at, tick)) return;
      const price = tick[TICK_PRICE] ?? NaN;
      const shares = tick[TICK_SIZE] ?? NaN;
      const counts = ((tick[TICK_FLAGS] ?? 0) & COUNTING) === COUNTING;
      if (!(counts && price > 0 && price < Infinity && shares > 0 && shares < Infinity)) {
        return add(state, at + PASSED_OVER, 1);
      }
      addMove(state, at, price);
      const middle = middleOf(tick[TICK_BID] ?? NaN, tick[TICK_ASK] ?? NaN);
      const sign = signOf(state, at, price, middle);
      const open = at + OPEN_BAR;
      add(state, open + TRADES, 1);
      add(state, open + VOLUME, shares);
      add(state, open + SIGNED, sign * shares);
      fillBuckets(state, at, sign, shares);
      if (middle === middle) {
        add(state, open + EFFECTIVE, (2 * shares * Math.abs(price - middle)) / middle);
        add(state, open + EFFECTIVE_VOLUME, shares);
      }
      if (sign !== 0 && middle === middle) awaitMiddle(state, at, sign, shares, price, middle);
      else add(state, at + REALISED_LOST, 1);
    },

    bar(state, at, bar) {
      // Where no trades and quotes are fed, it is not that there were none.
      if (!((state[at + NOW_US] ?? NaN) > -Infinity)) return;
      const open = at + OPEN_BAR;
      const session = bar[SESSION] ?? NaN;
      const startUs = bar[START_US] ?? NaN;
      const middle = middleOf(state[at + BID] ?? NaN, state[at + ASK] ?? NaN);
      const isSame = session === state[at + SESSION_AT_CLOSE];
      // No change is taken over a night, unless bars are of a day.
      const before = isSame || spanUs >= DAY ? (state[at + MIDDLE_AT_CLOSE] ?? NaN) : NaN;
      const sinceUs = isSame ? startUs - (state[at + STARTED_US] ?? NaN) : spanUs;
      state[open + MIDDLE_MOVE] = middle - before;
      state[open + MINUTES] = (sinceUs > 0 ? sinceUs : spanUs) / MINUTE;
      state[at + MIDDLE_AT_CLOSE] = middle;
      state[at + SESSION_AT_CLOSE] = session;
      state[at + STARTED_US] = startUs;
      const place = (state[at + BAR_PLACE] ?? NaN) | 0;
      state.copyWithin(at + BAR_RING + place * SUMS, open, open + SUMS);
      state.fill(0, open, open + SUMS);
      state[at + BAR_PLACE] = place + 1 === FLOW_BARS ? 0 : place + 1;
      sizeBuckets(state, at);
    },

    read: (state, at, _nowUs, out, outAt) => readFlow(sums, state, at, out, outAt),
  };
}

/**
 * It is as late as the event tells, never earlier than before: the spread has stood until now, and
 * what was due has met its middle. An event without a time is none.
 */
function passTime(state: Float64Array, at: number, tick: Float64Array): boolean {
  const nowUs = tick[TICK_NOW_US] ?? NaN;
  if (nowUs - nowUs !== 0) return false;
  const beforeUs = state[at + NOW_US] ?? NaN;
  if (nowUs <= beforeUs) return true;
  const bid = state[at + BID] ?? NaN;
  const ask = state[at + ASK] ?? NaN;
  if (ask >= bid) {
    const stoodUs = Math.min(nowUs - beforeUs, STANDS_US_MAX);
    add(state, at + OPEN_BAR + SPREAD_TIME, (stoodUs * (ask - bid) * 2) / (ask + bid));
    add(state, at + OPEN_BAR + TIME, stoodUs);
  }
  if (nowUs >= (state[at + DUE_US] ?? NaN)) settleDue(state, at, nowUs);
  state[at + NOW_US] = nowUs;
  return true;
}

/**
 * Lee and Ready (1991), with the quote as it stood at the trade (no delay: Bessembinder 2003). 1
 * above the middle, -1 below it; at the middle, and where a book has none, the tick test. 0 until
 * a price has changed.
 */
function signOf(state: Float64Array, at: number, price: number, middle: number): number {
  if (price > middle) return 1;
  if (price < middle) return -1;
  return state[at + LAST_TICK] ?? NaN;
}

/** The change from the trade before: the tick test's; with the change before that one, Roll's. */
function addMove(state: Float64Array, at: number, price: number): void {
  const nowUs = state[at + NOW_US] ?? NaN;
  const isNext = nowUs - (state[at + LAST_TRADE_US] ?? NaN) <= APART_US_MAX;
  const change = price - (state[at + LAST_PRICE] ?? NaN);
  const move = isNext ? change : NaN;
  const before = state[at + LAST_MOVE] ?? NaN;
  const open = at + OPEN_BAR;
  if (move === move && before === before) {
    add(state, open + MOVES, 1);
    add(state, open + MOVE_SUM, move);
    add(state, open + MOVE_BEFORE_SUM, before);
    add(state, open + MOVE_PRODUCT, move * before);
  }
  state[at + LAST_PRICE] = price;
  state[at + LAST_MOVE] = move;
  state[at + LAST_TRADE_US] = nowUs;
  if (change > 0) state[at + LAST_TICK] = 1;
  else if (change < 0) state[at + LAST_TICK] = -1;
}
