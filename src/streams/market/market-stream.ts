import { symbolId, type SymbolId } from '../../core/ids.ts';
import { sessionOf } from '../../domain/market/calendar.ts';
import { BAR, BAR_FINAL, EventBatch, QUOTE, TRADE } from '../../domain/market/event-batch.ts';
import type { Timer } from '../../ports/clock.ts';
import type { StreamHealth } from '../../ports/live-market.ts';
import { connectWebSocket } from '../socket/connect-websocket.ts';
import { type Feed, FeedSocket, type SocketState } from '../socket/feed-socket.ts';
import type { FeedCounts } from '../wire/feed-counts.ts';
import { FrameError } from '../wire/frame-error.ts';
import { CrowdAlarm } from './crowd-alarm.ts';
import { FeedError } from './feed-error.ts';
import { judgeUpgrade } from './judge-upgrade.ts';
import { MarketGaps } from './market-gaps.ts';
import {
  MARKET_LIMITS,
  type MarketLimits,
  type MarketOptions,
  type SubscribeResult,
} from './market-options.ts';
import { MarketOutlet } from './market-outlet.ts';
import type { MarketProtocol, Meaning } from './market-protocol.ts';
import { MuteWatch } from './mute-watch.ts';
import { WantedSymbols } from './wanted-symbols.ts';

const BATCH_EVENTS = 1_024;
/** A venue's clock may be ahead of ours by this before somebody should know (D11). */
const AHEAD_US_MAX = 500_000;

/** `onMessage` takes what is no market event; the stream has it heard after the frame's events. */
export type MakeProtocol = (
  limits: MarketLimits,
  onMessage: (message: unknown) => void,
) => MarketProtocol;

/**
 * Live market data: one connection that heals itself, the wanted set kept over it, and events in
 * the sink's order. Where data were lost a gap says so before any later event, and what was missed
 * is fetched and delivered before what came after it. The venue's words are the protocol's matter.
 */
export class MarketStream {
  readonly #options: MarketOptions;
  readonly #limits: MarketLimits;
  readonly #protocol: MarketProtocol;
  readonly #socket: FeedSocket;
  readonly #wanted: WantedSymbols;
  readonly #outlet: MarketOutlet;
  readonly #gaps: MarketGaps;
  readonly #mute: MuteWatch;
  readonly #crowd: CrowdAlarm;
  readonly #batch = new EventBatch(BATCH_EVENTS, 4);
  #words: unknown[] = [];
  #deadline: Timer | undefined;
  #isAuthenticated = false;
  /** All was asked and answered on this connection. */
  #isServed = false;
  /** When what came last became known at the venue; NaN before anything came. */
  #heardUs = Number.NaN;
  #lagUs = Number.NaN;
  #isAheadTold = false;

