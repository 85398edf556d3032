import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { TRADE_LAST, TRADE_VOLUME } from '../../../src/domain/market/event-batch.ts';
import type { Book, QuotedEvent } from '../../reference/quoted-market.ts';

/**
 * The measures of trades and quotes as their papers define them, over the whole list of events
 * anew for every answer. Prices in dollars, times in microseconds.
 */
export function naiveFlow(events: readonly QuotedEvent[], spanUs = MINUTE) {
  const parts = partsOf(events);
  const window = (take: (part: Part) => number) =>
    parts.length < 20 ? NaN : sum(parts.slice(-20).map(take));
  const last = parts.at(-1);
  const mine = (take: (part: Part) => number) => (last === undefined ? NaN : take(last));
  const trades = tradesOf(events);
  const within = (from: Timed, part: Part) => from.at > part.from && from.at < part.to;
  const of =
    <T extends Timed>(all: readonly T[], take: (one: T) => number) =>
    (part: Part) =>
      sum(all.filter((one) => within(one, part)).map(take));
  const quotes = quotesOf(events);
  const steps = quotes.map((quote, n) => ({ at: quote.at, e: orderFlowOf(quotes[n - 1], quote) }));
  const deep = quotes.filter(({ bid, ask }) => bid > 0 && ask > 0);
  const depth = of(deep, ({ bidSize, askSize }) => (bidSize + askSize) / 2);
  const stood = stoodOf(events);
  const met = trades.filter(({ middle }) => middle > 0);
  const later = trades.flatMap((trade) => realisedOf(events, trade));
  const shares = of(trades, (trade) => trade.shares);
  const signed = of(trades, ({ sign, shares }) => sign * shares);
  const flow = of(steps, ({ e }) => e);
  const count = of(trades, () => 1);
  const paid = ({ price, middle, shares }: Trade) =>
    (shares * 2 * Math.abs(price - middle)) / middle;
  return {
    trades: mine(count),
    volume: mine(shares),
    signedVolume: mine(signed),
    orderFlow: mine(flow),
    depth: over(mine(depth), mine(of(deep, () => 1))),
    volume20: window(shares),
    signedVolume20: window(signed),
    orderFlow20: window(flow),
    depth20: over(window(depth), window(of(deep, () => 1))),
    tradesPerMinute: over(
      window(count),
      window((part) => minutesOf(parts, part, spanUs)),
    ),
    tradeSize: over(window(shares), window(count)),
    quotedSpread:
      10_000 *
      over(window(of(stood, (one) => one.share * one.us)), window(of(stood, (one) => one.us))),
    effectiveSpread: 10_000 * over(window(of(met, paid)), window(of(met, (one) => one.shares))),
    realisedSpread:
      10_000 * over(window(of(later, (one) => one.kept)), window(of(later, (one) => one.shares))),
    kyleLambda: kyleOf(parts, signed),
    rollSpread:
      parts.length < 20
        ? NaN
        : rollOf(trades.filter((one) => parts.slice(-20).some((part) => within(one, part)))),
    vpin: vpinOf(events, trades),
  };
}

/** Of the last twenty bars that traded and were not the first of their session. */
export function naiveAmihud(events: readonly QuotedEvent[]): number {
  const bars = events.flatMap((event) => (event.kind === 'bar' ? [event.bar] : []));
  const all = bars.flatMap((bar, n) => {
    const before = bars[n - 1];
    const [close = NaN, volume = NaN] = [bar[3], bar[4]];
    if (before === undefined || before[5] !== bar[5] || volume === 0) return [];
    const change = (close - (before[3] ?? NaN)) / (before[3] ?? NaN);
    return [Math.abs(change) / (close * volume)];
  });
  return all.length < 20 ? NaN : 1e6 * (sum(all.slice(-20)) / 20);
}

