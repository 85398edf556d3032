import { Random } from '../../core/random.ts';
import { MINUTE, MS } from '../../core/time.ts';
import type { Timer, Timers } from '../../ports/clock.ts';
import type { DataHub } from './data-hub.ts';
import { WireEvent, WireTime, wireTime } from './wire-event.ts';

export const TEST_SYMBOL = 'FAKEPACA';
const EVERY_MS = 250;
const TAPE = 'N';
const EXCHANGE = 'N';
const START_CENTS = 13_400;

/** The stream that is always on, whatever the market does: one symbol, on our clock's time. */
export class TestStream {
  readonly #hub: DataHub;
  readonly #timers: Timers;
  readonly #epochMs: () => number;
  readonly #random = new Random(1, 1);
  #timer: Timer | undefined;
  #cents = START_CENTS;
  #id = 0;
  #minuteUs = 0;
  #bar = { open: 0, high: 0, low: 0, close: 0, volume: 0, trades: 0, turnover: 0 };

  constructor(hub: DataHub, timers: Timers, epochMs: () => number) {
    this.#hub = hub;
    this.#timers = timers;
    this.#epochMs = epochMs;
  }

  start(): void {
    this.#timer = this.#timers.after(EVERY_MS, () => {
      this.#tick(Math.floor(this.#epochMs()) * MS);
      this.start();
    });
  }

  close(): void {
    this.#timer?.cancel();
  }

  #tick(us: number): void {
    const minuteUs = Math.floor(us / MINUTE) * MINUTE;
    if (minuteUs !== this.#minuteUs) this.#endMinute(minuteUs);
    this.#cents = Math.max(100, this.#cents + this.#random.below(5) - 2);
    this.#id += 1;
    const size = 1 + this.#random.below(200);
    const price = this.#cents / 100;
    this.#count(price, size);
    const both = { S: TEST_SYMBOL, z: TAPE, t: wireTime(us) };
    const trade = { i: this.#id, x: EXCHANGE, p: price, s: size, c: ['@'] };
    this.#say('trades', { T: 't', ...both, ...trade });
    const quote = { bx: EXCHANGE, bp: (this.#cents - 1) / 100, bs: 100 };
    const ask = { ax: EXCHANGE, ap: (this.#cents + 1) / 100, as: 100, c: ['R'] };
    this.#say('quotes', { T: 'q', ...both, ...quote, ...ask });
  }

  #count(price: number, size: number): void {
    const bar = this.#bar;
    if (bar.trades === 0) {
      bar.open = price;
      bar.high = price;
      bar.low = price;
    }
    bar.high = Math.max(bar.high, price);
    bar.low = Math.min(bar.low, price);
    bar.close = price;
    bar.volume += size;
    bar.trades += 1;
    bar.turnover += price * size;
  }

  #endMinute(minuteUs: number): void {
    const { open, high, low, close, volume, trades, turnover } = this.#bar;
    if (trades > 0) {
      const prices = { o: open, h: high, l: low, c: close };
      const vw = Math.round((turnover / volume) * 1_000_000) / 1_000_000;
      const rest = { v: volume, n: trades, vw, t: new WireTime(this.#minuteUs) };
      this.#say('bars', { T: 'b', S: TEST_SYMBOL, ...prices, ...rest });
    }
    this.#minuteUs = minuteUs;
    this.#bar = { open: 0, high: 0, low: 0, close: 0, volume: 0, trades: 0, turnover: 0 };
  }

  #say(channel: 'trades' | 'quotes' | 'bars', map: WireEvent['map']): void {
    this.#hub.publishTest(channel, TEST_SYMBOL, new WireEvent(map));
  }
}
