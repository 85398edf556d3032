import type { Settlement } from '../market/market-protocol.ts';

export const CHANNELS = [
  'trades',
  'quotes',
  'bars',
  'updatedBars',
  'dailyBars',
  'statuses',
  'lulds',
] as const;

export type Channel = (typeof CHANNELS)[number];

/** What the venue says it sends us, by channel; a channel left out is empty. */
export type Listing = Readonly<Partial<Record<Channel, readonly string[]>>>;

export interface SubscriptionRequest {
  readonly action: 'subscribe' | 'unsubscribe';
  readonly channels: Listing;
}

export interface SubscriptionOptions {
  /** Channels that are wanted of every symbol. */
  readonly every: readonly Channel[];
  /** Channels that are wanted of the symbols of `want`. */
  readonly some: readonly Channel[];
}

const ALL = '*';

/**
 * What is asked of the venue, and what it answered (venues.md 2.3, 2.6). One request at a time: an
 * answer names no question. It always holds the complete set, which then is what stands.
 *
 * A request over the plan's limit (405) is refused whole, so the set is shrunk until it fits, by
 * halves, and never grows past what was refused. What is wanted first in order is served first.
 */
export class Subscriptions {
  readonly #options: SubscriptionOptions;
  #wanted: readonly string[] = [];
  #listed = new Map<Channel, ReadonlySet<string>>();
  #asked: SubscriptionRequest | undefined;
  /** Symbols that were served at a time, and the least that were refused. */
  #fits = Number.POSITIVE_INFINITY;
  #fitted = 0;
  #refusedFrom = Number.POSITIVE_INFINITY;
  /** Symbols and channels that were asked for in vain; asked again with the next set or life. */
  readonly #unserved = new Set<string>();
  readonly #refused = new Set<Channel>();
  /** After a refusal for its form: symbols, and channels, in one request. */
  #symbolsMax = Number.POSITIVE_INFINITY;
  #channelsMax = Number.POSITIVE_INFINITY;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  get wanted(): readonly string[] {
    return this.#wanted;
  }

  /** Symbols of `want` that the venue serves by its own word. */
  get served(): readonly string[] {
    return this.#wanted.filter((name) => this.#isServed(name));
  }

  /** The whole set, in order of importance. */
  want(symbols: readonly string[]): void {
    this.#wanted = [...new Set(symbols)];
    this.#unserved.clear();
  }

  /** A connection begins: the venue knows nothing of the last one. */
  connected(): void {
    this.#listed = new Map();
    this.#asked = undefined;
    this.#unserved.clear();
    this.#refused.clear();
    this.#symbolsMax = Number.POSITIVE_INFINITY;
    this.#channelsMax = Number.POSITIVE_INFINITY;
  }

  /** The next message for the venue; undefined while one is under way, and when all is asked. */
  next(): SubscriptionRequest | undefined {
    if (this.#asked !== undefined) return undefined;
    this.#asked = this.#everyMissing() ?? this.#surplus() ?? this.#someMissing();
    return this.#asked;
  }

  get isSettled(): boolean {
    return this.#asked === undefined;
  }

  acked(listing: Listing): void {
    const asked = this.#asked;
    this.#asked = undefined;
    this.#listed = new Map(CHANNELS.map((channel) => [channel, new Set(listing[channel])]));
    if (asked === undefined) return;
    this.#symbolsMax *= 2;
    for (const [channel, names] of entries(asked.channels)) {
      const listed = this.#listedOf(channel);
      const failed = names.filter((name) => listed.has(name) !== (asked.action === 'subscribe'));
      if (failed.includes(ALL)) this.#refused.add(channel);
      else for (const name of failed) this.#unserved.add(name);
    }
    const isSome = asked.action === 'subscribe' && !this.#isEvery(asked);
    if (isSome) this.#grow();
  }

  /** 405: the request was refused whole, and the list is what it was. Answers what fits now. */
  overLimit(): number {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked === undefined) return this.#fits;
    if (this.#isEvery(asked)) {
      for (const [channel] of entries(asked.channels)) this.#refused.add(channel);
      return this.#fits;
    }
    if (asked.action === 'unsubscribe') {
      // Makes no sense, and must not be asked for ever.
      for (const [, names] of entries(asked.channels)) {
        for (const name of names) this.#unserved.add(name);
      }
      return this.#fits;
    }
    const before = this.#symbolsListed();
    const more = new Set(entries(asked.channels).flatMap(([, names]) => names));
    const tried = new Set([...before, ...more]).size;
    this.#refusedFrom = Math.min(this.#refusedFrom, tried);
    // What fitted once and is refused now tells of a plan that shrank.
    const known = this.#fitted < tried ? this.#fitted : 0;
    this.#fitted = Math.min(Math.max(known, before.size), this.#refusedFrom - 1);
    this.#fits = Math.floor((this.#fitted + this.#refusedFrom) / 2);
    return this.#fits;
  }

  /** 400 or 410: one symbol, or one channel, spoils the whole request; it is found by halves. */
  malformed(what: 'symbol' | 'channel'): void {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked === undefined) return;
    const channels = entries(asked.channels);
    const names = new Set(channels.flatMap(([, of]) => of));
    if (what === 'channel' && channels.length > 1) this.#channelsMax = 1;
    else if (what === 'channel' || this.#isEvery(asked)) {
      for (const [channel] of channels) this.#refused.add(channel);
    } else if (names.size === 1) for (const name of names) this.#unserved.add(name);
    else this.#symbolsMax = Math.ceil(names.size / 2);
  }

  settlement(): Settlement {
    const served = this.served;
    const kept = this.#fitting();
    return {
      served: served.length,
      unfitting: this.#wanted.slice(kept.length),
      unserved: kept.filter((name) => !served.includes(name)),
      refused: [...this.#refused],
    };
  }

  /** Tries the middle between what was served and what was refused, until they touch. */
  #grow(): void {
    this.#fitted = Math.max(this.#fitted, this.#symbolsListed().size);
    // The plan grew: what was refused once is served now.
    if (this.#fitted >= this.#refusedFrom) this.#refusedFrom = Number.POSITIVE_INFINITY;
    if (this.#refusedFrom === Number.POSITIVE_INFINITY) this.#fits = Number.POSITIVE_INFINITY;
    else if (this.#fitted >= this.#fits) {
      this.#fits = Math.floor((this.#fitted + this.#refusedFrom) / 2);
    }
  }

  #everyMissing(): SubscriptionRequest | undefined {
    const missing = this.#options.every.filter(
      (channel) => !this.#refused.has(channel) && !this.#listedOf(channel).has(ALL),
    );
    return this.#request('subscribe', missing, () => [ALL]);
  }

  /** What is served and not wanted goes first, so that there is room. */
  #surplus(): SubscriptionRequest | undefined {
    const wanted = new Set(this.#fitting());
    return this.#request('unsubscribe', this.#options.some, (channel) =>
      [...this.#listedOf(channel)].filter(
        (name) => name !== ALL && !wanted.has(name) && !this.#unserved.has(name),
      ),
    );
  }

  #someMissing(): SubscriptionRequest | undefined {
    const open = this.#options.some.filter((channel) => !this.#refused.has(channel));
    const missing = this.#fitting().filter(
      (name) =>
        !this.#unserved.has(name) && open.some((channel) => !this.#listedOf(channel).has(name)),
    );
    const now = missing.slice(0, this.#symbolsMax);
    return this.#request('subscribe', open, (channel) =>
      now.filter((name) => !this.#listedOf(channel).has(name)),
    );
  }

  #request(
    action: SubscriptionRequest['action'],
    channels: readonly Channel[],
    namesOf: (channel: Channel) => readonly string[],
  ): SubscriptionRequest | undefined {
    const named = channels
      .map((channel) => [channel, namesOf(channel)] as const)
      .filter(([, names]) => names.length > 0)
      .slice(0, this.#channelsMax);
    return named.length === 0 ? undefined : { action, channels: Object.fromEntries(named) };
  }

  #fitting(): readonly string[] {
    return this.#wanted.slice(0, this.#fits);
  }

  #isServed(name: string): boolean {
    return this.#options.some.every(
      (channel) => this.#refused.has(channel) || this.#listedOf(channel).has(name),
    );
  }

  #isEvery(request: SubscriptionRequest): boolean {
    return entries(request.channels).some(([, names]) => names.includes(ALL));
  }

  #symbolsListed(): ReadonlySet<string> {
    return new Set(this.#options.some.flatMap((channel) => [...this.#listedOf(channel)]));
  }

  #listedOf(channel: Channel): ReadonlySet<string> {
    return this.#listed.get(channel) ?? NOTHING;
  }
}

const NOTHING: ReadonlySet<string> = new Set();

function entries(listing: Listing): readonly (readonly [Channel, readonly string[]])[] {
  return CHANNELS.flatMap((channel) => {
    const names = listing[channel];
    return names === undefined ? [] : [[channel, names] as const];
  });
}