  constructor(options: MarketOptions, make: MakeProtocol) {
    this.#options = options;
    this.#limits = { ...MARKET_LIMITS, ...options.limits };
    this.#protocol = make(this.#limits, (message) => this.#words.push(message));
    const { url, headers = {}, clock, timers, random, sink } = options;
    this.#crowd = new CrowdAlarm(clock, (reason) => options.onAlarm?.(reason));
    this.#wanted = new WantedSymbols(timers, this.#limits.settleMsMax);
    this.#socket = new FeedSocket({
      connect: options.connect ?? connectWebSocket({ url, headers }),
      clock,
      timers,
      random,
      limits: this.#limits,
      feed: this.#feed(),
    });
    this.#outlet = new MarketOutlet({
      sink,
      clock,
      heldEventsMax: this.#limits.heldEventsMax,
      onPause: () => this.#socket.pause(),
      onResume: () => this.#socket.resume(),
    });
    this.#gaps = new MarketGaps({
      market: options,
      limits: this.#limits,
      protocol: this.#protocol,
      outlet: this.#outlet,
      onBroken: (error) => this.#broke(error),
    });
    this.#mute = this.#muteWatch();
  }

  get name(): string {
    return this.#protocol.name;
  }

  /** Called before the first start: nobody has listened since then, and bars are fetched. */
  missedSince(us: number): void {
    this.#gaps.missedSince(us);
  }

  start(): void {
    this.#socket.start();
  }

  /** May be started again: what is missed in between is a gap like any other. */
  async stop(): Promise<void> {
    if (this.#socket.state === 'open') this.#lost('stopped');
    this.#wanted.stopped('the stream was stopped');
    await this.#socket.stop();
  }

  /**
   * The symbols whose trades, quotes and bands are wanted, most important first: the whole set.
   * Settles when the venue has confirmed it, or when it is known what it will not serve.
   */
  subscribe(symbols: readonly SymbolId[]): Promise<SubscribeResult> {
    const answer = this.#wanted.ask();
    this.#protocol.subscriptions.want(
      symbols.map((symbol) => this.#options.directory.nameOf(symbol)),
    );
    if (this.#socket.state === 'stopped') this.#wanted.stopped('the stream is stopped');
    else if (this.#isAuthenticated) this.#ask();
    return answer;
  }

  get health(): StreamHealth {
    const { counts } = this.#protocol.decoder;
    return {
      name: this.name,
      state: this.#socket.state,
      connections: this.#socket.connections,
      frames: counts.frames,
      events: this.#outlet.events,
      unknown: counts.unknown,
      duplicates: counts.duplicates,
      gaps: counts.gaps,
      lagUs: this.#lagUs,
    };
  }

  /** In detail, for a report. */
  get counts(): FeedCounts {
    return this.#protocol.decoder.counts;
  }

  #feed(): Feed {
    return {
      opened: () => this.#opened(),
      received: (bytes) => {
        try {
          this.#received(bytes);
        } catch (error) {
          this.#broke(error);
        }
      },
      lost: (reason) => this.#lost(reason),
      judgeStatus: (status) => {
        if (status === 429) this.#crowd.refused(`the upgrade was answered with ${status}`);
        return judgeUpgrade(status, this.#limits);
      },
      changed: (state, reason) => this.#changed(state, reason),
    };
  }

  #muteWatch(): MuteWatch {
    const { directory, clock, timers, history, isSessionOpen } = this.#options;
    return new MuteWatch({
      clock,
      timers,
      history,
      silenceMsMax: this.#limits.silenceMsMax,
      // What we do not read cannot be heard.
      isSessionOpen: () => !this.#outlet.isPaused && (isSessionOpen ?? isCore)(clock.nowUs()),
      slots: () => this.#protocol.subscriptions.served,
      sample: Array.from({ length: Math.min(100, directory.size) }, (_, index) =>
        directory.nameOf(symbolId(index)),
      ),
      tradeUsOf: (name) => this.#protocol.decoder.tradeUsOf(directory.idOf(name) ?? -1),
      barUs: () => this.#protocol.decoder.bars.lastUs,
      onMute: (reason) => this.#socket.drop(reason),
    });
  }

  #opened(): void {
    this.#isAuthenticated = false;
    this.#isServed = false;
    this.#isAheadTold = false;
    this.#protocol.subscriptions.connected();
    // Sent without waiting for the welcome, as the official clients do.
    this.#socket.send(this.#protocol.greeting);
    this.#expect(this.#limits.authMsMax, () => {
      this.#socket.drop('no answer to the authentication');
    });
  }

  #received(bytes: Uint8Array): void {
    // One time for all that came together.
    const nowUs = this.#options.clock.nowUs();
    const { counts } = this.#protocol.decoder;
    const batch = this.#batch;
    counts.frames += 1;
    batch.clear();
    try {
      const scanner = this.#protocol.decoder.begin(bytes);
      for (let isMore = true; isMore;) {
        batch.clear();
        isMore = scanner.next(batch);
        this.#deliver(batch, nowUs);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      counts.unreadable += 1;
      this.#deliver(batch, nowUs);
      // Nobody knows what was in the rest of it.
      this.#gaps.mark(nowUs, this.#behindUs(nowUs));
      if (this.#isServed) this.#gaps.fill();
    }
    if (this.#words.length > 0) this.#hear();
  }

  #deliver(batch: EventBatch, nowUs: number): void {
    if (batch.count === 0) return;
    this.#protocol.decoder.counts.events += batch.count;
    this.#socket.steady();
    this.#measure(batch, nowUs);
    this.#mute.heard(this.#protocol.decoder.counts);
    this.#outlet.put(batch, nowUs);
    batch.clear();
    if (this.#outlet.isFull) this.#gaps.hurry();
  }

  #measure(batch: EventBatch, nowUs: number): void {
    const last = batch.count - 1;
    const kind = batch.kind[last];
    if (kind !== TRADE && kind !== QUOTE && kind !== BAR) return;
    // A bar is known when its span is over; told again, or of a day that runs, at any time.
    if (kind === BAR && batch.flags[last] !== BAR_FINAL) return;
    const spanUs = kind === BAR ? (batch.f[last] ?? 0) : 0;
    this.#heardUs = (batch.venueUs[last] ?? 0) + spanUs;
    this.#lagUs = nowUs - this.#heardUs;
    if (this.#lagUs >= -AHEAD_US_MAX) return;
    this.#protocol.decoder.counts.ahead += 1;
    if (this.#isAheadTold) return;
    this.#isAheadTold = true;
    this.#options.onAlarm?.(`the venue's clock is ${-this.#lagUs} us ahead of ours`);
  }

  /** How old the last event was, or is where more may lie unread. */
  #behindUs(nowUs: number): number {
    const us = this.#outlet.isPaused ? nowUs - this.#heardUs : this.#lagUs;
    return us > 0 ? us : 0;
  }

  #hear(): void {
    const words = this.#words;
    this.#words = [];
    for (const word of words) this.#obey(this.#protocol.hear(word));
  }

  #obey(meaning: Meaning): void {
    const { counts } = this.#protocol.decoder;
    switch (meaning.kind) {
      case 'nothing':
        return;
      case 'authenticated':
        this.#isAuthenticated = true;
        return this.#ask();
      case 'answered':
        return this.#answered(meaning.alarm);
      case 'refused':
        counts.refusals += 1;
        return this.#answered(meaning.alarm);
      case 'ended':
        counts.refusals += 1;
        if (meaning.isCrowded) this.#crowd.refused(meaning.reason);
        return this.#socket.drop(meaning.reason, meaning.verdict);
      case 'unused':
        counts.unused += 1;
        return;
      case 'unknown':
        counts.unknownKinds += 1;
    }
  }

  #answered(alarm: string | undefined): void {
    if (alarm !== undefined) this.#options.onAlarm?.(alarm);
    if (!this.#isAuthenticated) return;
    // An answer may come in parts: as long as they come, the next is waited for.
    if (!this.#protocol.subscriptions.isSettled) this.#expectAnswer();
    this.#ask();
  }

  /** The next thing to ask the venue for; where there is none, all is served that will be. */
  #ask(): void {
    if (!this.#isAuthenticated) return;
    const request = this.#protocol.ask();
    if (request !== undefined) {
      this.#socket.send(request);
      this.#expectAnswer();
    } else if (this.#protocol.subscriptions.isSettled) this.#settled();
  }

  #settled(): void {
    this.#deadline?.cancel();
    const settlement = this.#protocol.subscriptions.settlement();
    if (settlement.refused.includes('bars')) return this.#unserved();
    this.#wanted.settled(settlement);
    if (this.#isServed) return;
    this.#isServed = true;
    this.#mute.begin();
    this.#options.onHealth?.('up', '');
    this.#gaps.fill();
  }

  /** Without bars nothing is decided: a connection that has none is no better than none. */
  #unserved(): void {
    const reason = 'the venue refuses bars';
    this.#options.onAlarm?.(reason);
    this.#socket.drop(reason, { then: 'retry', waitMsMin: this.#limits.slowMsMin });
  }

  #expectAnswer(): void {
    this.#expect(this.#limits.ackMsMax, () => {
      if (this.#protocol.unanswered()) this.#ask();
      else this.#socket.drop('no answer to a subscription');
    });
  }

  #expect(msMax: number, onLate: () => void): void {
    this.#deadline?.cancel();
    this.#deadline = this.#options.timers.after(msMax, onLate);
  }

  #lost(reason: string): void {
    this.#deadline?.cancel();
    this.#mute.end();
    this.#gaps.abandon();
    const wasServed = this.#isServed;
    this.#isServed = false;
    this.#isAuthenticated = false;
    // Nothing is lost of what was not sent yet.
    const nowUs = this.#options.clock.nowUs();
    if (wasServed) this.#gaps.mark(nowUs, this.#behindUs(nowUs));
    this.#options.onHealth?.('degraded', reason);
  }

  /** Our own fault, or the sink's: whoever supervises decides. */
  #broke(error: unknown): void {
    const cause = error instanceof Error ? error : new Error(String(error));
    this.#socket.stop().then(
      () => this.#options.onBroken?.(cause),
      () => this.#options.onBroken?.(cause),
    );
  }

  #changed(state: SocketState, reason: string): void {
    if (state === 'waiting') this.#options.onHealth?.('degraded', reason);
    if (state !== 'stopped' || reason === 'stopped') return;
    this.#wanted.stopped(reason);
    this.#options.onFatal?.(new FeedError(`${this.name}: ${reason}`));
  }
}

function isCore(us: number): boolean {
  return sessionOf(us) === 'core';
}
