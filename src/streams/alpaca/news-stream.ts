import type { Random } from '../../core/random.ts';
import { parseTime } from '../../core/time.ts';
import type { Clock, Timer, Timers } from '../../ports/clock.ts';
import type { Input } from '../../ports/input.ts';
import type { StreamHealth, SymbolDirectory } from '../../ports/live-market.ts';
import type { Connect } from '../socket/connection.ts';
import { connectWebSocket } from '../socket/connect-websocket.ts';
import { type Feed, FeedSocket, RETRY } from '../socket/feed-socket.ts';
import { FrameError } from '../wire/frame-error.ts';
import { CrowdAlarm } from '../market/crowd-alarm.ts';
import { FeedError } from '../market/feed-error.ts';
import { judgeUpgrade } from '../market/judge-upgrade.ts';
import { MARKET_LIMITS, type MarketLimits } from '../market/market-options.ts';
import { parseFrame } from './wire/parse-frame.ts';
import { judgeCode } from './refusals.ts';
import { type NewsWords, readWord, type VenueWord } from './venue-words.ts';

export interface AlpacaNewsOptions {
  /** `wss://stream.data.alpaca.markets/v1beta1/news` */
  readonly url: string;
  readonly keyId: string;
  readonly secret: string;
  readonly codec: 'json' | 'msgpack';
  readonly directory: SymbolDirectory;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly enter: (input: NewsInput) => void;
  /** Stories since a moment, oldest first. Left out: what is missed while down stays missed. */
  readonly fetchNews?: (fromUs: number, take: (news: NewsWords) => void) => Promise<void>;
  readonly limits?: Partial<MarketLimits>;
  readonly connect?: Connect;
  readonly onAlarm?: (reason: string) => void;
  readonly onFatal?: (error: FeedError) => void;
  readonly onBroken?: (error: Error) => void;
}

export type NewsInput = Extract<Input, { kind: 'newsArrived' }>;

/** Stories that are remembered, so that each arrives once. */
const STORIES_MAX = 8_192;
const SYMBOLS_MAX = 1_000;
const HEADLINE_MAX = 1_000;

/** Alpaca's news (venues.md 2.5, `n`), as inputs of the kernel. Nobody has scored them. */
export class AlpacaNewsStream {
  readonly name = 'alpaca/news';
  /** Stories of symbols that we do not know, and what else could not be used. */
  unknown = 0;
  readonly #options: AlpacaNewsOptions;
  readonly #limits: MarketLimits;
  readonly #socket: FeedSocket;
  readonly #seen = new Set<string>();
  #deadline: Timer | undefined;
  readonly #crowd: CrowdAlarm;
  #frames = 0;
  #events = 0;
  #duplicates = 0;
  #gaps = 0;
  #lagUs = Number.NaN;
  #isServed = false;
  /** Of the last story, or of the first connection before one; NaN before that. */
  #knownUs = Number.NaN;

