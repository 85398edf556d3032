import type { Random } from '../../core/random.ts';
import { TRADE_EXTENDED } from '../../domain/market/conditions.ts';
import {
  BAND,
  CORRECTION,
  type EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  STATUS,
  TRADE,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../../domain/market/event-batch.ts';
import {
  BAND_STEP,
  BAND_TIER_1,
  BAND_TIER_2,
  CORRECTED_CHANCE,
  EXTENDED_SPREAD,
  SUSPICIOUS_CHANCE,
} from './market-model.ts';
import type { PriceField } from './price-field.ts';
import type { SeededUniverse } from './seeded-universe.ts';
import { CENT, drawTradeSize, LOT, wholeCents, wholeLots } from './trade-size.ts';

/** Writes what is seen of the true prices: quotes, prints, bands, corrections. */
export class MarketTape {
  /** Whether the core session is on. Outside, prints count as volume only (form T). */
  isCore = false;
  /** Width of spreads and of bands at this hour. The session sets them. */
  hourSpread = 1;
  hourBand = 1;
  readonly #universe: SeededUniverse;
  readonly #field: PriceField;
  readonly #random: Random;
  readonly #bid: Float64Array;
  readonly #ask: Float64Array;
  readonly #reference: Float64Array;
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  readonly #corrections = new PendingCorrections();
  #tradeId = 0;

  constructor(universe: SeededUniverse, field: PriceField, random: Random) {
    const size = universe.symbols.length;
    this.#universe = universe;
    this.#field = field;
    this.#random = random;
    this.#bid = new Float64Array(size);
    this.#ask = new Float64Array(size);
    this.#reference = new Float64Array(size);
    this.#lower = new Float64Array(size);
    this.#upper = new Float64Array(size);
    this.forget();
  }

  /** No quotes, no bands: a day begins or the core session ends. */
  forget(): void {
    this.#bid.fill(0);
    this.#ask.fill(0);
    this.#lower.fill(0);
    this.#upper.fill(Number.POSITIVE_INFINITY);
    this.#corrections.count = 0;
  }

  hasQuote(symbol: number): boolean {
    return (this.#bid[symbol] ?? 0) > 0;
  }

  /** Whole cents around the true price, within the bands, at least one cent wide. */
  quote(batch: EventBatch, symbol: number, us: number): void {
    const price = this.#field.price(symbol);
    const spread = this.spread(symbol, price);
    const room = spread / 2;
    const lower = (this.#lower[symbol] ?? 0) + room;
    const middle = Math.max(lower, Math.min((this.#upper[symbol] ?? 0) - room, price));
    const bid = Math.max(1, Math.round((middle - room) / CENT)) * CENT;
    const ask = bid + spread;
    this.#bid[symbol] = bid;
    this.#ask[symbol] = ask;
    const at = batch.add(QUOTE, symbol, us, QUOTE_BID | QUOTE_ASK, CONSOLIDATED);
    batch.a[at] = bid;
    batch.b[at] = LOT * (1 + this.#random.below(QUOTE_LOTS_MAX));
    batch.c[at] = ask;
    batch.d[at] = LOT * (1 + this.#random.below(QUOTE_LOTS_MAX));
  }

  /** In ten-thousandths, whole cents. */
  spread(symbol: number, price: number): number {
    const hour = this.isCore ? this.hourSpread : EXTENDED_SPREAD;
    const bps = (this.#universe.spreadBps[symbol] ?? 0) * hour * (this.#field.strain[symbol] ?? 1);
    return Math.max(1, Math.round((price * bps) / BPS / CENT)) * CENT;
  }

  /**
   * Somebody crosses the standing quote, more likely on the side to which the true price has
   * moved. Answers the slot of a correction to come, or -1.
   */
  trade(batch: EventBatch, symbol: number, us: number): number {
    const random = this.#random;
    const bid = this.#bid[symbol] ?? 0;
    const ask = this.#ask[symbol] ?? 0;
    const spread = ask - bid;
    const lean = (this.#field.price(symbol) - (bid + ask) / 2) / spread;
    const isBuy = random.unit() < 0.5 + Math.max(-0.45, Math.min(0.45, lean));
    let price = isBuy ? ask : bid;
    if (spread > CENT && random.chance(IMPROVED_SHARE)) {
      const better = CENT * random.below(spread / CENT);
      price = isBuy ? ask - better : bid + better;
    }
    const size = drawTradeSize(random);
    let flags = TRADE_VOLUME; // An odd lot.
    if (size >= LOT) flags = this.isCore ? TRADE_REGULAR : TRADE_VOLUME | TRADE_EXTENDED;
    const luck = random.unit();
    if (luck < SUSPICIOUS_CHANCE) {
      flags |= TRADE_SUSPICIOUS;
      price = awayFrom(price, random);
    }
    const exchange = 1 + random.below(EXCHANGES);
    this.#print(batch, symbol, us, flags, exchange, price, size);
    if (luck < 1 - CORRECTED_CHANCE || !this.isCore) return -1;
    return this.#corrections.add(exchange, flags, us, price, size);
  }

  /** An auction at the true price. */
  cross(batch: EventBatch, symbol: number, us: number, shares: number): void {
    const price = Math.max(
      this.#lower[symbol] ?? 0,
      Math.min(this.#upper[symbol] ?? 0, wholeCents(this.#field.price(symbol))),
    );
    this.#print(batch, symbol, us, TRADE_REGULAR, PRIMARY, price, wholeLots(shares));
  }

  /** Half of the corrections change the size, half take the trade back. */
  correct(batch: EventBatch, symbol: number, us: number, slot: number): void {
    const pending = this.#corrections;
    const size = pending.size[slot] ?? 0;
    const keeps = size > 1 && this.#random.chance(0.5);
    const at = batch.add(
      CORRECTION,
      symbol,
      us,
      pending.flags[slot] ?? 0,
      pending.exchange[slot] ?? 0,
    );
    batch.a[at] = pending.price[slot] ?? 0;
    batch.b[at] = size;
    if (keeps) {
      batch.c[at] = pending.price[slot] ?? 0;
      batch.d[at] = 1 + this.#random.below(size - 1);
    }
    batch.f[at] = pending.atUs[slot] ?? 0;
  }

  /** New bands around the true price. */
  band(batch: EventBatch, symbol: number, us: number): void {
    const price = this.#field.price(symbol);
    const isLiquid = (this.#universe.liquidity[symbol] ?? 0) >= 1;
    const share = (isLiquid ? BAND_TIER_1 : BAND_TIER_2) * this.hourBand;
    this.#reference[symbol] = price;
    this.#lower[symbol] = Math.ceil((price * (1 - share)) / CENT) * CENT;
    this.#upper[symbol] = Math.floor((price * (1 + share)) / CENT) * CENT;
    const at = batch.add(BAND, symbol, us, 0, PRIMARY);
    batch.a[at] = this.#lower[symbol] ?? 0;
    batch.b[at] = this.#upper[symbol] ?? 0;
  }

  /** Whether the true price has left the bands, or moved enough for new ones. */
  bandState(symbol: number): 'outside' | 'stale' | 'good' {
    const price = this.#field.price(symbol);
    if (price < (this.#lower[symbol] ?? 0) || price > (this.#upper[symbol] ?? 0)) return 'outside';
    const away = Math.abs(price / (this.#reference[symbol] ?? price) - 1);
    return away >= BAND_STEP ? 'stale' : 'good';
  }

  status(batch: EventBatch, symbol: number, us: number, status: number): void {
    batch.add(STATUS, symbol, us, status, PRIMARY);
    this.#bid[symbol] = 0;
    this.#ask[symbol] = 0;
  }

  #print(
    batch: EventBatch,
    symbol: number,
    us: number,
    flags: number,
    exchange: number,
    price: number,
    size: number,
  ): void {
    this.#tradeId += 1;
    const at = batch.add(TRADE, symbol, us, flags, exchange);
    batch.a[at] = price;
    batch.b[at] = size;
    batch.c[at] = this.#tradeId;
  }
}

/** Trades that will be corrected, until they are. A full day brings about a hundred. */
class PendingCorrections {
  count = 0;
  readonly exchange = new Uint8Array(CORRECTIONS_MAX);
  readonly flags = new Uint16Array(CORRECTIONS_MAX);
  readonly atUs = new Float64Array(CORRECTIONS_MAX);
  readonly price = new Float64Array(CORRECTIONS_MAX);
  readonly size = new Float64Array(CORRECTIONS_MAX);

  /** Answers -1 where no more fit in one day. */
  add(exchange: number, flags: number, us: number, price: number, size: number): number {
    const at = this.count;
    if (at >= CORRECTIONS_MAX) return -1;
    this.count = at + 1;
    this.exchange[at] = exchange;
    this.flags[at] = flags;
    this.atUs[at] = us;
    this.price[at] = price;
    this.size[at] = size;
    return at;
  }
}

const BPS = 10_000;
const CONSOLIDATED = 0;
const PRIMARY = 1;
const EXCHANGES = 8;
const QUOTE_LOTS_MAX = 12;
const IMPROVED_SHARE = 0.2;
const CORRECTIONS_MAX = 8_192;

/** 3 to 10 % off, as misprints are. */
function awayFrom(price: number, random: Random): number {
  const share = 0.03 + 0.07 * random.unit();
  return wholeCents(price * (random.chance(0.5) ? 1 + share : 1 - share));
}
