import { MINUTE } from '../../core/time.ts';
import { sessionOf } from '../../domain/market/calendar.ts';
import { BAR, EventBatch, QUOTE, TRADE } from '../../domain/market/event-batch.ts';
import { type SymbolId, symbolId } from '../../core/ids.ts';
import type { Timer } from '../../ports/clock.ts';
import type { StreamHealth } from '../../ports/live-market.ts';
import { connectWebSocket } from '../socket/connect-websocket.ts';
import { type Feed, FeedSocket, RETRY, type SocketState } from '../socket/feed-socket.ts';
import { FeedDecoder } from '../alpaca/feed-decoder.ts';
import { FrameError } from '../wire/frame-error.ts';
import { MarketGaps } from './market-gaps.ts';
import { MarketOutlet } from './market-outlet.ts';
import {
  type AlpacaMarketOptions,
  MARKET_LIMITS,
  type MarketLimits,
  type SubscribeResult,
} from './market-options.ts';
import { MuteWatch } from './mute-watch.ts';
import { ALARM_AFTER, FeedError, judgeCode, judgeUpgrade } from '../alpaca/refusals.ts';
import { type SubscriptionRequest, Subscriptions } from '../alpaca/subscriptions.ts';
import { readWord, type VenueWord } from '../alpaca/venue-words.ts';
import { WantedSymbols } from './wanted-symbols.ts';

const BATCH_EVENTS = 1_024;
/** A venue's clock may be ahead of ours by this before somebody should know (D11). */
const AHEAD_US_MAX = 500_000;

/**
 * Alpaca's live market data (venues.md 2): one connection that heals itself, the wanted set kept
 * over it, and events in the sink's order. Where data were lost a gap says so before any later
 * event, and what was missed is fetched and delivered before what came after it.
 */
export class AlpacaMarketStream {
  readonly name: string;
  readonly #options: AlpacaMarketOptions;
  readonly #limits: MarketLimits;
  readonly #decoder: FeedDecoder;
  readonly #socket: FeedSocket;
  readonly #subscriptions: Subscriptions;
  readonly #wanted: WantedSymbols;
  readonly #outlet: MarketOutlet;
  readonly #gaps: MarketGaps;
  readonly #mute: MuteWatch;
  readonly #batch = new EventBatch(BATCH_EVENTS, 4);
  #words: unknown[] = [];
  #deadline: Timer | undefined;
  #isAuthenticated = false;
  /** All was asked and answered on this connection. */
  #isServed = false;
  /** Refusals in a row that say that we are too many. */
  #crowded = 0;
  #lagUs = Number.NaN;
  #isAheadTold = false;

