import type { MarketDecoder, MarketProtocol, Meaning } from '../market/market-protocol.ts';
import { RETRY, STOP } from '../socket/feed-socket.ts';
import { CHANNELS, Topics } from './topics.ts';
import { readWord, type VenueWord } from './venue-words.ts';
import { withoutKey } from './without-key.ts';

export interface PolygonProtocolOptions {
  readonly key: string;
  readonly decoder: MarketDecoder;
  /** Bars of each second of the wanted symbols, too. */
  readonly hasSecondBars: boolean;
  /** Wall time to leave a venue alone that has given our only connection to another. */
  readonly slowMsMin: number;
}

/** Of the venue's words, what is told on. */
const WORDS_MAX = 200;

/** Said after a welcome by the real-time host to a plan that has delayed data only. */
const NO_REAL_TIME = /real-?time data/i;

/** Polygon's stocks as they are spoken (venues.md 6.1): every answer is of one topic. */
export class PolygonProtocol implements MarketProtocol {
  readonly name = 'polygon/stocks';
  readonly greeting: string;
  readonly decoder: MarketDecoder;
  readonly subscriptions: Topics;
  readonly #key: string;
  readonly #slowMsMin: number;
  /** Channels of which somebody was told that the plan does not have them. */
  readonly #told = new Set<string>();
  /** How the venue said the last time that it does not serve something. */
  #denial = '';

  constructor({ key, decoder, hasSecondBars, slowMsMin }: PolygonProtocolOptions) {
    this.#key = key;
    this.greeting = JSON.stringify({ action: 'auth', params: key });
    this.decoder = decoder;
    this.subscriptions = new Topics({
      every: ['AM', 'LULD'],
      some: ['T', 'Q', ...(hasSecondBars ? ['A' as const] : [])],
    });
    this.#slowMsMin = slowMsMin;
  }

  ask(): string | undefined {
    const request = this.subscriptions.next();
    if (request === undefined) return undefined;
    return JSON.stringify({ action: request.action, params: request.topics.join(',') });
  }

  hear(message: unknown): Meaning {
    const word = readWord(message);
    switch (word.kind) {
      case 'connected':
        return { kind: 'nothing' };
      case 'authenticated':
        return { kind: 'authenticated' };
      case 'acked':
        this.subscriptions.acked(word.action, word.topics);
        return { kind: 'answered', ...this.#refusals() };
      case 'refused':
        return this.#refused(word);
      case 'other':
        return { kind: 'unused' };
      case 'unknown':
        return { kind: 'unknown' };
    }
  }

  /** A venue that serves something lives: what it is silent about it does not serve. */
  unanswered(): boolean {
    if (!this.subscriptions.isAnswering) return false;
    this.subscriptions.abandon();
    return true;
  }

  #refused({ status, message }: Extract<VenueWord, { kind: 'refused' }>): Meaning {
    const words = withoutKey(message, this.#key).slice(0, WORDS_MAX);
    const reason = `refused with ${status} ${words}`.trimEnd();
    const ended = { kind: 'ended', reason, isCrowded: false } as const;
    switch (status) {
      case 'auth_failed': // The same key will not be right the next time.
        return { ...ended, verdict: STOP };
      case 'auth_timeout':
        return { ...ended, verdict: RETRY };
      case 'max_connections': {
        // Also after a welcome. Our last connection counts until the venue notices its end.
        const verdict = { then: 'retry', waitMsMin: this.#slowMsMin } as const;
        return { ...ended, verdict, isCrowded: true };
      }
      case 'error':
        if (NO_REAL_TIME.test(message)) return { ...ended, verdict: STOP };
        this.#denial = words;
        this.subscriptions.refused(message);
        return { kind: 'refused', ...this.#refusals() };
    }
  }

  /** Told once for each channel: the next connection is refused the same. */
  #refusals(): { readonly alarm?: string } {
    const channels = this.subscriptions.refusedKinds
      .map((kind) => CHANNELS[kind])
      .filter((channel) => !this.#told.has(channel));
    if (channels.length === 0) return {};
    for (const channel of channels) this.#told.add(channel);
    return { alarm: `not in the plan: ${channels.join(', ')} (${this.#denial})` };
  }
}
