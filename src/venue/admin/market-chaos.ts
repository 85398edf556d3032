import { PRICE_SCALE } from '../../core/money.ts';
import { DAY, MS, SECOND } from '../../core/time.ts';
import {
  CORRECTION,
  type EventBatch,
  STATUS,
  STATUS_HALTED,
  STATUS_QUOTING,
  STATUS_TRADING,
  TRADE,
  TRADE_HIGH_LOW,
  TRADE_VOLUME,
} from '../../domain/market/event-batch.ts';
import { SPEED_MAX, SPEED_MIN, type VenueClock } from '../clock/venue-clock.ts';
import type { MarketFeed } from '../feed/market-feed.ts';
import type { RecentTrade, RecentTrades } from '../feed/recent-trades.ts';
import type { ChaosActions } from './chaos.ts';
import { AdminError, type Parameters, PRICE_RANGE, type Range } from './parameters.ts';

export interface MarketRoom {
  readonly feed: MarketFeed;
  readonly recent: RecentTrades;
  readonly clock: VenueClock;
  /** The number of a symbol, or -1. */
  readonly find: (name: string) => number;
}

/** What a market does to those who trust it: halts, late prints, corrections, busts. */
export function marketChaos(room: MarketRoom): ChaosActions {
  return {
    /** No quotes, no trades, and a status that says so. */
    halt: (parameters) => {
      const symbol = symbolOf(room, parameters);
      parameters.end();
      room.feed.overrides.halt(symbol);
      say(room, symbol, STATUS_HALTED);
      return 1;
    },
    /** First `Q`, which is not tradable yet, then `T`. */
    resume: (parameters) => {
      const symbol = symbolOf(room, parameters);
      parameters.end();
      room.feed.overrides.resume(symbol);
      say(room, symbol, STATUS_QUOTING);
      say(room, symbol, STATUS_TRADING);
      return 1;
    },
    /** Quotes stand still for so much market time: one symbol's, or everyone's. */
    staleQuotes: (parameters) => {
      const name = parameters.optionalText('symbol');
      const untilUs = room.clock.nowUs() + parameters.number('forUs', [0, DAY], 10 * SECOND);
      parameters.end();
      room.feed.overrides.holdQuotes(name === undefined ? undefined : find(room, name), untilUs);
      return 1;
    },
    /** A trade out of sequence: its minute is told again half a minute later. */
    lateTrade: (parameters) => {
      const symbol = symbolOf(room, parameters);
      const last = lastTrade(room, symbol);
      const price = Math.round(
        parameters.number('price', PRICE_RANGE, last.price / PRICE_SCALE) * PRICE_SCALE,
      );
      const size = parameters.whole('size', SIZE_RANGE, 100);
      const ageUs = Math.round(parameters.number('ageMs', [0, DAY / MS], 60_000) * MS);
      parameters.end();
      room.feed.inject((batch, nowUs) => {
        const flags = TRADE_HIGH_LOW | TRADE_VOLUME;
        const at = batch.add(TRADE, symbol, nowUs - ageUs, flags, last.exchange);
        batch.a[at] = price;
        batch.b[at] = size;
        batch.c[at] = LATE_ID + nowUs;
      });
      return 1;
    },
    /** The last trade of a symbol had another size. */
    correction: (parameters) => {
      const symbol = symbolOf(room, parameters);
      const last = lastTrade(room, symbol);
      const size = parameters.whole('size', SIZE_RANGE, last.size + 1);
      parameters.end();
      correct(room, symbol, last, size);
      return 1;
    },
    /** The last trade of a symbol never happened. */
    cancelTrade: (parameters) => {
      const symbol = symbolOf(room, parameters);
      parameters.end();
      correct(room, symbol, lastTrade(room, symbol), 0);
      return 1;
    },
  };
}

/** The venue's clock: stepped, wrong, stopped. */
export function clockChaos(clock: VenueClock): ChaosActions {
  return {
    /** Market time jumps forward, or stands still until what was taken back has passed. */
    clockStep: (parameters) => {
      const us = parameters.number('us', STEP_RANGE, 2 * SECOND);
      parameters.end();
      clock.step(Math.round(us));
      return 1;
    },
    /** What is told is wrong by so much; what happens is not. */
    clockSkew: (parameters) => {
      const us = parameters.number('us', STEP_RANGE);
      parameters.end();
      clock.skewUs = Math.round(us);
      return 1;
    },
    clockSpeed: (parameters) => {
      const speed = parameters.number('speed', [SPEED_MIN, SPEED_MAX]);
      parameters.end();
      clock.setSpeed(speed);
      return 1;
    },
    clockPause: (parameters) => {
      parameters.end();
      clock.pause();
      return 1;
    },
    clockResume: (parameters) => {
      parameters.end();
      clock.resume();
      return 1;
    },
  };
}

/** A step may be repeated; one of years would leave the calendar. */
const STEP_RANGE: Range = [-DAY, DAY];
/** Shares of one print: the largest are of some ten million. */
const SIZE_RANGE: Range = [1, 100_000_000];
/** Past every id of the seeded tape, and below 2^53. */
const LATE_ID = 1_000_000_000_000;

function symbolOf(room: MarketRoom, parameters: Parameters): number {
  return find(room, parameters.text('symbol'));
}

function find(room: MarketRoom, name: string): number {
  const symbol = room.find(name);
  if (symbol < 0) throw new AdminError(`unknown symbol: ${name}`);
  return symbol;
}

function lastTrade(room: MarketRoom, symbol: number): RecentTrade {
  const trade = room.recent.latest(symbol);
  if (trade === undefined) throw new AdminError('the symbol has not traded yet');
  return trade;
}

function say(room: MarketRoom, symbol: number, status: number): void {
  room.feed.inject((batch, nowUs) => {
    batch.add(STATUS, symbol, nowUs, status, 1);
  });
}

function correct(room: MarketRoom, symbol: number, last: RecentTrade, size: number): void {
  room.feed.inject((batch: EventBatch, nowUs) => {
    const at = batch.add(CORRECTION, symbol, nowUs, last.flags, last.exchange);
    batch.a[at] = last.price;
    batch.b[at] = last.size;
    batch.c[at] = size === 0 ? 0 : last.price;
    batch.d[at] = size;
    batch.f[at] = last.us;
  });
}
