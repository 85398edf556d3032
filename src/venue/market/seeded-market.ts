import { assert, present } from '../../core/assert.ts';
import { Random } from '../../core/random.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import {
  type EventBatch,
  STATUS_HALTED,
  STATUS_QUOTING,
  STATUS_TRADING,
} from '../../domain/market/event-batch.ts';
import type {
  DataFaults,
  ListedSymbol,
  MarketSource,
  TimedInput,
} from '../../ports/market-source.ts';
import { Arrivals } from './arrivals.ts';
import { drawBarVolume } from './bar-volume.ts';
import {
  BAND_HALT_US,
  BAND_WIDE_CLOSE_US,
  BAND_WIDE_OPEN_US,
  BAR_STEP_US,
  CLOSING_SHARE,
  CORRECTION_DELAY_MAX_US,
  CORRECTION_DELAY_MIN_US,
  EXTENDED_RATE,
  EXTENDED_VARIANCE,
  FACTOR_US,
  FRAME_EVENTS_MAX,
  FRAME_US,
  LAST_HALT_US,
  OPENING_SHARE,
  QUOTING_US,
  SESSION_SECONDS,
  shapeOfDay,
  SLOW_US,
  spreadOfDay,
  SWEEP_SYMBOLS,
  SWEEP_US,
  TRADE_SHARE,
} from './market-model.ts';
import { TASK } from './market-task.ts';
import { MarketTape } from './market-tape.ts';
import { PriceField } from './price-field.ts';
import { RunningBars } from './running-bars.ts';
import { Schedule } from './schedule.ts';
import { calendarOf, type DayPlan, planDay } from './seeded-calendar.ts';
import {
  type CompleteOptions,
  completeOptions,
  type SeededMarketOptions,
  sessionDays,
} from './seeded-options.ts';
import { type SeededUniverse, seededUniverse } from './seeded-universe.ts';
import { dailyShares } from './trade-size.ts';

/**
 * A US session out of a seed: the same seed gives the same bytes on every machine. Generated as it
 * is asked for, so a day of any length takes the same memory; `market-model.ts` has its numbers.
 *
 * Quotes are consolidated (exchange 0). Batches need room for 256 events.
 */
export function createSeededMarket(options: SeededMarketOptions): MarketSource {
  return new SeededMarket(completeOptions(options));
}

const MARKET_STREAM = 3;

/** No quotes and no trades: before its opening auction, after its closing one, and an index. */
const RESTS = 0;
const RUNS = 1;
const HALTED = 2;

class SeededMarket implements MarketSource {
  readonly name: string;
  readonly symbols: readonly ListedSymbol[];
  readonly calendar: readonly TimedInput[];
  readonly faults: DataFaults = { count: 0, first: [] };
  readonly #options: CompleteOptions;
  readonly #universe: SeededUniverse;
  readonly #plans: readonly DayPlan[];
  readonly #random: Random;
  readonly #field: PriceField;
  readonly #tape: MarketTape;
  readonly #bars: RunningBars;
  readonly #arrivals: Arrivals;
  readonly #schedule = new Schedule();
  readonly #state: Uint8Array;
  /** Trades a second of the average equity in an average hour. */
  readonly #tradesUsual: number;
  /** The end of the open frame; 0 where none is open. */
  #frameUs = 0;
  #dayAt = -1;
  #plan: DayPlan | undefined;
  #endUs = 0;

