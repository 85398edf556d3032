import { Hash64 } from '../core/hash.ts';
import { BAR, type EventBatch } from '../domain/market/event-batch.ts';
import type { Input } from '../ports/input.ts';
import { count, exactClock } from './figures.ts';

/**
 * What counts as the market. A replay has every event of the session that it repeats, and when it
 * was received. Two live sessions never have: what they share is the bars of their venues, in the
 * order of their telling, whenever those came and on whosever wire.
 */
export type MarketShared = 'events' | 'bars';

/**
 * What came to a session from outside, event by event: two that are compared have had the same
 * market, or nothing that they decided can be compared. A large frame may be cut into several when
 * it is replayed, so events are counted and not frames.
 */
export class MarketDigest {
  readonly shared: MarketShared;
  events = 0;
  lastUs = 0;
  /** Symbols, session edges, news and commands, in order and without their time. */
  readonly said: string[] = [];
  /** At the end of each frame: events so far, its time, and the hash of all of them. */
  readonly ends: number[] = [];
  readonly timesUs: number[] = [];
  readonly #takenUs: number[] = [];
  readonly #hashes: number[] = [];
  readonly #hash = new Hash64();
  readonly #double = new Float64Array(1);
  readonly #words = new Int32Array(this.#double.buffer);
  /** Of each symbol's bars the last that began: what begins no later is told again. */
  readonly #lastUs: number[] = [];

  constructor(shared: MarketShared = 'events') {
    this.shared = shared;
  }

  /** `nowUs`: when the session took them, which may be after they came. */
  frames(batch: EventBatch, nowUs: number): void {
    for (let frame = 0; frame < batch.frames; frame += 1) {
      const end = batch.frameEnd[frame] ?? 0;
      const frameUs = batch.frameUs[frame] ?? 0;
      for (let at = batch.frameBegin(frame); at < end; at += 1) {
        if (this.shared === 'events') this.#event(batch, at, frameUs);
        else if (batch.kind[at] === BAR) this.#bar(batch, at);
      }
      this.lastUs = frameUs;
      this.ends.push(this.events);
      this.timesUs.push(frameUs);
      this.#takenUs.push(Math.max(frameUs, nowUs));
      this.#hashes.push(this.#hash.low);
    }
  }

  input(input: Input): void {
    const { kind } = input;
    if (kind === 'symbolNamed' || kind === 'sessionChanged' || kind === 'newsArrived') {
      this.said.push(JSON.stringify(input));
    } else if (kind === 'rowWarmed') {
      const { symbol, family, layout, values, mayLack } = input;
      this.said.push(JSON.stringify([family, symbol, layout, [...values], mayLack]));
    } else if (kind === 'commanded') {
      const { verb, symbol, by, reason } = input;
      this.said.push(JSON.stringify([verb, symbol, by, reason]));
    } else if (kind === 'policyChanged') {
      const { name, version, value } = input;
      this.said.push(JSON.stringify([name, version, value]));
    }
  }

  /** Events that the session had taken before a time, and by it. */
  eventsAround(us: number): readonly [before: number, by: number] {
    return [this.#eventsUntil((takenUs) => takenUs < us), this.#eventsUntil((t) => t <= us)];
  }

  /** Did a frame that was taken at this time here wait, there or here, and not as long in both? */
  hasWaitedOtherwise(takenUs: number, there: MarketDigest): boolean {
    const from = this.#framesUntil((us) => us < takenUs);
    const to = this.#framesUntil((us) => us <= takenUs);
    for (let at = from; at < to; at += 1) {
      if (there.#takenWith(this.ends[at] ?? 0) !== takenUs) return true;
    }
    return false;
  }

  /** When the frame with this event was taken. */
  #takenWith(event: number): number | undefined {
    let [low, high] = [0, this.ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ends[middle] ?? 0) < event) low = middle + 1;
      else high = middle;
    }
    return this.#takenUs[low];
  }

  /** Frames are taken in the order of time, so those that pass stand first. */
  #framesUntil(isTaken: (takenUs: number) => boolean): number {
    let [low, high] = [0, this.#takenUs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isTaken(this.#takenUs[middle] ?? 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #eventsUntil(isTaken: (takenUs: number) => boolean): number {
    return this.ends[this.#framesUntil(isTaken) - 1] ?? 0;
  }

  hashAt(end: number): number {
    return this.#hashes[end] ?? 0;
  }

  #event(batch: EventBatch, at: number, frameUs: number): void {
    this.events += 1;
    const hash = this.#hash;
    hash.int(((batch.kind[at] ?? 0) << 24) | ((batch.exchange[at] ?? 0) << 16));
    hash.int(batch.flags[at] ?? 0);
    hash.int(batch.symbol[at] ?? 0);
    this.#number(frameUs);
    this.#number(batch.venueUs[at] ?? 0);
    for (const column of [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f]) {
      this.#number(column[at] ?? 0);
    }
  }

  /** As it was first told: a wire may tell it again unchanged, and say so or not. */
  #bar(batch: EventBatch, at: number): void {
    const symbol = batch.symbol[at] ?? 0;
    const startUs = batch.venueUs[at] ?? 0;
    if (startUs <= (this.#lastUs[symbol] ?? 0)) return;
    this.#lastUs[symbol] = startUs;
    this.events += 1;
    this.#hash.int(symbol);
    this.#number(startUs);
    for (const column of [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f]) {
      this.#number(column[at] ?? 0);
    }
  }

  #number(value: number): void {
    this.#double[0] = value;
    this.#hash.int(this.#words[0] ?? 0);
    this.#hash.int(this.#words[1] ?? 0);
  }
}

/**
 * How the markets of two sessions differ, in words; undefined where one is the other, or as much
 * of it as that session lasted.
 */
export function marketDifference(left: MarketDigest, right: MarketDigest): string | undefined {
  if ((left.events === 0) !== (right.events === 0)) {
    return `${left.events === 0 ? 'A' : 'B'} has had nothing of it`;
  }
  const place = firstDifference(left, right);
  if (place !== undefined) return place;
  const length = Math.min(left.said.length, right.said.length);
  const at = left.said.slice(0, length).findIndex((said, index) => said !== right.said[index]);
  return at < 0 ? undefined : `A heard ${left.said[at]}, B ${right.said[at]}`;
}

function firstDifference(left: MarketDigest, right: MarketDigest): string | undefined {
  let [a, b] = [0, 0];
  while (a < left.ends.length && b < right.ends.length) {
    const [leftEnd = 0, rightEnd = 0] = [left.ends[a], right.ends[b]];
    if (leftEnd === rightEnd && left.hashAt(a) !== right.hashAt(b)) {
      return `${exactClock(left.timesUs[a] ?? 0)}, up to event ${count(leftEnd)}`;
    }
    if (leftEnd <= rightEnd) a += 1;
    if (rightEnd <= leftEnd) b += 1;
  }
  return undefined;
}
