export type BarChannel = 'bars' | 'updatedBars' | 'dailyBars';

interface Batch {
  readonly channel: BarChannel;
  readonly symbols: Int32Array;
  readonly startsUs: Float64Array;
  at: number;
}

/**
 * Bars that are to be told. A minute's end makes twenty thousand at once, more than a turn of the
 * event loop has time for.
 */
export class BarQueue {
  readonly barsMax: number;
  /** Bars for which there was no room. */
  dropped = 0;
  #batches: Batch[] = [];
  #waiting = 0;
  /** The most that ever waited. */
  waitingMost = 0;

  constructor(barsMax = 200_000) {
    this.barsMax = barsMax;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Copies: the lists are the caller's. */
  add(
    channel: BarChannel,
    symbols: Int32Array,
    startsUs: Float64Array,
    isWanted: (symbol: number, startUs: number) => boolean,
  ): void {
    const places: number[] = [];
    for (let at = 0; at < symbols.length; at += 1) {
      if (isWanted(symbols[at] ?? 0, startsUs[at] ?? 0)) places.push(at);
    }
    const room = this.barsMax - this.#waiting;
    this.dropped += Math.max(0, places.length - room);
    places.length = Math.min(places.length, room);
    if (places.length === 0) return;
    this.#waiting += places.length;
    this.waitingMost = Math.max(this.waitingMost, this.#waiting);
    this.#batches.push({
      channel,
      symbols: Int32Array.from(places, (at) => symbols[at] ?? 0),
      startsUs: Float64Array.from(places, (at) => startsUs[at] ?? 0),
      at: 0,
    });
  }

  /** Tells up to `count`, oldest first. */
  take(count: number, tell: (channel: BarChannel, symbol: number, startUs: number) => void): void {
    for (let left = count; left > 0; left -= 1) {
      const [batch] = this.#batches;
      if (batch === undefined) return;
      tell(batch.channel, batch.symbols[batch.at] ?? 0, batch.startsUs[batch.at] ?? 0);
      batch.at += 1;
      this.#waiting -= 1;
      if (batch.at === batch.symbols.length) this.#batches.shift();
    }
  }
}
