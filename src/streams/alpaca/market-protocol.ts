import type { SymbolDirectory } from '../../ports/live-market.ts';
import type { MarketProtocol, Meaning } from '../market/market-protocol.ts';
import { FeedDecoder } from './feed-decoder.ts';
import { judgeCode, type RefusalLimits } from './refusals.ts';
import { Subscriptions } from './subscriptions.ts';
import { readWord } from './venue-words.ts';

export interface AlpacaProtocolOptions {
  readonly keyId: string;
  readonly secret: string;
  readonly feed: string;
  readonly hasDailyBars: boolean;
  readonly directory: SymbolDirectory;
  readonly limits: RefusalLimits & { readonly tradesMax: number };
  readonly onMessage: (message: unknown) => void;
}

/** Alpaca's market data as it is spoken (venues.md 2): an answer holds all that is subscribed. */
export class AlpacaProtocol implements MarketProtocol {
  readonly name: string;
  readonly greeting: string;
  readonly decoder: FeedDecoder;
  readonly subscriptions: Subscriptions;
  readonly #limits: RefusalLimits;

  constructor(options: AlpacaProtocolOptions) {
    const { keyId, secret, feed, hasDailyBars, directory, limits, onMessage } = options;
    this.name = `alpaca/${feed}`;
    this.greeting = JSON.stringify({ action: 'auth', key: keyId, secret });
    this.decoder = new FeedDecoder({ directory, tradesMax: limits.tradesMax, onMessage });
    this.subscriptions = new Subscriptions({
      every: ['bars', 'updatedBars', ...(hasDailyBars ? ['dailyBars' as const] : []), 'statuses'],
      some: ['trades', 'quotes', 'lulds'],
    });
    this.#limits = limits;
  }

  ask(): string | undefined {
    const request = this.subscriptions.next();
    if (request === undefined) return undefined;
    return JSON.stringify({ action: request.action, ...request.channels });
  }

  hear(message: unknown): Meaning {
    const word = readWord(message);
    switch (word.kind) {
      case 'connected':
        return { kind: 'nothing' };
      case 'authenticated':
        return { kind: 'authenticated' };
      case 'subscribed':
        this.subscriptions.acked(word.listing);
        return { kind: 'answered' };
      case 'refused':
        return this.#refused(word.code, word.message);
      case 'news':
      case 'unknown':
        return { kind: 'unknown' };
    }
  }

  /** One answer for all that was asked: without it nothing is known. */
  unanswered(): boolean {
    return false;
  }

  #refused(code: number, message: string): Meaning {
    const judgement = judgeCode(code, this.#limits);
    const reason = `refused with ${code} ${message}`;
    switch (judgement.kind) {
      case 'end':
        return { kind: 'ended', reason, verdict: judgement.verdict, isCrowded: code === 406 };
      case 'tooMany': {
        const fits = this.subscriptions.overLimit();
        return { kind: 'refused', alarm: `${reason}: ${fits} symbols are tried instead` };
      }
      case 'malformed':
        this.subscriptions.malformed(judgement.what);
        return { kind: 'refused', alarm: reason };
      case 'harmless':
        return { kind: 'refused' };
    }
  }
}