  constructor(options: AlpacaMarketOptions) {
    this.name = `alpaca/${options.feed}`;
    this.#options = options;
    this.#limits = { ...MARKET_LIMITS, ...options.limits };
    const { directory, clock, timers, random, sink, hasDailyBars = false } = options;
    this.#decoder = new FeedDecoder({
      directory,
      tradesMax: this.#limits.tradesMax,
      onMessage: (message) => this.#words.push(message),
    });
    this.#subscriptions = new Subscriptions({
      every: ['bars', 'updatedBars', ...(hasDailyBars ? ['dailyBars' as const] : []), 'statuses'],
      some: ['trades', 'quotes', 'lulds'],
    });
    this.#wanted = new WantedSymbols(timers, this.#limits.settleMsMax);
    this.#socket = new FeedSocket({
      connect: options.connect ?? connectWebSocket({ url: options.url, headers: headers(options) }),
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
      decoder: this.#decoder,
      outlet: this.#outlet,
      subscriptions: this.#subscriptions,
      onBroken: (error) => this.#broke(error),
    });
    this.#mute = this.#muteWatch();
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
    this.#subscriptions.want(symbols.map((symbol) => this.#options.directory.nameOf(symbol)));
    if (this.#socket.state === 'stopped') this.#wanted.stopped('the stream is stopped');
    else if (this.#isAuthenticated) this.#ask();
    return answer;
  }

  get health(): StreamHealth {
    const { counts } = this.#decoder;
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
  get counts(): FeedDecoder['counts'] {
    return this.#decoder.counts;
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
        const verdict = judgeUpgrade(status, this.#limits);
        if (status === 429) this.#alarmIfCrowded(`the upgrade was answered with ${status}`);
        return verdict;
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
      slots: () => this.#subscriptions.served,
      sample: Array.from({ length: Math.min(100, directory.size) }, (_, index) =>
        directory.nameOf(symbolId(index)),
      ),
      tradeUsOf: (name) => this.#decoder.writer.tradeUsOf(directory.idOf(name) ?? -1),
      barUs: () => this.#decoder.bars.lastUs,
      onMute: (reason) => this.#socket.drop(reason),
    });
  }

  #opened(): void {
    const { keyId, secret } = this.#options;
    this.#isAuthenticated = false;
    this.#isServed = false;
    this.#isAheadTold = false;
    this.#subscriptions.connected();
    // Sent without waiting for the welcome, as the official client does.
    this.#socket.send(JSON.stringify({ action: 'auth', key: keyId, secret }));
    this.#expect(this.#limits.authMsMax, 'no answer to the authentication');
  }

  #received(bytes: Uint8Array): void {
    // One time for all that came together.
    const nowUs = this.#options.clock.nowUs();
    const { counts } = this.#decoder;
    const batch = this.#batch;
    counts.frames += 1;
    batch.clear();
    try {
      const scanner = this.#decoder.begin(bytes);
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
      this.#gaps.mark(nowUs);
      if (this.#isServed) this.#gaps.fill();
    }
    if (this.#words.length > 0) this.#hear();
  }

  #deliver(batch: EventBatch, nowUs: number): void {
    if (batch.count === 0) return;
    this.#decoder.counts.events += batch.count;
    this.#socket.steady();
    this.#measure(batch, nowUs);
    this.#mute.heard(this.#decoder.counts);
    this.#outlet.put(batch, nowUs);
    batch.clear();
    if (this.#outlet.isFull) this.#gaps.hurry();
  }

  #measure(batch: EventBatch, nowUs: number): void {
    const last = batch.count - 1;
    const kind = batch.kind[last];
    if (kind !== TRADE && kind !== QUOTE && kind !== BAR) return;
    // A bar is known when its span is over.
    const spanUs = kind === BAR ? (batch.f[last] ?? 0) : 0;
    if (spanUs > MINUTE) return;
    this.#lagUs = nowUs - (batch.venueUs[last] ?? 0) - spanUs;
    if (this.#lagUs >= -AHEAD_US_MAX) return;
    this.#decoder.counts.ahead += 1;
    if (this.#isAheadTold) return;
    this.#isAheadTold = true;
    this.#options.onAlarm?.(`the venue's clock is ${-this.#lagUs} us ahead of ours`);
  }

  #hear(): void {
    const words = this.#words;
    this.#words = [];
    for (const word of words) this.#obey(readWord(word));
  }

  #obey(word: VenueWord): void {
    switch (word.kind) {
      case 'connected':
        return;
      case 'authenticated':
        this.#isAuthenticated = true;
        this.#crowded = 0;
        return this.#ask();
      case 'subscribed':
        this.#subscriptions.acked(word.listing);
        return this.#ask();
      case 'refused':
        return this.#refused(word.code, word.message);
      case 'news':
      case 'unknown':
        this.#decoder.counts.unknownKinds += 1;
    }
  }

  #refused(code: number, message: string): void {
    this.#decoder.counts.refusals += 1;
    const judgement = judgeCode(code, this.#limits);
    const reason = `refused with ${code} ${message}`;
    switch (judgement.kind) {
      case 'end':
        if (code === 406) this.#alarmIfCrowded(reason);
        return this.#socket.drop(reason, judgement.verdict);
      case 'tooMany': {
        const fits = this.#subscriptions.overLimit();
        this.#options.onAlarm?.(`${reason}: ${fits} symbols are tried instead`);
        return this.#ask();
      }
      case 'malformed':
        this.#subscriptions.malformed(judgement.what);
        this.#options.onAlarm?.(reason);
        return this.#ask();
      case 'harmless':
        return;
    }
  }

  #alarmIfCrowded(reason: string): void {
    this.#crowded += 1;
    if (this.#crowded >= ALARM_AFTER) {
      this.#options.onAlarm?.(`${reason}, ${this.#crowded} times in a row`);
    }
  }

  /** The next thing to ask the venue for; where there is none, all is served that will be. */
  #ask(): void {
    if (!this.#isAuthenticated) return;
    const request = this.#subscriptions.next();
    if (request !== undefined) {
      this.#socket.send(requestText(request));
      this.#expect(this.#limits.ackMsMax, 'no answer to a subscription');
    } else if (this.#subscriptions.isSettled) this.#settled();
  }

  #settled(): void {
    this.#deadline?.cancel();
    const settlement = this.#subscriptions.settlement();
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

  #expect(msMax: number, reason: string): void {
    this.#deadline?.cancel();
    this.#deadline = this.#options.timers.after(msMax, () => this.#socket.drop(reason, RETRY));
  }

  #lost(reason: string): void {
    this.#deadline?.cancel();
    this.#mute.end();
    this.#gaps.abandon();
    const wasServed = this.#isServed;
    this.#isServed = false;
    this.#isAuthenticated = false;
    // Nothing is lost of what was not sent yet.
    if (wasServed) this.#gaps.mark(this.#options.clock.nowUs());
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

function requestText(request: SubscriptionRequest): string {
  return JSON.stringify({ action: request.action, ...request.channels });
}

function headers(options: AlpacaMarketOptions): Readonly<Record<string, string>> {
  return { 'Content-Type': `application/${options.codec}` };
}

function isCore(us: number): boolean {
  return sessionOf(us) === 'core';
}