  constructor(options: AlpacaNewsOptions) {
    this.#options = options;
    this.#limits = { ...MARKET_LIMITS, ...options.limits };
    const { url, codec, clock, timers, random } = options;
    this.#crowd = new CrowdAlarm(clock, (reason) => options.onAlarm?.(`${this.name}: ${reason}`));
    const headers = { 'Content-Type': `application/${codec}` };
    this.#socket = new FeedSocket({
      connect: options.connect ?? connectWebSocket({ url, headers }),
      clock,
      timers,
      random,
      limits: this.#limits,
      feed: this.#feed(),
    });
  }

  start(): void {
    this.#socket.start();
  }

  async stop(): Promise<void> {
    if (this.#socket.state === 'open') this.#lost();
    await this.#socket.stop();
  }

  get health(): StreamHealth {
    return {
      name: this.name,
      state: this.#socket.state,
      connections: this.#socket.connections,
      frames: this.#frames,
      events: this.#events,
      unknown: this.unknown,
      duplicates: this.#duplicates,
      gaps: this.#gaps,
      lagUs: this.#lagUs,
    };
  }

  #feed(): Feed {
    const { keyId, secret } = this.#options;
    return {
      opened: () => {
        this.#socket.send(JSON.stringify({ action: 'auth', key: keyId, secret }));
        this.#expect(this.#limits.authMsMax, 'no answer to the authentication');
      },
      received: (bytes) => {
        try {
          this.#received(bytes);
        } catch (error) {
          this.#broke(error);
        }
      },
      lost: () => this.#lost(),
      judgeStatus: (status) => {
        if (status === 429) this.#crowd.refused(`the upgrade was answered with ${status}`);
        return judgeUpgrade(status, this.#limits);
      },
      changed: (state, reason) => {
        const isRefused = state === 'stopped' && reason !== 'stopped';
        if (isRefused) this.#options.onFatal?.(new FeedError(`${this.name}: ${reason}`));
      },
    };
  }

  #received(bytes: Uint8Array): void {
    this.#frames += 1;
    let messages: readonly unknown[];
    try {
      messages = parseFrame(bytes);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.unknown += 1;
      // A story may have been in it.
      this.#gaps += 1;
      return this.#fetch();
    }
    for (const message of messages) this.#obey(readWord(message));
  }

  #obey(word: VenueWord): void {
    switch (word.kind) {
      case 'connected':
        return;
      case 'authenticated':
        this.#socket.send(JSON.stringify({ action: 'subscribe', news: ['*'] }));
        return this.#expect(this.#limits.ackMsMax, 'no answer to a subscription');
      case 'subscribed':
        return this.#subscribed(word.news);
      case 'refused':
        return this.#refused(word.code, word.message);
      case 'news':
        this.#socket.steady();
        return this.#take(word.news);
      case 'unknown':
        this.unknown += 1;
    }
  }

  #subscribed(news: readonly string[]): void {
    if (!news.includes('*')) return this.#socket.drop('the venue does not serve news');
    this.#deadline?.cancel();
    if (this.#isServed) return;
    this.#isServed = true;
    if (Number.isNaN(this.#knownUs)) this.#knownUs = this.#options.clock.nowUs();
    else this.#fetch();
  }

  #refused(code: number, message: string): void {
    const judgement = judgeCode(code, this.#limits);
    const reason = `refused with ${code} ${message}`;
    if (code === 406) this.#crowd.refused(reason);
    // There is one thing to ask for, so what is refused of it is refused whole.
    if (judgement.kind === 'harmless') this.unknown += 1;
    else this.#socket.drop(reason, judgement.kind === 'end' ? judgement.verdict : RETRY);
  }

  #expect(msMax: number, reason: string): void {
    this.#deadline?.cancel();
    this.#deadline = this.#options.timers.after(msMax, () => this.#socket.drop(reason));
  }

  #lost(): void {
    this.#deadline?.cancel();
    if (this.#isServed) this.#gaps += 1;
    this.#isServed = false;
  }

  /** What was told while nobody listened. */
  #fetch(): void {
    const { fetchNews, onAlarm } = this.#options;
    if (fetchNews === undefined || Number.isNaN(this.#knownUs)) return;
    fetchNews(this.#knownUs, (news) => {
      try {
        this.#take(news);
      } catch (error) {
        this.#broke(error);
      }
    }).catch((error: unknown) => {
      onAlarm?.(`${this.name}: missed stories were not fetched: ${messageOf(error)}`);
    });
  }

  #take(news: NewsWords): void {
    const { directory, clock, enter } = this.#options;
    const venueUs = parseTime(news.createdAt);
    if (venueUs === undefined) {
      this.unknown += 1;
      return;
    }
    if (this.#seen.has(news.id)) {
      this.#duplicates += 1;
      return;
    }
    this.#remember(news.id);
    this.#knownUs = Number.isNaN(this.#knownUs) ? venueUs : Math.max(this.#knownUs, venueUs);
    this.#lagUs = clock.nowUs() - venueUs;
    const symbols = news.symbols
      .slice(0, SYMBOLS_MAX)
      .map((name) => directory.idOf(name))
      .filter((symbol) => symbol !== undefined);
    if (symbols.length === 0) {
      this.unknown += 1;
      return;
    }
    this.#events += 1;
    const headline = news.headline.slice(0, HEADLINE_MAX);
    const sentiment = Number.NaN;
    enter({ kind: 'newsArrived', newsId: news.id, symbols, headline, sentiment, venueUs });
  }

  #remember(id: string): void {
    this.#seen.add(id);
    if (this.#seen.size <= STORIES_MAX) return;
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      return;
    }
  }

  #broke(error: unknown): void {
    const cause = error instanceof Error ? error : new Error(String(error));
    this.#socket.stop().then(
      () => this.#options.onBroken?.(cause),
      () => this.#options.onBroken?.(cause),
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
