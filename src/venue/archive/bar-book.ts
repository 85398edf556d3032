import { MINUTE, SECOND } from '../../core/time.ts';
import { extendedHoursFlags } from '../../domain/market/conditions.ts';
import {
  BAR,
  CORRECTION,
  type EventBatch,
  TRADE,
  TRADE_HIGH_LOW,
  TRADE_OPEN_CLOSE,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../../domain/market/event-batch.ts';
import { TRADE_SIZE_MEAN } from '../market/trade-size.ts';
import { type BarRow, emptyBarRow } from './bar-row.ts';
import { type DayHours, dayHours, NO_HOURS } from './day-hours.ts';
import { MinuteBars } from './minute-bars.ts';
import { OpenBars } from './open-bars.ts';
import { PendingBars } from './pending-bars.ts';

/**
 * The three bar channels of the stream (venues.md 2.5): minutes that just ended, minutes that late
 * trades or corrections changed (told at the next half minute), and the running bars of the day.
 * The first `count` entries are symbols and the starts of their bars, good during the call.
 */
export type BarListener = (
  channel: 'bars' | 'updatedBars' | 'dailyBars',
  symbols: Int32Array,
  startsUs: Float64Array,
  count: number,
) => void;

/**
 * Bars of the running day for every symbol: from trades by the rules of domain/market, or taken
 * from the market where it makes them itself. A frame allocates nothing.
 *
 * Call `frame` with what arrived, then `advance`: it closes what is over and tells the listener.
 */
export class BarBook {
  readonly minutes: MinuteBars;
  /** Trades too late for any bar, corrections whose minute is gone, bars without volume. */
  unused = 0;
  #hours: DayHours = NO_HOURS;
  /** The last minute mark that has passed; 0 before the first of a day. */
  #markUs = 0;
  #halfUs = 0;
  readonly #open: OpenBars;
  readonly #day: OpenBars;
  readonly #running: PendingBars;
  readonly #closed: PendingBars;
  readonly #changed: PendingBars;
  readonly #daily: PendingBars;
  readonly #row = emptyBarRow();
  readonly #listeners: BarListener[] = [];
  #beforeNewDay: (() => void) | undefined;

  constructor(symbols: number, blocksMax?: number) {
    this.minutes = new MinuteBars(symbols, blocksMax);
    this.#open = new OpenBars(symbols);
    this.#day = new OpenBars(symbols);
    this.#running = new PendingBars(symbols);
    this.#closed = new PendingBars(symbols);
    this.#changed = new PendingBars(symbols);
    this.#daily = new PendingBars(symbols);
  }

  /** Microseconds of New York's midnight; 0 before the first event. */
  get dayStartUs(): number {
    return this.#hours.startUs;
  }

  listen(listener: BarListener): void {
    this.#listeners.push(listener);
  }

  /** Called when a day is over while its bars are still there. */
  beforeNewDay(run: () => void): void {
    this.#beforeNewDay = run;
  }

  frame(batch: EventBatch, begin: number, end: number, nowUs: number): void {
    if (nowUs >= this.#hours.endUs) this.#startDay(nowUs);
    for (let event = begin; event < end; event += 1) {
      const kind = batch.kind[event];
      if (kind === TRADE) this.#trade(batch, event);
      else if (kind === BAR) this.#bar(batch, event);
      else if (kind === CORRECTION) this.#correct(batch, event);
    }
  }

  /** It is this late now: minutes that are over are closed and told, then those that changed. */
  advance(nowUs: number): void {
    if (nowUs >= this.#hours.endUs) this.#startDay(nowUs);
    const markUs = minuteOf(nowUs);
    if (markUs > this.#markUs) {
      this.#markUs = markUs;
      this.#closeRunning();
    }
    if (this.#closed.count > 0) this.#tellClosed();
    if (nowUs < this.#halfUs) return;
    this.#halfUs = halfAfter(nowUs);
    this.#tell('updatedBars', this.#changed);
  }

  /** Reads the bar of a minute; false where there is none. */
  minuteBar(symbol: number, startUs: number, into: BarRow): boolean {
    const minute = (startUs - this.dayStartUs) / MINUTE;
    return this.readSlot(this.minutes.find(symbol, minute), into);
  }

  /** The last minute that is over. */
  latestBar(symbol: number, into: BarRow): boolean {
    return this.readSlot(this.minutes.lastSlot(symbol), into);
  }

  /** A slot of `minutes`; false where it is -1, or where corrections left no volume. */
  readSlot(slot: number, into: BarRow): boolean {
    const { minutes } = this;
    const volume = slot < 0 ? 0 : (minutes.volume[slot] ?? 0);
    if (volume === 0) return false;
    into.startUs = this.dayStartUs + (minutes.minute[slot] ?? 0) * MINUTE;
    into.open = minutes.open[slot] ?? 0;
    into.high = minutes.high[slot] ?? 0;
    into.low = minutes.low[slot] ?? 0;
    into.close = minutes.close[slot] ?? 0;
    into.volume = volume;
    into.trades = minutes.trades[slot] ?? 0;
    into.vwap = (minutes.turnover[slot] ?? 0) / volume;
    return true;
  }

  /** The day so far; false before its first trade of the core session. */
  dayBar(symbol: number, into: BarRow): boolean {
    return this.#day.read(symbol, into);
  }

  /** Shares of the day so far, of all hours. */
  dayVolume(symbol: number): number {
    return this.#day.volume(symbol);
  }

  /** Price times size of them. */
  dayTurnover(symbol: number): number {
    return this.#day.turnover(symbol);
  }

  #startDay(nowUs: number): void {
    if (this.dayStartUs !== 0) {
      this.#closeRunning();
      this.#beforeNewDay?.();
    }
    this.#hours = dayHours(nowUs);
    this.#markUs = 0;
    this.#halfUs = halfAfter(nowUs);
    this.minutes.clear();
    this.#open.clear();
    this.#day.clear();
    for (const pending of [this.#running, this.#closed, this.#changed]) pending.clear();
  }

  #isCore(us: number): boolean {
    return us >= this.#hours.openUs && us < this.#hours.closeUs;
  }

  #trade(batch: EventBatch, event: number): void {
    const symbol = batch.symbol[event] ?? 0;
    const venueUs = batch.venueUs[event] ?? 0;
    const price = batch.a[event] ?? 0;
    const size = batch.b[event] ?? 0;
    const flags = batch.flags[event] ?? 0;
    const startUs = minuteOf(venueUs);
    if (startUs < this.dayStartUs) {
      this.unused += 1;
      return;
    }
    this.#day.add(symbol, price, size, flags, this.dayStartUs);
    const barFlags = this.#isCore(venueUs) ? flags : extendedHoursFlags(flags);
    // A trade of a later minute: nothing more comes for the earlier one but what is late.
    if (startUs > this.#open.startUs(symbol)) this.#close(symbol);
    const openUs = this.#open.startUs(symbol);
    if (startUs < (openUs === openUs ? openUs : this.#markUs)) {
      this.#addLate(symbol, startUs, price, size, barFlags);
      return;
    }
    this.#open.add(symbol, price, size, barFlags, startUs);
    this.#running.add(symbol, startUs);
  }

  #closeRunning(): void {
    for (let at = 0; at < this.#running.count; at += 1) {
      const symbol = this.#running.symbols[at] ?? 0;
      if (this.#open.startUs(symbol) < this.#markUs) this.#close(symbol);
    }
    this.#keepRunning();
  }

  /** Those that already trade in the new minute stay in the list. */
  #keepRunning(): void {
    const { symbols, startsUs, count } = this.#running;
    this.#running.clear();
    for (let at = 0; at < count; at += 1) {
      const symbol = symbols[at] ?? 0;
      const startUs = startsUs[at] ?? 0;
      if (this.#open.startUs(symbol) === startUs) this.#running.add(symbol, startUs);
    }
  }

  #close(symbol: number): void {
    const startUs = this.#open.startUs(symbol);
    const minute = (startUs - this.dayStartUs) / MINUTE;
    // Where the market made a bar of that minute itself, its own counts.
    if (!this.#open.isEmpty(symbol) && this.minutes.find(symbol, minute) < 0) {
      const slot = this.minutes.add(symbol, minute);
      if (slot >= 0) {
        this.#open.keep(symbol, this.minutes, slot);
        this.#closed.add(symbol, startUs);
      }
    }
    this.#open.reset(symbol);
  }

  /** Which of a minute's trades was the last is not known again, so its close stays. */
  #addLate(symbol: number, startUs: number, price: number, size: number, flags: number): void {
    if ((flags & TRADE_SUSPICIOUS) !== 0) return;
    const { minutes } = this;
    const minute = (startUs - this.dayStartUs) / MINUTE;
    let slot = minutes.find(symbol, minute);
    if (slot < 0) {
      const sets = TRADE_HIGH_LOW | TRADE_OPEN_CLOSE | TRADE_VOLUME;
      if ((flags & sets) === sets) slot = minutes.add(symbol, minute);
      if (slot < 0) {
        this.unused += 1;
        return;
      }
      writePrices(minutes, slot, price, price, price, price);
      writeVolume(minutes, slot, 0, 0, 0);
    }
    if ((flags & TRADE_VOLUME) !== 0) this.#addToSlot(slot, size, price * size, 1);
    if ((flags & TRADE_HIGH_LOW) !== 0) {
      minutes.high[slot] = Math.max(minutes.high[slot] ?? 0, price);
      minutes.low[slot] = Math.min(minutes.low[slot] ?? 0, price);
    }
    this.#changed.add(symbol, startUs);
  }

  #addToSlot(slot: number, volume: number, turnover: number, trades: number): void {
    const { minutes } = this;
    writeVolume(
      minutes,
      slot,
      Math.max(0, (minutes.volume[slot] ?? 0) + volume),
      Math.max(0, (minutes.turnover[slot] ?? 0) + turnover),
      Math.max(0, (minutes.trades[slot] ?? 0) + trades),
    );
  }

  /** A bar that the market made. It says neither turnover nor trades: both are estimates. */
  #bar(batch: EventBatch, event: number): void {
    const symbol = batch.symbol[event] ?? 0;
    const startUs = batch.venueUs[event] ?? 0;
    const volume = batch.e[event] ?? 0;
    const isMinute = batch.f[event] === MINUTE && startUs % MINUTE === 0;
    // No bar where a value would be 0 (venues.md 2.5): an index has no volume.
    if (!isMinute || volume <= 0 || startUs < this.dayStartUs) {
      this.unused += 1;
      return;
    }
    const minute = (startUs - this.dayStartUs) / MINUTE;
    const known = this.minutes.find(symbol, minute);
    const slot = known < 0 ? this.minutes.add(symbol, minute) : known;
    if (slot < 0) return;
    const [open, high] = [batch.a[event] ?? 0, batch.b[event] ?? 0];
    const [low, close] = [batch.c[event] ?? 0, batch.d[event] ?? 0];
    const turnover = ((high + low + close) / 3) * volume;
    const trades = Math.max(1, Math.round(volume / TRADE_SIZE_MEAN));
    if (known >= 0) this.#takeFromDay(symbol, known);
    this.#day.addVolume(symbol, volume, turnover, trades);
    writePrices(this.minutes, slot, open, high, low, close);
    writeVolume(this.minutes, slot, volume, turnover, trades);
    if (this.#isCore(startUs) && this.readSlot(slot, this.#row)) {
      this.#day.addPrices(symbol, this.#row);
    }
    if (known < 0) this.#closed.add(symbol, startUs);
    else this.#changed.add(symbol, startUs);
  }

  #takeFromDay(symbol: number, slot: number): void {
    const { volume, turnover, trades } = this.minutes;
    this.#day.addVolume(symbol, -(volume[slot] ?? 0), -(turnover[slot] ?? 0), -(trades[slot] ?? 0));
  }

  /** Repairs volume, turnover and count. Prices would need the minute's other trades: they stay. */
  #correct(batch: EventBatch, event: number): void {
    if (((batch.flags[event] ?? 0) & TRADE_VOLUME) === 0) return;
    const symbol = batch.symbol[event] ?? 0;
    const startUs = minuteOf(batch.f[event] ?? 0);
    const [price, size] = [batch.a[event] ?? 0, batch.b[event] ?? 0];
    const [newPrice, newSize] = [batch.c[event] ?? 0, batch.d[event] ?? 0];
    const turnover = newPrice * newSize - price * size;
    const trades = newSize === 0 ? -1 : 0;
    if (startUs < this.dayStartUs) {
      this.unused += 1;
      return;
    }
    this.#day.addVolume(symbol, newSize - size, turnover, trades);
    if (this.#open.startUs(symbol) === startUs) {
      this.#open.addVolume(symbol, newSize - size, turnover, trades);
      return;
    }
    const slot = this.minutes.find(symbol, (startUs - this.dayStartUs) / MINUTE);
    if (slot < 0) {
      this.unused += 1;
      return;
    }
    this.#addToSlot(slot, newSize - size, turnover, trades);
    this.#changed.add(symbol, startUs);
  }

  #tellClosed(): void {
    if (this.#markUs > this.#hours.openUs && this.#hours.openUs > 0) {
      const { symbols, count } = this.#closed;
      for (let at = 0; at < count; at += 1) {
        const symbol = symbols[at] ?? 0;
        if (!this.#day.isEmpty(symbol)) this.#daily.add(symbol, this.dayStartUs);
      }
    }
    this.#tell('bars', this.#closed);
    this.#tell('dailyBars', this.#daily);
  }

  #tell(channel: Parameters<BarListener>[0], bars: PendingBars): void {
    if (bars.count > 0) {
      for (const listener of this.#listeners) {
        listener(channel, bars.symbols, bars.startsUs, bars.count);
      }
    }
    bars.clear();
  }
}

function minuteOf(us: number): number {
  return Math.floor(us / MINUTE) * MINUTE;
}

function halfAfter(us: number): number {
  return minuteOf(us + 30 * SECOND) + 30 * SECOND;
}

function writePrices(
  minutes: MinuteBars,
  slot: number,
  open: number,
  high: number,
  low: number,
  close: number,
): void {
  minutes.open[slot] = open;
  minutes.high[slot] = high;
  minutes.low[slot] = low;
  minutes.close[slot] = close;
}

function writeVolume(
  minutes: MinuteBars,
  slot: number,
  volume: number,
  turnover: number,
  trades: number,
): void {
  minutes.volume[slot] = volume;
  minutes.turnover[slot] = turnover;
  minutes.trades[slot] = trades;
}
