/** What `/stocks` serves (venues.md 6.1): trades, quotes, bars of a second, of a minute, bands. */
export const POLYGON_CHANNELS = ['T', 'Q', 'A', 'AM', 'LULD'] as const;

export type PolygonChannel = (typeof POLYGON_CHANNELS)[number];

export interface Topic {
  /** As the client wrote it: it is acknowledged in these words. */
  readonly text: string;
  /** Undefined for a channel that is not served. */
  readonly channel: PolygonChannel | undefined;
  readonly symbol: string;
}

/** `T.AAPL,AM.*`; undefined where that is no list of topics. */
export function readTopics(params: unknown): readonly Topic[] | undefined {
  if (typeof params !== 'string' || params.length > PARAMS_CHARS_MAX) return undefined;
  const topics: Topic[] = [];
  for (const part of params.split(',')) {
    const text = part.trim();
    const match = TOPIC.exec(text);
    if (match === null) return undefined;
    const channel = POLYGON_CHANNELS.find((known) => known === match[1]);
    topics.push({ text, channel, symbol: match[2] ?? '' });
  }
  return topics;
}

const TOPIC = /^([A-Z]{1,8})\.(\*|[A-Za-z0-9][A-Za-z0-9:./-]{0,30})$/;
/** Trades and quotes of ten thousand symbols; each topic is answered by a message of its own. */
const PARAMS_CHARS_MAX = 262_144;

/** The topics of one connection. */
export class TopicSet {
  readonly #symbols: ReadonlyMap<PolygonChannel, Set<string>> = new Map(
    POLYGON_CHANNELS.map((channel) => [channel, new Set<string>()]),
  );

  add(channel: PolygonChannel, symbol: string): void {
    this.#symbols.get(channel)?.add(symbol);
  }

  remove(channel: PolygonChannel, symbol: string): void {
    this.#symbols.get(channel)?.delete(symbol);
  }

  has(channel: PolygonChannel, symbol: string): boolean {
    const symbols = this.#symbols.get(channel);
    return symbols !== undefined && (symbols.has(symbol) || symbols.has('*'));
  }

  symbols(channel: PolygonChannel): readonly string[] {
    return [...(this.#symbols.get(channel) ?? [])];
  }
}