/** Trades that count, and those of them whose realised spread was told. */
export function naiveCounts(events: readonly QuotedEvent[]) {
  const trades = tradesOf(events);
  const realised = trades.flatMap((trade) => realisedOf(events, trade)).length;
  return { counting: trades.length, realised };
}

export function naiveBook(events: readonly QuotedEvent[]): Book {
  const nothing = { bid: NaN, bidSize: NaN, ask: NaN, askSize: NaN };
  return quotesOf(events).at(-1) ?? nothing;
}

export function naiveMiddle({ bid, ask }: Book): number {
  return bid <= ask ? (bid + ask) / 20_000 : NaN;
}

interface Timed {
  /** Place among all events. */
  readonly at: number;
}
interface Part {
  readonly from: number;
  readonly to: number;
  readonly session: number;
  readonly startUs: number;
  readonly middle: number;
}
interface Trade extends Timed {
  readonly nowUs: number;
  readonly price: number;
  readonly shares: number;
  readonly sign: number;
  readonly middle: number;
  readonly move: number;
  readonly moveBefore: number;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function over(value: number, by: number): number {
  return by > 0 ? value / by : NaN;
}

/** What was heard from one bar to the next. */
function partsOf(events: readonly QuotedEvent[]): readonly Part[] {
  const parts: Part[] = [];
  events.forEach((event, at) => {
    if (event.kind !== 'bar') return;
    // Before the first word about the symbol nothing is known of its flow.
    if (events.slice(0, at).every(({ kind }) => kind === 'bar')) return;
    const [session = NaN, startUs = NaN] = [event.bar[5], event.bar[6]];
    const middle = naiveMiddle(naiveBook(events.slice(0, at)));
    parts.push({ from: parts.at(-1)?.to ?? -1, to: at, session, startUs, middle });
  });
  return parts;
}

function quotesOf(events: readonly QuotedEvent[]) {
  return events.flatMap((event, at) => (event.kind === 'quote' ? [{ ...event, at }] : []));
}

/** Cont, Kukanov and Stoikov 2014, page 50: the four terms of e_n, none of an absent side. */
function orderFlowOf(before: Book | undefined, now: Book): number {
  if (before === undefined) return 0;
  let e = 0;
  if (now.bid > 0 && before.bid > 0) {
    e += (now.bid >= before.bid ? now.bidSize : 0) - (now.bid <= before.bid ? before.bidSize : 0);
  }
  if (now.ask > 0 && before.ask > 0) {
    e -= (now.ask <= before.ask ? now.askSize : 0) - (now.ask >= before.ask ? before.askSize : 0);
  }
  return e;
}

function tradesOf(events: readonly QuotedEvent[]): readonly Trade[] {
  const trades: Trade[] = [];
  let [price, nowUs, move] = [NaN, NaN, NaN];
  const prices: number[] = [];
  events.forEach((event, at) => {
    if (event.kind !== 'trade') return;
    if ((event.flags & TRADE_LAST) === 0 || (event.flags & TRADE_VOLUME) === 0) return;
    const moveBefore = move;
    move = event.nowUs - nowUs <= HOUR ? event.price / 10_000 - price : NaN;
    [price, nowUs] = [event.price / 10_000, event.nowUs];
    const other = prices.findLast((one) => one !== price);
    prices.push(price);
    const middle = naiveMiddle(event);
    const tick = other === undefined ? 0 : Math.sign(price - other);
    const sign = price === middle || Number.isNaN(middle) ? tick : Math.sign(price - middle);
    trades.push({ at, nowUs, price, shares: event.shares, sign, middle, move, moveBefore });
  });
  return trades;
}

/** How long each whole book stood, up to each event that followed it. */
function stoodOf(events: readonly QuotedEvent[]) {
  const heard = events.flatMap((event, at) => (event.kind === 'bar' ? [] : [{ ...event, at }]));
  let book: Book | undefined;
  return heard.flatMap((event, n) => {
    const before = heard[n - 1];
    if (before?.kind === 'quote') book = before;
    if (before === undefined || book === undefined || !(book.bid <= book.ask)) return [];
    const us = Math.min(event.nowUs - before.nowUs, 5 * MINUTE);
    const share = (book.ask - book.bid) / ((book.ask + book.bid) / 2);
    return [{ at: event.at, us, share }];
  });
}

/** Huang and Stoll 1996, against the middle five minutes after the trade's five seconds. */
function realisedOf(events: readonly QuotedEvent[], trade: Trade) {
  if (trade.sign === 0 || Number.isNaN(trade.middle)) return [];
  const dueUs = (Math.floor(trade.nowUs / (5 * SECOND)) + 1) * 5 * SECOND + 5 * MINUTE;
  const at = events.findIndex((event) => event.kind !== 'bar' && event.nowUs >= dueUs);
  if (at < 0) return [];
  const middle = naiveMiddle(naiveBook(events.slice(0, at)));
  if (Number.isNaN(middle)) return [];
  const { shares, sign, price } = trade;
  return [{ at, shares, kept: (2 * sign * shares * (price - middle)) / trade.middle }];
}

function minutesOf(parts: readonly Part[], part: Part, spanUs: number): number {
  const before = parts[parts.indexOf(part) - 1];
  if (before?.session !== part.session) return spanUs / MINUTE;
  return (part.startUs - before.startUs) / MINUTE;
}

function kyleOf(parts: readonly Part[], signed: (part: Part) => number): number {
  if (parts.length < 20) return NaN;
  const samples = parts.flatMap((part, n) => {
    const before = parts[n - 1];
    if (n < parts.length - 20 || before?.session !== part.session) return [];
    const y = part.middle - before.middle;
    return Number.isNaN(y) ? [] : [{ x: signed(part), y }];
  });
  const n = samples.length;
  if (n < 10) return NaN;
  const [x, y] = [sum(samples.map((one) => one.x)), sum(samples.map((one) => one.y))];
  const xy = sum(samples.map((one) => one.x * one.y));
  const xx = sum(samples.map((one) => one.x * one.x));
  return over(n * xy - x * y, n * xx - x * x);
}

function rollOf(trades: readonly Trade[]): number {
  const pairs = trades.filter(({ move, moveBefore }) => !Number.isNaN(move + moveBefore));
  const [x, y] = [sum(pairs.map((one) => one.move)), sum(pairs.map((one) => one.moveBefore))];
  const n = pairs.length;
  const products = sum(pairs.map((one) => (one.move - x / n) * (one.moveBefore - y / n)));
  const covariance = over(products, n);
  return covariance >= 0 ? 0 : 2 * Math.sqrt(-covariance);
}

/** Share after share into buckets, each as large as the mean bar was when it began. */
function vpinOf(events: readonly QuotedEvent[], trades: readonly Trade[]): number {
  const full: { readonly size: number; readonly gap: number }[] = [];
  const volumes: number[] = [];
  const parts = partsOf(events);
  let [volume, next, size, filled, gap] = [0, NaN, NaN, 0, 0];
  events.forEach((event, at) => {
    if (event.kind === 'bar') {
      if (parts.some(({ to }) => to === at)) volumes.push(volume);
      volume = 0;
      const of20 = sum(volumes.slice(-20));
      if (volumes.length >= 20 && of20 > 0) next = Math.ceil(of20 / 20);
      return;
    }
    const trade = trades.find((one) => one.at === at);
    if (trade === undefined) return;
    volume += trade.shares;
    if (Number.isNaN(size)) size = next;
    for (let share = 0; share < trade.shares && size > 0; share += 1) {
      filled += 1;
      gap += trade.sign;
      if (filled < size) continue;
      full.push({ size, gap: Math.abs(gap) });
      [size, filled, gap] = [next, 0, 0];
    }
  });
  const last = full.slice(-50);
  return last.length < 50
    ? NaN
    : over(sum(last.map((one) => one.gap)), sum(last.map((one) => one.size)));
}
