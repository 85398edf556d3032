import { Random } from '../../../src/core/random.ts';
import { type SymbolId, symbolId } from '../../../src/core/ids.ts';
import { formatTime } from '../../../src/core/time.ts';
import type { EventBatch } from '../../../src/domain/market/event-batch.ts';
import type { MarketSink, SymbolDirectory } from '../../../src/ports/live-market.ts';
import type {
  HistoryBar,
  HistoryTrade,
  MarketHistory,
} from '../../../src/streams/market/market-history.ts';
import type { MarketOptions } from '../../../src/streams/market/market-options.ts';
import type { MarketStream } from '../../../src/streams/market/market-stream.ts';
import {
  type PolygonMarketOptions,
  polygonMarketStream,
} from '../../../src/streams/polygon/market-stream.ts';
import {
  type AlpacaMarketOptions,
  alpacaMarketStream,
} from '../../../src/streams/alpaca/market-stream.ts';
import { ManualTime } from '../../manual-time.ts';
import { type AlpacaVenue, alpacaVenue } from './alpaca-venue.ts';
import { type PolygonVenue, polygonVenue } from './polygon-venue.ts';
import type { ScriptedVenue } from './scripted-venue.ts';

/** 10:00 in New York on a Thursday. */
export const TEN_US = Date.UTC(2026, 10, 19, 15) * 1_000;

export const NAMES = ['AAPL', 'MSFT', 'IBM', 'SPY', 'TSLA'] as const;

export function directoryOf(names: readonly string[]): SymbolDirectory {
  const ids = new Map(names.map((name, at) => [name, symbolId(at)]));
  return {
    size: names.length,
    idOf: (name) => ids.get(name),
    nameOf: (symbol) => names[symbol] ?? '',
  };
}

const KINDS = ['', 'TRADE', 'QUOTE', 'BAR', 'STATUS', 'BAND', 'CORRECTION', 'GAP'];

/** What the sink was given, one line an event: `BAR AAPL 15:00 5`. */
export class RecordingSink implements MarketSink {
  readonly lines: string[] = [];
  readonly frameUs: number[] = [];
  /** Of each line's event. */
  readonly flags: number[] = [];
  readonly #names: readonly string[];
  isFull = false;
  resumes: (() => void)[] = [];

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  take(batch: EventBatch): 'more' | 'pause' {
    for (let frame = 0; frame < batch.frames; frame += 1) {
      this.frameUs.push(batch.frameUs[frame] ?? 0);
    }
    for (let at = 0; at < batch.count; at += 1) {
      const kind = KINDS[batch.kind[at] ?? 0] ?? '';
      const symbol = this.#names[batch.symbol[at] ?? -1] ?? '*';
      const clock = formatTime(batch.venueUs[at] ?? 0).slice(11, 19);
      const flags = batch.flags[at] ?? 0;
      const value = kind === 'GAP' ? flags : (batch.a[at] ?? 0);
      this.flags.push(flags);
      this.lines.push(`${kind} ${symbol} ${clock} ${value}`);
    }
    return this.isFull ? 'pause' : 'more';
  }

  onRoom(resume: () => void): void {
    this.resumes.push(resume);
  }

  of(kind: string): readonly string[] {
    return this.lines.filter((line) => line.startsWith(kind));
  }
}

/** A venue's memory that answers when the test lets it. */
export class ScriptedHistory implements MarketHistory {
  bars: (readonly [string, HistoryBar])[] = [];
  tradesOf: (readonly [string, HistoryTrade])[] = [];
  latest = new Map<string, number>();
  isDown = false;
  /** Never answers. */
  isSilent = false;
  /** Answers wait here until `open`. */
  isHeld = false;
  #held: (() => void)[] = [];
  barSpans: (readonly [number, number])[] = [];
  probes = 0;

