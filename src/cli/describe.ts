import { REDUCE_ONLY_REASONS } from '../domain/risk/decide-entry.ts';
import type { Signal } from '../domain/signals/signal.ts';
import { count, dollars, measure, priceText, span } from './figures.ts';

/** What facts say, in words that the screen, the report and `explain` share. */

const STRATEGY_NAMES: Readonly<Record<string, string>> = {
  mr: 'mean reversion',
  mo: 'momentum',
  risk: 'risk',
};

export function strategyName(code: string): string {
  return STRATEGY_NAMES[code] ?? code;
}

export const LAYER_NAMES = ['universe', 'liquid', 'active', 'focus'] as const;

export function layerName(layer: number): string {
  return LAYER_NAMES[layer] ?? `layer ${layer}`;
}

type Measured = Pick<Signal, 'reason' | 'value' | 'threshold'>;

/** The measure that decided, against its threshold: a time held is a length, others are numbers. */
export function signalMeasure({ reason, value, threshold }: Measured): string {
  if (reason === 'held too long') return `${span(value)} / ${span(threshold)}`;
  return `${measure(value)} / ${measure(threshold)}`;
}

type Numbers = (value: string, limit: string) => string;

interface RefusalWords {
  readonly unit: (figure: number) => string;
  readonly say: Numbers;
}

const age = (ms: number) => span(ms * 1_000);
const money = (ticks: number) => `$${dollars(ticks)}`;
const cents = (ticks: number) => `$${priceText(ticks)}`;
const bps = (value: number) => `${measure(value)} bps`;
const plain = (text: string): RefusalWords => ({ unit: count, say: () => text });

/** Every code with the unit of its two numbers (domain/risk says them). */
const REFUSALS: Readonly<Record<string, RefusalWords>> = {
  HALTED: plain('trading is halted'),
  BANNED: plain('the symbol is banned by an operator'),
  HANDS_OFF: plain('an operator keeps our hands off the symbol'),
  NO_QUOTE: plain('there is no price to go by'),
  NOT_TRADABLE: plain('the symbol is data only, or cannot be bought in whole shares'),
  SYMBOL_HALTED: plain('the exchange has halted the symbol'),
  SYMBOL_QUARANTINED: plain('the symbol is in quarantine after crashes'),
  QUOTE_STALE: { unit: age, say: (v, l) => `the quote was ${v} old, limit ${l}` },
  BAR_STALE: { unit: age, say: (v, l) => `the last bar was ${v} old, limit ${l}` },
  QUOTE_CROSSED: { unit: cents, say: (v, l) => `the bid ${v} was above the ask ${l}` },
  LIMIT_BAND: { unit: cents, say: (v, l) => `the price ${v} touched the limit band at ${l}` },
  SPREAD_WIDE: { unit: bps, say: (v, l) => `the spread was ${v}, limit ${l}` },
  MARKET_CLOSED: { unit: age, say: (v, l) => `the session had ${v} left, entries end at ${l}` },
  ORDER_OPEN: { unit: count, say: (v) => `${v} of our orders on the symbol were open` },
  POSITION_OPEN: { unit: count, say: (v) => `we held ${v} shares already` },
  NOTHING_TO_CLOSE: { unit: count, say: (v) => `${v} shares were left to close` },
  POSITIONS_MAX: { unit: count, say: (v, l) => `it would be position ${v} of at most ${l}` },
  ENTRIES_MAX: { unit: count, say: (v, l) => `it would be entry ${v} of at most ${l} a day` },
  RATE_MAX: { unit: count, say: (v, l) => `it would be order ${v} of at most ${l} a second` },
  POSITION_NOTIONAL_MAX: { unit: money, say: (v, l) => `one share makes ${v}, a position ${l}` },
  ORDER_NOTIONAL_MAX: { unit: money, say: (v, l) => `one share makes ${v}, an order ${l}` },
  SECTOR_MAX: { unit: money, say: (v, l) => `the sector would hold ${v} of at most ${l}` },
  EXPOSURE_MAX: { unit: money, say: (v, l) => `exposure would be ${v} of at most ${l}` },
  CASH_SHORT: { unit: money, say: (v, l) => `a share costs ${v}, free cash is ${l}` },
  SIZE_ZERO: { unit: money, say: (v, l) => `stop and limits leave ${v}, the least order is ${l}` },
  NOT_RECONCILED: plain('the books were not yet compared with the broker'),
  NO_SLOT: plain('the market sends no quotes of the symbol'),
  ENDING: plain('the session is being ended'),
  POLICY: plain('the policy risk.entries is stopped'),
  REDUCE_ONLY: {
    unit: (place) => REDUCE_ONLY_TEXTS[REDUCE_ONLY_REASONS[place - 1] ?? 'reconciling'],
    say: (v) => `nothing new is opened: ${v}`,
  },
};

const REDUCE_ONLY_TEXTS: Readonly<Record<(typeof REDUCE_ONLY_REASONS)[number], string>> = {
  broker: 'the broker is not up',
  journal: 'the journal is not up',
  reconciling: 'orders of an earlier life are not yet reconciled',
  market: 'the market data are not up',
};

/** Why risk said no, with the numbers that decided it. A code of another build is said as it is. */
export function refusalText(code: string, value: number, limit: number): string {
  const words = REFUSALS[code];
  if (words === undefined) return `${measure(value)}, limit ${measure(limit)}`;
  return words.say(words.unit(value), words.unit(limit));
}
