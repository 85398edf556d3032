import { present } from '../../src/core/assert.ts';
import { Hash64 } from '../../src/core/hash.ts';
import { PRICE_SCALE } from '../../src/core/money.ts';
import { DAY } from '../../src/core/time.ts';
import { BAR_WIDTH } from '../../src/domain/indicators/indicator.ts';
import { BAR, EventBatch } from '../../src/domain/market/event-batch.ts';
import { createSeededMarket } from '../../src/venue/market/seeded-market.ts';

/** The market that `talib-2000.json` was made on; `talib-2000.md` has the facts of its making. */
export const MARKET = { seed: 20_261_120, symbols: 12, days: 6, minuteBarsOnly: true } as const;
export const SYMBOL = 2;
export const BARS = 2_000;

/** The first minute bars of one symbol of that market, in dollars, as indicators read them. */
export function seededBars(): readonly Float64Array[] {
  const market = createSeededMarket(MARKET);
  const batch = new EventBatch();
  const bars: Float64Array[] = [];
  let opensUs = Number.NaN;
  let session = -1;
  while (bars.length < BARS && market.next(batch)) {
    for (let at = 0; at < batch.count && bars.length < BARS; at += 1) {
      if (batch.kind[at] !== BAR || batch.symbol[at] !== SYMBOL) continue;
      const startUs = present(batch.venueUs[at], 'when a bar began');
      const day = Math.floor(startUs / DAY);
      // Of a core session the first minute always has its bar: the opening auction is in it.
      if (day !== session) [session, opensUs] = [day, startUs];
      const prices = [batch.a, batch.b, batch.c, batch.d].map((column) => dollars(column[at]));
      const volume = present(batch.e[at], 'volume');
      bars.push(Float64Array.of(...prices, volume, session, startUs, startUs - opensUs));
    }
  }
  return bars;
}

/** Of every bit of every bar, so that vectors are never held against another market. */
export function hashBars(bars: readonly Float64Array[]): string {
  const hash = new Hash64();
  for (const bar of bars) {
    hash.bytes(new Uint8Array(bar.buffer, bar.byteOffset, BAR_WIDTH * bar.BYTES_PER_ELEMENT));
  }
  return hash.hex();
}

function dollars(ticks: number | undefined): number {
  return present(ticks, 'a price') / PRICE_SCALE;
}