  async minuteBars(
    span: { readonly symbols: readonly string[]; readonly fromUs: number; readonly toUs: number },
    take: (name: string, bars: readonly HistoryBar[]) => void,
  ): Promise<void> {
    this.barSpans.push([span.fromUs, span.toUs]);
    await this.#answer();
    for (const name of span.symbols) {
      const bars = this.bars.flatMap(([of, bar]) =>
        of === name && bar.startUs >= span.fromUs && bar.startUs < span.toUs ? [bar] : [],
      );
      if (bars.length > 0) take(name, bars);
    }
  }

  async trades(
    span: { readonly symbols: readonly string[]; readonly fromUs: number; readonly toUs: number },
    take: (name: string, trades: readonly HistoryTrade[]) => void,
  ): Promise<void> {
    await this.#answer();
    for (const name of span.symbols) {
      take(
        name,
        this.tradesOf.flatMap(([of, trade]) =>
          of === name && trade.us >= span.fromUs && trade.us < span.toUs ? [trade] : [],
        ),
      );
    }
  }

  async latestTrades(): Promise<ReadonlyMap<string, number>> {
    this.probes += 1;
    await this.#answer();
    return this.latest;
  }

  open(): void {
    this.isHeld = false;
    for (const go of this.#held) go();
  }

  async #answer(): Promise<void> {
    if (this.isHeld) await new Promise<void>((resolve) => this.#held.push(resolve));
    if (this.isSilent) await new Promise(() => {});
    if (this.isDown) throw new Error('the venue answers 503');
  }
}

/** What a stream is given in a test, and what becomes of it. */
export interface StreamRig {
  readonly time: ManualTime;
  readonly sink: RecordingSink;
  readonly history: ScriptedHistory;
  readonly alarms: string[];
  readonly healths: string[];
  readonly fatal: string[];
  readonly options: MarketOptions;
  /** Lets messages pass and time go on. */
  pass(ms: number): Promise<void>;
}

export function streamRig(venue: Pick<ScriptedVenue, 'connect' | 'settle'>, speed = 1): StreamRig {
  const time = new ManualTime(TEN_US, speed);
  const sink = new RecordingSink(NAMES);
  const history = new ScriptedHistory();
  const alarms: string[] = [];
  const healths: string[] = [];
  const fatal: string[] = [];
  const options = {
    url: 'ws://nowhere',
    directory: directoryOf(NAMES),
    sink,
    clock: time,
    timers: time,
    random: new Random(1),
    history,
    connect: venue.connect,
    onHealth: (state: string, reason: string) => healths.push(`${state} ${reason}`.trimEnd()),
    onAlarm: (reason: string) => alarms.push(reason),
    onFatal: (error: Error) => fatal.push(error.message),
  };
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 10) {
      venue.settle();
      await new Promise((resolve) => setImmediate(resolve));
      venue.settle();
      time.advance(Math.min(10, left));
    }
    venue.settle();
    await new Promise((resolve) => setImmediate(resolve));
    venue.settle();
  };
  return { time, sink, history, alarms, healths, fatal, options, pass };
}

export interface AlpacaHarness extends StreamRig {
  readonly venue: AlpacaVenue;
  readonly stream: MarketStream;
}

export function alpacaHarness(
  options: Partial<AlpacaMarketOptions> = {},
  speed = 1,
): AlpacaHarness {
  const venue = alpacaVenue();
  const rig = streamRig(venue, speed);
  const account = { keyId: 'k', secret: 's', feed: 'iex', codec: 'json' } as const;
  const stream = alpacaMarketStream({ ...rig.options, ...account, ...options });
  return { ...rig, venue, stream };
}

export interface PolygonHarness extends StreamRig {
  readonly venue: PolygonVenue;
  readonly stream: MarketStream;
}

export function polygonHarness(
  options: Partial<PolygonMarketOptions> = {},
  speed = 1,
): PolygonHarness {
  const venue = polygonVenue();
  const rig = streamRig(venue, speed);
  const account = { key: 'k', quoteSizes: 'shares' } as const;
  const stream = polygonMarketStream({ ...rig.options, ...account, ...options });
  return { ...rig, venue, stream };
}

export function ids(...symbols: readonly number[]): readonly SymbolId[] {
  return symbols.map((symbol) => symbolId(symbol));
}
