import { type DataChannel, type DataEndpoint, OTHER_CHANNELS, type Plan } from './data-channels.ts';
import type { DataErrorCode } from './data-errors.ts';
import { WireEvent, type WireValue } from './wire-event.ts';

export interface SubscriptionLimit {
  readonly plan: Plan;
  /** Over trades and quotes together (venues.md 2.4). */
  readonly symbolsMax: number;
  /** Whether the limit counts symbols, or pairs of symbol and channel: pages disagree. */
  readonly counts: 'symbols' | 'pairs';
}

/** What a client asked for, checked for its form. */
export type Wanted = ReadonlyMap<DataChannel, readonly string[]>;

/** The channels and symbols of one connection. Subscribing adds, unsubscribing takes away. */
export class Subscriptions {
  readonly #endpoint: DataEndpoint;
  readonly #limit: SubscriptionLimit;
  #sets: ReadonlyMap<DataChannel, ReadonlySet<string>> = new Map();

  constructor(endpoint: DataEndpoint, limit: SubscriptionLimit) {
    this.#endpoint = endpoint;
    this.#limit = limit;
  }

  /** Undefined where it was granted; over the plan's limit nothing changes (error 405). */
  add(wanted: Wanted): DataErrorCode | undefined {
    const sets = this.#copy();
    for (const [channel, symbols] of withImplied(wanted)) {
      for (const symbol of symbols) sets.get(channel)?.add(symbol);
    }
    if (this.#isOverLimit(sets)) return 405;
    this.#sets = sets;
    return undefined;
  }

  remove(wanted: Wanted): void {
    const sets = this.#copy();
    for (const [channel, symbols] of withImplied(wanted)) {
      for (const symbol of symbols) sets.get(channel)?.delete(symbol);
    }
    this.#sets = sets;
  }

  has(channel: DataChannel, symbol: string): boolean {
    const set = this.#sets.get(channel);
    return set !== undefined && (set.has(symbol) || set.has('*'));
  }

  symbols(channel: DataChannel): ReadonlySet<string> {
    return this.#sets.get(channel) ?? NONE;
  }

  /** Always the complete set: clients take what it lists for what there is (venues.md 0.4). */
  acknowledgement(): WireEvent {
    const map: Record<string, WireValue> = { T: 'subscription' };
    for (const channel of this.#endpoint.channels) map[channel] = [...this.symbols(channel)];
    return new WireEvent(map);
  }

  #copy(): Map<DataChannel, Set<string>> {
    return new Map(
      this.#endpoint.channels.map((channel) => [channel, new Set(this.symbols(channel))]),
    );
  }

  #isOverLimit(sets: ReadonlyMap<DataChannel, ReadonlySet<string>>): boolean {
    if (this.#limit.plan === 'plus') return false;
    const trades = sets.get('trades') ?? NONE;
    const quotes = sets.get('quotes') ?? NONE;
    if (trades.has('*') || quotes.has('*')) return true;
    const symbols = new Set([...trades, ...quotes]).size;
    const used = this.#limit.counts === 'pairs' ? trades.size + quotes.size : symbols;
    return used > this.#limit.symbolsMax;
  }
}

const NONE: ReadonlySet<string> = new Set();

/** Trades bring their corrections and cancels (venues.md 2.3). */
function withImplied(wanted: Wanted): readonly (readonly [DataChannel, readonly string[]])[] {
  const trades = wanted.get('trades') ?? [];
  return [...wanted, ['corrections', trades], ['cancelErrors', trades]];
}

/** Reads the channels of a subscribe or unsubscribe message. */
export function readWanted(
  message: Readonly<Record<string, unknown>>,
  endpoint: DataEndpoint,
): Wanted | DataErrorCode {
  const wanted = new Map<DataChannel, readonly string[]>();
  for (const [key, value] of Object.entries(message)) {
    if (key === 'action') continue;
    const channel = endpoint.channels.find((known) => known === key);
    if (channel === undefined) return OTHER_CHANNELS.includes(key) ? 410 : 400;
    const symbols = readSymbols(value);
    if (symbols === undefined) return 400;
    wanted.set(channel, symbols);
  }
  return wanted.size === 0 ? 400 : wanted;
}

/** Unknown symbols are accepted, badly formed ones are not. */
const SYMBOL = /^(?:\*|[A-Z0-9][A-Z0-9./-]{0,20})$/;

function readSymbols(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const symbols: string[] = [];
  for (const item of value) {
    if (typeof item !== 'string' || !SYMBOL.test(item)) return undefined;
    symbols.push(item);
  }
  return symbols;
}
