import type { Random } from '../../src/core/random.ts';
import { MS } from '../../src/core/time.ts';
import {
  CHANNEL_QUOTES,
  CHANNEL_TRADES,
  type EventBatch,
  GAP,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  STATUS,
  STATUS_HALTED,
  STATUS_TRADING,
  TRADE,
  TRADE_REGULAR,
} from '../../src/domain/market/event-batch.ts';
import type { ListedSymbol } from '../../src/ports/market-source.ts';

interface Walk {
  readonly base: number;
  mid: number;
  drift: number;
  isHalted: boolean;
}

const CENT = 100;
const SECTORS = ['energy', 'health', 'finance'] as const;

/** Prices that swing about a mean, much faster than any true market: orders come within seconds. */
export class SimMarket {
  readonly symbols: readonly ListedSymbol[];
  readonly #walks: readonly Walk[];
  readonly #random: Random;
  #trades = 0;

  constructor(random: Random) {
    this.#random = random;
    const count = 3 + random.below(3);
    this.symbols = Array.from({ length: count }, (_, place) => ({
      name: `SIM${place}`,
      assetClass: 'equity',
      sector: SECTORS[place % SECTORS.length] ?? '',
      isTradable: true,
    }));
    this.#walks = this.symbols.map(() => {
      const base = (20 + random.below(80)) * 100 * CENT;
      return { base, mid: base, drift: 0, isHalted: false };
    });
  }

  /** The events of one moment: a quote of most symbols, trades of some. */
  fill(batch: EventBatch, nowUs: number): void {
    const random = this.#random;
    const venueUs = nowUs - MS;
    this.#walks.forEach((walk, symbol) => {
      if (walk.isHalted || random.chance(0.2)) return;
      this.#move(walk);
      const half = (1 + random.below(2)) * CENT;
      const bid = Math.round((walk.mid - half) / CENT) * CENT;
      const ask = bid + 2 * half;
      const quote = batch.add(QUOTE, symbol, venueUs, QUOTE_BID | QUOTE_ASK, 0);
      batch.a[quote] = bid;
      batch.b[quote] = 100 + random.below(900);
      batch.c[quote] = ask;
      batch.d[quote] = 100 + random.below(900);
      for (let trades = random.below(4); trades > 0; trades -= 1) {
        const at = batch.add(TRADE, symbol, venueUs, TRADE_REGULAR, 1);
        batch.a[at] = random.chance(0.5) ? bid : ask;
        batch.b[at] = 100 + random.below(400);
        this.#trades += 1;
        batch.c[at] = this.#trades;
      }
    });
  }

  /** Halts a symbol, or lets it trade again if it is halted. */
  toggleHalt(batch: EventBatch, symbol: number, nowUs: number): void {
    const walk = this.#walks[symbol];
    if (walk === undefined) return;
    walk.isHalted = !walk.isHalted;
    const status = walk.isHalted ? STATUS_HALTED : STATUS_TRADING;
    batch.add(STATUS, symbol, nowUs - MS, status, 0);
  }

  get halted(): readonly number[] {
    return this.#walks.flatMap(({ isHalted }, symbol) => (isHalted ? [symbol] : []));
  }

  /** Says that frames were lost. */
  markGap(batch: EventBatch, lost: number, nowUs: number): void {
    for (const channel of [CHANNEL_TRADES, CHANNEL_QUOTES]) {
      const at = batch.add(GAP, -1, nowUs - MS, channel, 0);
      batch.a[at] = lost;
    }
  }

  #move(walk: Walk): void {
    const random = this.#random;
    walk.drift = 0.8 * walk.drift + walk.base * 0.0004 * random.normal();
    const pull = (walk.base - walk.mid) * 0.05;
    walk.mid = Math.max(walk.base / 2, walk.mid + walk.drift + pull);
  }
}