  constructor(options: CompleteOptions) {
    const universe = seededUniverse(options.seed, options.symbols);
    this.#options = options;
    this.#universe = universe;
    this.#plans = sessionDays(options).map((day) => planDay(options.seed, day, universe));
    this.name = `seeded market ${options.seed} (${options.symbols} symbols, ${options.date})`;
    this.symbols = universe.symbols;
    this.calendar = calendarOf(this.#plans);
    this.#random = new Random(options.seed, MARKET_STREAM);
    this.#tradesUsual = options.tradesPerDay / SESSION_SECONDS;
    this.#field = new PriceField(universe, this.#random.fork(1));
    this.#tape = new MarketTape(universe, this.#field, this.#random.fork(2));
    this.#bars = new RunningBars(universe.symbols.length);
    this.#state = new Uint8Array(universe.symbols.length);
    const arrivals = this.#tradesUsual / TRADE_SHARE;
    this.#arrivals = new Arrivals(this.#random.fork(3), arrivals, universe.liquidity);
    this.#arrivals.weigh(this.#field.activity);
    this.#startDay();
  }

  next(batch: EventBatch): boolean {
    assert(batch.eventsMax >= FRAME_EVENTS_MAX, `a batch has room for ${FRAME_EVENTS_MAX} events`);
    batch.clear();
    while (this.#plan !== undefined) {
      const room = batch.eventsMax - batch.count >= FRAME_EVENTS_MAX;
      if (this.#frameUs === 0 && (!room || batch.frames >= batch.framesMax)) return true;
      const scheduledUs = this.#schedule.nextUs;
      const atUs = Math.min(this.#arrivals.nextUs, scheduledUs);
      const frameUs = (Math.floor(atUs / FRAME_US) + 1) * FRAME_US;
      if (this.#frameUs !== 0 && (frameUs !== this.#frameUs || isFrameFull(batch))) {
        batch.endFrame(this.#frameUs);
        this.#frameUs = 0;
      } else if (atUs >= this.#endUs) {
        this.#startDay();
      } else {
        this.#frameUs = frameUs;
        if (this.#arrivals.nextUs < scheduledUs) this.#arrive(batch);
        else this.#runTask(batch);
      }
    }
    return batch.frames > 0;
  }

  close(): void {
    this.#plan = undefined;
  }

  #startDay(): void {
    this.#dayAt += 1;
    this.#plan = this.#plans[this.#dayAt];
    if (this.#plan === undefined) return;
    const { day, halts, stories } = this.#plan;
    const { minuteBarsOnly } = this.#options;
    const isExtended = this.#options.extendedHours && !minuteBarsOnly;
    const beginUs = isExtended ? day.preUs : day.openUs;
    // Two seconds for the last bars of ten thousand symbols.
    this.#endUs = isExtended ? day.postUs : day.closeUs + 2 * SECOND;
    this.#schedule.clear();
    this.#tape.forget();
    this.#tape.isCore = false;
    this.#field.wake(beginUs);
    this.#setHour(beginUs);
    this.#state.fill(isExtended ? RUNS : RESTS);
    this.#state[this.symbols.length - 1] = RESTS;

    this.#schedule.add(beginUs, TASK.factors);
    this.#schedule.add(beginUs, TASK.settle);
    this.#schedule.add(day.openUs, TASK.core);
    this.#schedule.add(day.openUs, TASK.open);
    this.#schedule.add(day.openUs + MINUTE, TASK.bars);
    const sweeps = Math.ceil(this.symbols.length / SWEEP_SYMBOLS) + 1;
    if (!minuteBarsOnly) this.#schedule.add(day.closeUs - sweeps * SWEEP_US, TASK.close);
    this.#schedule.add(day.closeUs, TASK.post);
    for (const { symbol, haltUs, resumeUs } of halts) {
      this.#schedule.add(haltUs, TASK.halt, symbol, resumeUs);
    }
    for (const { symbol, jumpUs, jump } of stories) {
      if (jumpUs >= beginUs) this.#schedule.add(jumpUs, TASK.jump, symbol, jump);
    }
    this.#drawArrival(beginUs);
  }

  /** A quote, and one time in four a trade against the quote that stood. */
  #arrive(batch: EventBatch): void {
    const atUs = this.#arrivals.nextUs;
    this.#drawArrival(atUs);
    const symbol = this.#arrivals.pick();
    if (this.#state[symbol] !== RUNS) return;
    const us = Math.floor(atUs);
    this.#field.advance(symbol, us);
    if (this.#random.unit() < TRADE_SHARE && this.#tape.hasQuote(symbol)) {
      const correction = this.#tape.trade(batch, symbol, us);
      if (correction >= 0) this.#planCorrection(symbol, us, correction);
    }
    this.#tape.quote(batch, symbol, us);
  }

  #planCorrection(symbol: number, us: number, slot: number): void {
    const range = CORRECTION_DELAY_MAX_US - CORRECTION_DELAY_MIN_US;
    const delayUs = CORRECTION_DELAY_MIN_US + this.#random.below(range);
    this.#schedule.add(us + delayUs, TASK.correct, symbol, slot);
  }

  #drawArrival(us: number): void {
    if (!this.#options.minuteBarsOnly) this.#arrivals.draw(us, this.#hourRate(us));
  }

  #hourRate(us: number): number {
    if (!this.#tape.isCore || this.#plan === undefined) return EXTENDED_RATE;
    const { openUs, closeUs } = this.#plan.day;
    return shapeOfDay((us - openUs) / (closeUs - openUs));
  }

  #runTask(batch: EventBatch): void {
    const schedule = this.#schedule;
    schedule.take();
    const { atUs, symbol, value } = schedule;
    switch (schedule.task) {
      case TASK.factors:
        return this.#moveFactors(atUs);
      case TASK.settle:
        return this.#settle(batch, atUs, symbol, value);
      case TASK.core:
        return this.#beginCore(atUs);
      case TASK.open:
        return this.#open(batch, atUs, symbol);
      case TASK.close:
        return this.#closeSymbols(batch, atUs, symbol);
      case TASK.post:
        return this.#beginPost(atUs);
      case TASK.halt:
        return this.#halt(batch, atUs, symbol, value);
      case TASK.quoting:
        return this.#tape.status(batch, symbol, atUs, STATUS_QUOTING);
      case TASK.resume:
        return this.#resume(batch, atUs, symbol);
      case TASK.jump:
        return this.#field.jump(symbol, value);
      case TASK.correct:
        return this.#tape.correct(batch, symbol, atUs, value);
      case TASK.bars:
        return this.#writeBars(batch, atUs, symbol);
      default:
        return assert(false, `task ${schedule.task} is known`);
    }
  }

  #setHour(us: number): void {
    const { openUs, closeUs } = present(this.#plan, 'a day').day;
    const isEnd = us < openUs + BAND_WIDE_OPEN_US || us >= closeUs - BAND_WIDE_CLOSE_US;
    this.#tape.hourBand = isEnd ? 2 : 1;
    this.#tape.hourSpread = spreadOfDay(us - openUs);
    this.#field.hourVariance = this.#tape.isCore ? this.#hourRate(us) : EXTENDED_VARIANCE;
  }

  #moveFactors(us: number): void {
    const stepUs = this.#options.minuteBarsOnly ? BAR_STEP_US : FACTOR_US;
    this.#setHour(us);
    this.#field.moveFactors(stepUs / SECOND);
    this.#schedule.add(us + stepUs, TASK.factors);
    if (!this.#tape.isCore) return;
    const index = this.symbols.length - 1;
    this.#bars.note(index, this.#field.price(index));
    if (this.#options.minuteBarsOnly) this.#noteAll(us);
  }

  /** Where only bars are wanted, every symbol is looked at every ten seconds. */
  #noteAll(us: number): void {
    for (let symbol = 0; symbol < this.symbols.length - 1; symbol += 1) {
      this.#field.advance(symbol, us);
      if (this.#state[symbol] !== RUNS) continue;
      const price = this.#field.price(symbol);
      const half = this.#tape.spread(symbol, price) / 2;
      this.#bars.note(symbol, this.#random.unit() < 0.5 ? price + half : price - half);
    }
  }

  /** Slow changes of some symbols, then the next ones, then a new distribution of arrivals. */
  #settle(batch: EventBatch, us: number, from: number, sweepUs: number): void {
    const beganUs = from === 0 ? us : sweepUs;
    const to = Math.min(from + SWEEP_SYMBOLS, this.symbols.length);
    for (let symbol = from; symbol < to; symbol += 1) {
      this.#field.settle(symbol, us);
      if (this.#tape.isCore && this.#state[symbol] === RUNS) this.#checkBand(batch, us, symbol);
    }
    if (to < this.symbols.length) {
      this.#schedule.add(us + SWEEP_US, TASK.settle, to, beganUs);
      return;
    }
    this.#arrivals.weigh(this.#field.activity);
    this.#drawArrival(us);
    this.#schedule.add(beganUs + SLOW_US, TASK.settle);
  }

  #checkBand(batch: EventBatch, us: number, symbol: number): void {
    if (this.#options.minuteBarsOnly) return;
    const state = this.#tape.bandState(symbol);
    if (state === 'good') return;
    const lastUs = present(this.#plan, 'a day').day.closeUs - LAST_HALT_US;
    if (state === 'stale' || us > lastUs) this.#tape.band(batch, symbol, us);
    else this.#halt(batch, us, symbol, us + BAND_HALT_US);
  }

  #beginCore(us: number): void {
    this.#state.fill(RESTS);
    this.#tape.isCore = true;
    this.#setHour(us);
    this.#drawArrival(us);
  }

  #open(batch: EventBatch, us: number, from: number): void {
    const to = Math.min(from + SWEEP_SYMBOLS, this.symbols.length - 1);
    for (let symbol = from; symbol < to; symbol += 1) {
      this.#state[symbol] = RUNS;
      this.#startTrading(batch, us, symbol, OPENING_SHARE);
    }
    if (to < this.symbols.length - 1) this.#schedule.add(us + SWEEP_US, TASK.open, to);
  }

  #startTrading(batch: EventBatch, us: number, symbol: number, share: number): void {
    if (this.#options.minuteBarsOnly) return;
    this.#field.advance(symbol, us);
    this.#tape.band(batch, symbol, us);
    this.#tape.quote(batch, symbol, us);
    this.#tape.cross(batch, symbol, us, share * this.#dailyShares(symbol));
  }

  #dailyShares(symbol: number): number {
    return dailyShares(this.#universe.liquidity[symbol] ?? 0, this.#options.tradesPerDay);
  }

  #closeSymbols(batch: EventBatch, us: number, from: number): void {
    const to = Math.min(from + SWEEP_SYMBOLS, this.symbols.length - 1);
    for (let symbol = from; symbol < to; symbol += 1) {
      if (this.#state[symbol] !== RUNS) continue;
      this.#field.advance(symbol, us);
      this.#tape.cross(batch, symbol, us, CLOSING_SHARE * this.#dailyShares(symbol));
      this.#state[symbol] = RESTS;
    }
    if (to < this.symbols.length - 1) this.#schedule.add(us + SWEEP_US, TASK.close, to);
  }

  #beginPost(us: number): void {
    const { minuteBarsOnly, extendedHours } = this.#options;
    this.#tape.forget();
    this.#tape.isCore = false;
    this.#state.fill(extendedHours && !minuteBarsOnly ? RUNS : RESTS);
    this.#state[this.symbols.length - 1] = RESTS;
    this.#setHour(us);
    this.#drawArrival(us);
  }

  #halt(batch: EventBatch, us: number, symbol: number, resumeUs: number): void {
    if (this.#state[symbol] !== RUNS) return; // It is halted already.
    this.#state[symbol] = HALTED;
    this.#bars.drop(symbol);
    this.#tape.status(batch, symbol, us, STATUS_HALTED);
    this.#schedule.add(resumeUs - QUOTING_US, TASK.quoting, symbol);
    this.#schedule.add(resumeUs, TASK.resume, symbol);
  }

  #resume(batch: EventBatch, us: number, symbol: number): void {
    this.#state[symbol] = RUNS;
    this.#tape.status(batch, symbol, us, STATUS_TRADING);
    this.#startTrading(batch, us, symbol, REOPENING_SHARE);
  }

  /** The minute that ends now, some symbols at a time: all of them, or the index alone. */
  #writeBars(batch: EventBatch, us: number, from: number): void {
    const index = this.symbols.length - 1;
    const begin = this.#options.minuteBarsOnly ? from : index;
    const to = Math.min(begin + SWEEP_SYMBOLS, index + 1);
    const { openUs, closeUs } = present(this.#plan, 'a day').day;
    const endUs = openUs + Math.floor((us - openUs) / MINUTE) * MINUTE;
    for (let symbol = begin; symbol < to; symbol += 1) {
      if (!this.#bars.has(symbol)) continue;
      const volume = symbol === index ? 0 : this.#drawVolume(symbol, endUs);
      if (volume > 0 || symbol === index) this.#bars.write(batch, symbol, endUs, volume);
      else this.#bars.drop(symbol);
    }
    if (to <= index) this.#schedule.add(us + SWEEP_US, TASK.bars, to);
    else if (endUs < closeUs) this.#schedule.add(endUs + MINUTE, TASK.bars);
  }

  /** The auctions count in the first and the last minute. */
  #drawVolume(symbol: number, endUs: number): number {
    const { openUs, closeUs } = present(this.#plan, 'a day').day;
    const busy = (this.#universe.liquidity[symbol] ?? 0) * (this.#field.activity[symbol] ?? 0);
    const perSecond = this.#tradesUsual * this.#hourRate(endUs - MINUTE / 2);
    const volume = drawBarVolume(this.#random, busy * perSecond * (MINUTE / SECOND));
    const opening = endUs === openUs + MINUTE ? OPENING_SHARE : 0;
    const closing = endUs === closeUs ? CLOSING_SHARE : 0;
    return volume + Math.round(this.#dailyShares(symbol) * (opening + closing));
  }
}

const REOPENING_SHARE = 0.005;
/** The most events of one task: an opening has a band, a quote and a trade of 32 symbols. */
const TASK_EVENTS_MAX = 3 * SWEEP_SYMBOLS;

function isFrameFull(batch: EventBatch): boolean {
  const begin = batch.frameBegin(batch.frames);
  return batch.count - begin + TASK_EVENTS_MAX > FRAME_EVENTS_MAX;
}
