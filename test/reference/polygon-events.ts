import {
  ctaFlags,
  NO_CONDITION,
  tradeFlags,
  utpFlags,
} from '../../src/domain/market/conditions.ts';
import { exchangePlace } from '../../src/domain/market/nbbo.ts';

/** An event as plain values: what a scanner must write into the columns. */
export interface PolygonEvent {
  readonly kind: 'trade' | 'quote' | 'bar' | 'status' | 'band';
  readonly symbol: string;
  readonly us: number;
  readonly flags: number;
  readonly exchange: number;
  readonly values: readonly number[];
}

/** An id that is no number of 64 bits is hashed: which number it becomes is nobody's business. */
export const HASHED = -1;

type Message = Readonly<Record<string, unknown>>;

/**
 * What Polygon's frames mean, by JSON.parse: slow, short, and written without the scanner's tables.
 * It knows nothing of events that were told before.
 */
export function referenceOfPolygon(bytes: Uint8Array, lot = 1): readonly PolygonEvent[] {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error('not a list');
  return list.flatMap((message: unknown) => (isMessage(message) ? eventsOf(message, lot) : []));
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function eventsOf(message: Message, lot: number): readonly PolygonEvent[] {
  const symbol = message['ev'] === 'LULD' ? message['T'] : message['sym'];
  if (typeof symbol !== 'string') return [];
  switch (message['ev']) {
    case 'T':
      return tradeOf(message, symbol);
    case 'Q':
      return quoteOf(message, symbol, lot);
    case 'AM':
      return barOf(message, symbol);
    case 'LULD':
      return bandOf(message, symbol);
    default:
      return [];
  }
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function ticksOf(value: unknown): number {
  return Math.round(numberOf(value) * 10_000);
}

function isPrice(ticks: number): boolean {
  return ticks > 0 && ticks <= 9_000_000_000;
}

function isSize(size: number): boolean {
  return size >= 0 && size <= 1e9;
}

/** Milliseconds, microseconds or nanoseconds, by size. */
function usOf(value: unknown): number {
  const time = numberOf(value);
  if (time < 1e14) return Math.floor(time * 1_000);
  return Math.floor(time < 1e17 ? time : time / 1_000);
}

function isMoment(us: number): boolean {
  return us >= 0 && us <= Number.MAX_SAFE_INTEGER;
}

function idOf(value: unknown): number | undefined {
  if (typeof value === 'number') {
    const isId = Number.isInteger(value) && value >= -Number.MAX_SAFE_INTEGER && value < 2 ** 64;
    return isId ? value : undefined;
  }
  if (typeof value !== 'string') return undefined;
  const isNumber = /^(?:0|[1-9]\d{0,19})$/.test(value) && BigInt(value) < 1n << 64n;
  return isNumber ? Number(value) : HASHED;
}

const EXCHANGES = new Map(
  Object.entries({ A: 1, B: 2, C: 3, D: 4, I: 6, J: 7, K: 8, M: 9, N: 10, P: 11, T: 12 })
    .concat(Object.entries({ L: 14, V: 15, W: 16, X: 17, Y: 18, Z: 19, H: 20, U: 21 }))
    .map(([letter, number]) => [number, exchangePlace(letter.charCodeAt(0))]),
);

/** As `/v3/reference/conditions` maps them: a letter of both plans, or of CTA, or of UTP. */
const BOTH = new Map(
  [0, 7, 9, 10, 12, 13, 14, 15, 16, 20, 21, 22, 29, 30, 32, 37, 38, 41, 52, 53].map(
    (number, at) => [number, '@CX4TUFMQNHPRLZI9@V7'.charAt(at)] as const,
  ),
);
const CTA = new Map(
  [2, 3, 6, 17, 18, 19, 24, 35, 55].map((number, at) => [number, 'BEEO56KVO'.charAt(at)] as const),
);
const UTP = new Map(
  [1, 2, 4, 5, 8, 11, 23, 25, 27, 28, 31, 33, 34, 36].map(
    (number, at) => [number, 'AWBG6DKO1523SY'.charAt(at)] as const,
  ),
);

function conditionOf(value: unknown): readonly [cta: number, utp: number] {
  const number = numberOf(value);
  if ((number >= 57 && number <= 60) || (number >= 62 && number <= 71)) {
    return Number.isInteger(number) ? [NO_CONDITION, NO_CONDITION] : [4, 4];
  }
  const both = BOTH.get(number);
  const cta = both ?? CTA.get(number);
  const utp = both ?? UTP.get(number);
  const ofCta = cta === undefined ? undefined : ctaFlags(cta.charCodeAt(0));
  const ofUtp = utp === undefined ? undefined : utpFlags(utp.charCodeAt(0));
  return [ofCta ?? ofUtp ?? 4, ofUtp ?? ofCta ?? 4];
}

function flagsOf(list: unknown, tape: unknown): number {
  if (list === undefined) return tradeFlags(NO_CONDITION);
  if (!Array.isArray(list)) return 4;
  let [cta, utp] = [NO_CONDITION, NO_CONDITION];
  for (const item of list) {
    const [ofCta, ofUtp] = conditionOf(item);
    cta &= ofCta;
    utp &= ofUtp;
  }
  if (tape === 3) return tradeFlags(utp);
  return tradeFlags(tape === 1 || tape === 2 ? cta : cta & utp);
}

function tradeOf(message: Message, symbol: string): readonly PolygonEvent[] {
  const price = ticksOf(message['p']);
  const size = numberOf(message['s']);
  const us = usOf(message['t']);
  const id = idOf(message['i']);
  if (!isPrice(price) || !isSize(size) || !isMoment(us) || id === undefined) return [];
  const exchange = EXCHANGES.get(numberOf(message['x'])) ?? 0;
  const flags = flagsOf(message['c'], message['z']);
  return [event('trade', symbol, us, flags, [price, size, id], exchange)];
}

const GOOD_QUOTES = new Set([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 17, 34, 41, 42, 71, 84, 85, 86, 87, 88,
]);

function quoteOf(message: Message, symbol: string, lot: number): readonly PolygonEvent[] {
  const [bid, ask] = [ticksOf(message['bp']), ticksOf(message['ap'])];
  const [bidSize, askSize] = [numberOf(message['bs']) * lot, numberOf(message['as']) * lot];
  const us = usOf(message['t']);
  const isOffer = (ticks: number) => ticks >= 0 && ticks <= 9_000_000_000;
  if (!isOffer(bid) || !isOffer(ask) || !isSize(bidSize) || !isSize(askSize) || !isMoment(us)) {
    return [];
  }
  const { c } = message;
  const all: readonly unknown[] = c === undefined ? [] : Array.isArray(c) ? c : [c];
  const isGood = all.every((code) => GOOD_QUOTES.has(numberOf(code)));
  const bids = isGood && bid > 0 ? [bid, bidSize] : [0, 0];
  const asks = isGood && ask > 0 ? [ask, askSize] : [0, 0];
  return [event('quote', symbol, us, 3, [...bids, ...asks])];
}

function barOf(message: Message, symbol: string): readonly PolygonEvent[] {
  const prices = [message['o'], message['h'], message['l'], message['c']].map(ticksOf);
  const [, high, low] = prices;
  const volume = numberOf(message['v']);
  const us = usOf(message['s']);
  const isSpan = message['e'] === undefined || usOf(message['e']) - us === 60_000_000;
  const isWhole = high === Math.max(...prices) && low === Math.min(...prices);
  const isSound = prices.every(isPrice) && isWhole && volume >= 0 && volume <= 1e11;
  if (!isSound || !isSpan || !isMoment(us)) return [];
  return [event('bar', symbol, us, 1, [...prices, volume, 60_000_000])];
}

function bandOf(message: Message, symbol: string): readonly PolygonEvent[] {
  const [lower, upper] = [ticksOf(message['l']), ticksOf(message['h'])];
  const us = usOf(message['t']);
  if (!isMoment(us)) return [];
  const list: readonly unknown[] = Array.isArray(message['i']) ? message['i'] : [];
  const isBand = isPrice(lower) && isPrice(upper) && lower <= upper;
  const band = isBand ? [event('band', symbol, us, 0, [lower, upper])] : [];
  if (list.includes(17)) return [...band, event('status', symbol, us, 1, [])];
  if (list.includes(18)) return [...band, event('status', symbol, us, 3, [])];
  return band;
}

function event(
  kind: PolygonEvent['kind'],
  symbol: string,
  us: number,
  flags: number,
  values: readonly number[],
  exchange = 0,
): PolygonEvent {
  const six = Array.from({ length: 6 }, (_, at) => (values[at] ?? 0) + 0);
  return { kind, symbol, us: us + 0, flags, exchange, values: six };
}
