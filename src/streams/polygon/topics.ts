import type { Settlement, Subscriptions } from '../market/market-protocol.ts';

/** Kinds of stock events by the letters that a topic begins with, and what they are to us. */
export const CHANNELS = {
  AM: 'bars',
  LULD: 'lulds',
  T: 'trades',
  Q: 'quotes',
  A: 'secondBars',
} as const;

export type Kind = keyof typeof CHANNELS;

export interface TopicOptions {
  /** Kinds that are wanted of every symbol. */
  readonly every: readonly Kind[];
  /** Kinds that are wanted of the symbols of `want`; of the first, or a symbol is not served. */
  readonly some: readonly [Kind, ...Kind[]];
}

export interface TopicRequest {
  readonly action: 'subscribe' | 'unsubscribe';
  readonly topics: readonly string[];
}

/** What is under way. */
interface Asked extends TopicRequest {
  /** Topics without an answer. */
  readonly open: Set<string>;
  readonly denied: Set<string>;
  /** Refusals that do not say of what. */
  unnamed: number;
}

/** A request of this many is some kilobytes; each topic has an answer of its own. */
const TOPICS_MAX = 500;

/**
 * What is asked of the venue, topic by topic, and what it answered (venues.md 6.1). Each topic is
 * confirmed in a status of its own, in any order; a refusal may not say of what it is, and the
 * other topics of the request are served all the same. So one request is under way at a time, and
 * what is left of it when the refusals are as many is what was refused.
 *
 * A plan has a kind or has it not: a kind of which something was refused and nothing is served is
 * not asked for again on this connection.
 */
export class Topics implements Subscriptions {
  readonly #options: TopicOptions;
  #wanted: readonly string[] = [];
  readonly #listed = new Set<string>();
  #asked: Asked | undefined;
  /** Asked for in vain; asked again with the next set or connection. */
  readonly #unserved = new Set<string>();
  readonly #refused = new Set<Kind>();

  constructor(options: TopicOptions) {
    this.#options = options;
  }

  get wanted(): readonly string[] {
    return this.#wanted;
  }

  get served(): readonly string[] {
    const [first, ...others] = this.#options.some;
    return this.#wanted.filter(
      (name) =>
        this.#listed.has(topicOf(first, name)) &&
        others.every((kind) => this.#refused.has(kind) || this.#listed.has(topicOf(kind, name))),
    );
  }

  get isSettled(): boolean {
    return this.#asked === undefined;
  }

  want(symbols: readonly string[]): void {
    this.#wanted = [...new Set(symbols)];
    this.#unserved.clear();
  }

  connected(): void {
    this.#listed.clear();
    this.#asked = undefined;
    this.#unserved.clear();
    this.#refused.clear();
  }

  /** The next request; undefined while one is under way, and when all is asked. */
  next(): TopicRequest | undefined {
    if (this.#asked !== undefined) return undefined;
    const missing = this.#missing();
    const topics = missing.length > 0 ? missing : this.#surplus();
    if (topics.length === 0) return undefined;
    const action = missing.length > 0 ? 'subscribe' : 'unsubscribe';
    const now = topics.slice(0, TOPICS_MAX);
    this.#asked = { action, topics: now, open: new Set(now), denied: new Set(), unnamed: 0 };
    return { action, topics: now };
  }

  /** Heard at any time: also late, when nothing is under way. */
  acked(action: TopicRequest['action'], topics: readonly string[]): void {
    for (const topic of topics) {
      if (action === 'subscribe') this.#listed.add(topic);
      else this.#listed.delete(topic);
      this.#unserved.delete(topic);
      if (this.#asked?.action === action) this.#asked.open.delete(topic);
    }
    this.#closeIfAnswered();
  }

  /** A topic was refused, in words that may name it. */
  refused(message: string): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    const named = message.split(/[\s,:;"'()]+/).filter((word) => asked.open.has(word));
    if (named.length === 0) asked.unnamed += 1;
    for (const topic of named) deny(asked, topic);
    this.#closeIfAnswered();
  }

  /** No answer is awaited any more: what has none is not served. */
  abandon(): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    for (const topic of asked.open) this.#unserved.add(topic);
    asked.open.clear();
    this.#closeIfAnswered();
  }

  /** Kinds that are not in the plan, as far as this connection knows. */
  get refusedKinds(): readonly Kind[] {
    return [...this.#refused];
  }

  /** Something is served on this connection. */
  get isAnswering(): boolean {
    return this.#listed.size > 0;
  }

  settlement(): Settlement {
    const { every, some } = this.#options;
    const { served } = this;
    const refused = [...every, ...some].filter(
      (kind) => this.#refused.has(kind) || this.#unserved.has(topicOf(kind, ALL)),
    );
    const missing = this.#wanted.filter((name) =>
      some.some((kind) => !this.#refused.has(kind) && !this.#listed.has(topicOf(kind, name))),
    );
    return {
      served: served.length,
      // There is no limit to the symbols of a connection.
      unfitting: [],
      unserved: missing,
      refused: refused.map((kind) => CHANNELS[kind]),
    };
  }

  #closeIfAnswered(): void {
    const asked = this.#asked;
    if (asked === undefined || asked.open.size > asked.unnamed) return;
    this.#asked = undefined;
    for (const topic of asked.open) asked.denied.add(topic);
    for (const topic of asked.denied) this.#unserved.add(topic);
    if (asked.action === 'unsubscribe') return;
    const denied = new Set([...asked.denied].map(kindOf));
    const served = new Set([...this.#listed].map(kindOf));
    const { every, some } = this.#options;
    for (const kind of [...every, ...some]) {
      if (denied.has(kind) && !served.has(kind)) this.#refused.add(kind);
    }
  }

  /** What every symbol has first, then what is wanted, most important first. */
  #missing(): readonly string[] {
    const { every, some } = this.#options;
    const all = [
      ...every.map((kind) => [kind, ALL] as const),
      ...this.#wanted.flatMap((name) => some.map((kind) => [kind, name] as const)),
    ];
    return all
      .filter(([kind]) => !this.#refused.has(kind))
      .map(([kind, name]) => topicOf(kind, name))
      .filter((topic) => !this.#listed.has(topic) && !this.#unserved.has(topic));
  }

  #surplus(): readonly string[] {
    const { every, some } = this.#options;
    const wanted = new Set([
      ...every.map((kind) => topicOf(kind, ALL)),
      ...this.#wanted.flatMap((name) => some.map((kind) => topicOf(kind, name))),
    ]);
    return [...this.#listed].filter((topic) => !wanted.has(topic) && !this.#unserved.has(topic));
  }
}

const ALL = '*';

function topicOf(kind: Kind, name: string): string {
  return `${kind}.${name}`;
}

function kindOf(topic: string): string {
  return topic.slice(0, topic.indexOf('.'));
}

function deny(asked: Asked, topic: string): void {
  asked.open.delete(topic);
  asked.denied.add(topic);
}
