import type { FeatureUnits } from './feature.ts';
import type { MarketFact, SymbolFact } from './facts.ts';

/**
 * Where raw columns come from: a machine that hears events and answers numbers. Its state lies in
 * somebody else's memory, so a checkpoint is a copy and ten thousand symbols are one block. Nothing
 * is allocated on an event, and what was not heard yet cannot be answered: a row is point in time
 * by construction.
 */
export type FeatureSource = SymbolSource | MarketSource;

interface SourceParts {
  /** Before the dot of its columns: `quote` of `quote.bid`. */
  readonly name: string;
  readonly columns: readonly ColumnDeclaration[];
  /** Raised when a column changes what it means. */
  readonly version: number;
  /** Doubles of state. */
  readonly width: number;
  /** Closed bars until every column can be a number; 0 where bars are nothing to it. */
  readonly warmupBars: number;
  reset(state: Float64Array, at: number): void;
}

/** Of one symbol, from its own events alone: `state[at .. at + width)` once for each symbol. */
export interface SymbolSource extends SourceParts {
  readonly scope: 'symbol';
  /** Its first slots are its columns: what others may read without a copy. */
  readonly areColumnsSlots?: boolean;
  /** A closed bar of its own timeframe: places as in `indicators/indicator.ts`. */
  bar?(this: void, state: Float64Array, at: number, bar: Float64Array): void;
  /** A trade that counts (places in `tick` below). */
  trade?(state: Float64Array, at: number, tick: Float64Array): void;
  /** The best quote moved (places in `tick` below). */
  quote?(state: Float64Array, at: number, tick: Float64Array): void;
  /** Something rare. */
  fact?(state: Float64Array, at: number, fact: SymbolFact): void;
  /** Writes its columns to `out[outAt ..]`, in their order; NaN where there is none. */
  read(state: Float64Array, at: number, nowUs: number, out: Float64Array, outAt: number): void;
}

/**
 * Of all symbols together, and of a symbol against the others: one block of state for the market,
 * which may hold a row for each symbol.
 */
export interface MarketSource extends SourceParts {
  readonly scope: 'market';
  /** A closed bar of any symbol, of its own timeframe. */
  bar?(state: Float64Array, at: number, bar: Float64Array, who: Member): void;
  /** Something rare. */
  fact?(state: Float64Array, at: number, fact: MarketFact): void;
  /** Writes its columns as they are for that symbol; NaN where there is none. */
  read(
    state: Float64Array,
    at: number,
    nowUs: number,
    out: Float64Array,
    outAt: number,
    who: Member,
  ): void;
}

/** A symbol as the market knows it. */
export interface Member {
  /** Row of the symbol, below `symbolsMax`. */
  readonly symbol: number;
  /** Place in SECTORS, or -1. */
  readonly sector: number;
  /** Place in BENCHMARKS, or -1. */
  readonly benchmark: number;
}

export interface ColumnDeclaration {
  readonly name: string;
  /** Prices are told in dollars, as bars have them; ticks come in ten-thousandths. */
  readonly units: FeatureUnits;
  readonly tells: string;
  /** Closed bars until it can be a number; left out: as many as its source waits for. */
  readonly bars?: number;
}

/** Places in the small array that carries a trade or a quote: single numbers would be boxed. */
export const TICK_VENUE_US = 0;
/** When we received it. */
export const TICK_NOW_US = 1;
/** Of a trade: price in ten-thousandths, shares, TRADE_* flags of market/event-batch.ts. */
export const TICK_PRICE = 2;
export const TICK_SIZE = 3;
export const TICK_FLAGS = 4;
/** The best quote after it moved, or as it stood at a trade, priced alike; NaN: no such side. */
export const TICK_BID = 5;
export const TICK_BID_SIZE = 6;
export const TICK_ASK = 7;
export const TICK_ASK_SIZE = 8;
export const TICK_WIDTH = 9;

export const SECTORS = [
  { name: 'Materials', fund: 'XLB' },
  { name: 'Communication Services', fund: 'XLC' },
  { name: 'Energy', fund: 'XLE' },
  { name: 'Financials', fund: 'XLF' },
  { name: 'Industrials', fund: 'XLI' },
  { name: 'Information Technology', fund: 'XLK' },
  { name: 'Consumer Staples', fund: 'XLP' },
  { name: 'Real Estate', fund: 'XLRE' },
  { name: 'Utilities', fund: 'XLU' },
  { name: 'Health Care', fund: 'XLV' },
  { name: 'Consumer Discretionary', fund: 'XLY' },
] as const;

/** A fund that symbols are compared with. Where the data have none of it, nothing is. */
export interface Benchmark {
  readonly fund: string;
  /** In the names of features: `betaSpy60`, `betaDollar60`. */
  readonly label: string;
  /** `stocks`: a broad index of them; `macro`: currencies, bonds, credit, gold. */
  readonly role: 'stocks' | 'sector' | 'macro';
  /** What it is, inside a sentence. */
  readonly tells: string;
}

const benchmark = (fund: string, label: string, role: Benchmark['role'], tells: string) => ({
  fund,
  label,
  role,
  tells,
});

/** A member's `benchmark` is its place here: a fund more goes to the end. */
export const BENCHMARKS: readonly Benchmark[] = [
  benchmark('SPY', 'Spy', 'stocks', 'the S&P 500'),
  benchmark('QQQ', 'Qqq', 'stocks', 'the Nasdaq 100'),
  benchmark('IWM', 'Iwm', 'stocks', 'the Russell 2000'),
  ...SECTORS.map(({ name, fund }) => benchmark(fund, fund, 'sector', `the sector ${name}`)),
  benchmark('UUP', 'Dollar', 'macro', 'the US dollar against other currencies'),
  benchmark('FXE', 'Euro', 'macro', 'the euro in dollars'),
  benchmark('FXY', 'Yen', 'macro', 'the yen in dollars'),
  benchmark('TLT', 'Bonds', 'macro', 'US government bonds of 20 years and more'),
  benchmark('HYG', 'Credit', 'macro', 'US company bonds of high yield'),
  benchmark('GLD', 'Gold', 'macro', 'gold'),
];
