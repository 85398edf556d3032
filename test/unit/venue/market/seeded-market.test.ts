import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../../src/core/bytes.ts';
import { Hash64 } from '../../../../src/core/hash.ts';
import { MINUTE, SECOND } from '../../../../src/core/time.ts';
import { tradingDay } from '../../../../src/domain/market/calendar.ts';
import {
  BAND,
  BAR,
  CORRECTION,
  EventBatch,
  QUOTE,
  STATUS,
  STATUS_HALTED,
  STATUS_QUOTING,
  STATUS_TRADING,
  TRADE,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../../../../src/domain/market/event-batch.ts';
import { writeEvents } from '../../../../src/domain/market/event-codec.ts';
import type { MarketSource } from '../../../../src/ports/market-source.ts';
import { createSeededMarket } from '../../../../src/venue/market/seeded-market.ts';
import type { SeededMarketOptions } from '../../../../src/venue/market/seeded-options.ts';

const SEED = 7;
const SMALL: SeededMarketOptions = { seed: SEED, symbols: 24, tradesPerDay: 800 };
const DAY = tradingDay(20240603) ?? expect.fail('20240603 is a trading day');

type Visit = (batch: EventBatch, at: number, frameUs: number) => void;

/** Shows every event with the time of its frame. */
function run(market: MarketSource, visit: Visit, batch = new EventBatch(), calls = Infinity): void {
  for (let call = 0; call < calls && market.next(batch); call += 1) {
    for (let frame = 0; frame < batch.frames; frame += 1) {
      const end = batch.frameEnd[frame] ?? 0;
      for (let at = batch.frameBegin(frame); at < end; at += 1) {
        visit(batch, at, batch.frameUs[frame] ?? 0);
      }
    }
  }
}

/** Over every column of every event and every frame, however they were cut into batches. */
function fingerprint(market: MarketSource, batch = new EventBatch()): string {
  const hash = new Hash64();
  const writer = new ByteWriter();
  while (market.next(batch)) {
    for (let frame = 0; frame < batch.frames; frame += 1) {
      writer.reset();
      writeEvents(writer, batch, frame, frame + 1);
      hash.bytes(writer.view());
    }
  }
  return hash.hex();
}

describe('a seeded market', () => {
  it('is the same bytes again, however the batches are cut', () => {
    const once = fingerprint(createSeededMarket(SMALL));

    expect(fingerprint(createSeededMarket(SMALL), new EventBatch(256, 3))).toBe(once);
    expect(fingerprint(createSeededMarket({ ...SMALL, seed: SEED + 1 }))).not.toBe(once);
  });

  it('never goes back in time, and a frame holds nothing from after it', () => {
    let previous = 0;
    let frames = 0;
    run(createSeededMarket({ ...SMALL, days: 2 }), (batch, at, frameUs) => {
      const venueUs = batch.venueUs[at] ?? 0;
      if (frameUs < previous) expect.fail(`seed ${SEED}: frame ${frameUs} after ${previous}`);
      if (venueUs > frameUs || venueUs < frameUs - 5_000) {
        if (batch.kind[at] !== BAR) expect.fail(`seed ${SEED}: ${venueUs} in frame ${frameUs}`);
      }
      frames += frameUs > previous ? 1 : 0;
      previous = frameUs;
    });

    expect(frames).toBeGreaterThan(10_000);
    expect(previous).toBeGreaterThan(DAY.postUs);
  });

  it('quotes and prints whole positive cents, bid below ask, prints at or inside the quote', () => {
    const bid = new Float64Array(32);
    const ask = new Float64Array(32);
    let inside = 0;
    let auctions = 0;
    run(createSeededMarket(SMALL), (batch, at) => {
      const symbol = batch.symbol[at] ?? 0;
      const price = batch.a[at] ?? 0;
      if (batch.kind[at] === QUOTE) {
        const other = batch.c[at] ?? 0;
        if (price < 100 || other <= price) expect.fail(`seed ${SEED}: quote ${price} x ${other}`);
        if (price % 100 !== 0 || other % 100 !== 0) expect.fail(`seed ${SEED}: ${price} ${other}`);
        bid[symbol] = price;
        ask[symbol] = other;
      }
      if (batch.kind[at] !== TRADE) return;
      if (price < 100 || price % 100 !== 0) expect.fail(`seed ${SEED}: print at ${price}`);
      if (((batch.flags[at] ?? 0) & TRADE_SUSPICIOUS) !== 0) return;
      if (price >= (bid[symbol] ?? 0) && price <= (ask[symbol] ?? 0)) inside += 1;
      else auctions += 1;
    });

    expect(inside).toBeGreaterThan(10_000);
    // Only closing auctions meet at the true price instead of the standing quote.
    expect(auctions).toBeLessThanOrEqual(26);
  });

  it('leaves the columns zero that a kind does not use', () => {
    const batch = new EventBatch();
    for (const column of [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f]) column.fill(9);
    const used: Readonly<Record<number, string>> = {
      [TRADE]: 'abc',
      [QUOTE]: 'abcd',
      [BAR]: 'abcdef',
      [STATUS]: '',
      [BAND]: 'ab',
      [CORRECTION]: 'abcdf',
    };
    const visit: Visit = (_, at) => {
      const columns = used[batch.kind[at] ?? 0] ?? expect.fail('an unknown kind');
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f'] as const) {
        const value = batch[name][at] ?? 0;
        if (!columns.includes(name) && value !== 0) expect.fail(`${batch.kind[at]} uses ${name}`);
      }
    };
    run(createSeededMarket({ ...SMALL, tradesPerDay: 3_000 }), visit, batch);
  });

  it('trades most at both ends of the day, and most of all in the auctions', () => {
    const volume = new Float64Array(13);
    let auctions = 0;
    run(createSeededMarket({ ...SMALL, extendedHours: false }), (batch, at) => {
      if (batch.kind[at] !== TRADE) return;
      const halfHour = Math.floor(((batch.venueUs[at] ?? 0) - DAY.openUs) / (30 * MINUTE));
      if ((batch.b[at] ?? 0) > 12_000) auctions += 1;
      else volume[halfHour] = (volume[halfHour] ?? 0) + (batch.b[at] ?? 0);
    });

    expect(volume[0]).toBeGreaterThan(1.5 * (volume[6] ?? 0));
    expect(volume[12]).toBeGreaterThan(1.5 * (volume[6] ?? 0));
    expect(auctions).toBeGreaterThan(0);
  });

  it('halts a symbol by status, with nothing in between but the news that quotes return', () => {
    const halted = new Set<number>();
    const seen: number[] = [];
    run(createSeededMarket({ ...SMALL, symbols: 200, tradesPerDay: 100 }), (batch, at) => {
      const symbol = batch.symbol[at] ?? 0;
      const kind = batch.kind[at];
      if (kind !== STATUS) {
        if ((kind === TRADE || kind === QUOTE) && halted.has(symbol)) {
          expect.fail(`seed ${SEED}: symbol ${symbol} is halted and has an event ${kind}`);
        }
        return;
      }
      const status = batch.flags[at] ?? 0;
      seen.push(status);
      if (status === STATUS_HALTED) halted.add(symbol);
      else if (!halted.has(symbol)) expect.fail(`seed ${SEED}: ${symbol} was not halted`);
      if (status === STATUS_TRADING) halted.delete(symbol);
    });

    expect(halted.size).toBe(0);
    expect(seen.filter((status) => status === STATUS_HALTED).length).toBeGreaterThan(0);
    expect(seen.filter((status) => status === STATUS_QUOTING).length).toBe(seen.length / 3);
  });

  it('marks odd lots as volume only, and has a few doubtful and corrected prints', () => {
    let odd = 0;
    let doubtful = 0;
    const corrected: number[][] = [];
    const prints = new Set<string>();
    const market = createSeededMarket({ ...SMALL, tradesPerDay: 4_000, extendedHours: false });
    run(market, (batch, at) => {
      const symbol = batch.symbol[at] ?? 0;
      const flags = batch.flags[at] ?? 0;
      const [price = 0, size = 0] = [batch.a[at], batch.b[at]];
      if (batch.kind[at] === CORRECTION) {
        corrected.push([symbol, batch.f[at] ?? 0, price, size]);
        expect(batch.d[at] ?? 0).toBeLessThan(size);
      }
      if (batch.kind[at] !== TRADE) return;
      prints.add([symbol, batch.venueUs[at], price, size].join());
      if ((flags & TRADE_SUSPICIOUS) !== 0) doubtful += 1;
      else if (flags !== (size < 100 ? TRADE_VOLUME : TRADE_REGULAR)) {
        expect.fail(`seed ${SEED}: ${size} shares with the flags ${flags}`);
      }
      odd += size < 100 ? 1 : 0;
    });

    expect(odd / prints.size).toBeCloseTo(0.3, 1);
    expect(doubtful).toBeGreaterThan(2);
    expect(doubtful).toBeLessThan(40);
    expect(corrected.length).toBeGreaterThan(2);
    expect(corrected.filter((row) => !prints.has(row.join()))).toEqual([]);
  });

  it('keeps quotes and prints of the core session within bands, and halts what leaves them', () => {
    const seed = 1; // A story drives two symbols out of their bands here.
    const lower = new Float64Array(256);
    const upper = new Float64Array(256);
    let bands = 0;
    let halts = 0;
    const market = createSeededMarket({
      seed,
      symbols: 200,
      tradesPerDay: 150,
      extendedHours: false,
    });
    run(market, (batch, at) => {
      const symbol = batch.symbol[at] ?? 0;
      const kind = batch.kind[at];
      const low = batch.a[at] ?? 0;
      const high = (kind === QUOTE ? batch.c[at] : low) ?? 0;
      if (kind === STATUS && batch.flags[at] === STATUS_HALTED) halts += 1;
      if (kind === BAND) {
        bands += 1;
        lower[symbol] = low;
        upper[symbol] = batch.b[at] ?? 0;
      }
      const isDoubted = kind === TRADE && ((batch.flags[at] ?? 0) & TRADE_SUSPICIOUS) !== 0;
      if ((kind !== TRADE && kind !== QUOTE) || isDoubted) return;
      if (low < (lower[symbol] ?? 0) || high > (upper[symbol] ?? 0)) {
        expect.fail(`seed ${seed}: ${low}, ${high} outside ${lower[symbol]} .. ${upper[symbol]}`);
      }
    });

    expect(bands).toBeGreaterThan(400);
    // One is planned.
    expect(halts).toBe(3);
  });

  it('starts ten thousand symbols', () => {
    const market = createSeededMarket({ seed: SEED, symbols: 10_000, extendedHours: false });
    const opened = new Set<number>();
    let lastUs = 0;
    run(
      market,
      (batch, at, frameUs) => {
        if (batch.kind[at] === TRADE) opened.add(batch.symbol[at] ?? 0);
        lastUs = frameUs;
      },
      new EventBatch(),
      100,
    );

    expect(market.symbols.length).toBe(10_003);
    expect(opened.size).toBe(10_002);
    expect(lastUs - DAY.openUs).toBeGreaterThan(2 * SECOND);
  });
});

describe('the calendar of a seeded market', () => {
  it('has the edges of each day and its news, in time order', () => {
    const { calendar, symbols } = createSeededMarket({ ...SMALL, days: 2 });
    const phases = calendar.flatMap(({ atUs, input }) =>
      input.kind === 'sessionChanged' ? [[input.date, input.phase, atUs]] : [],
    );
    const times = calendar.map(({ atUs }) => atUs);
    const news = calendar.flatMap(({ input }) => (input.kind === 'newsArrived' ? [input] : []));

    expect(phases.slice(0, 4)).toEqual([
      [20240603, 'pre', DAY.preUs],
      [20240603, 'core', DAY.openUs],
      [20240603, 'post', DAY.closeUs],
      [20240603, 'closed', DAY.postUs],
    ]);
    expect(phases.length).toBe(8);
    expect(times).toEqual(times.toSorted((left, right) => left - right));
    expect(news.length).toBeGreaterThan(0);
    expect(new Set(news.map(({ newsId }) => newsId)).size).toBe(news.length);
    for (const { symbols: named, headline } of news) {
      expect(headline).toContain(symbols[named[0] ?? -1]?.name);
    }
  });

  it('lets a story move its symbol', () => {
    const market = createSeededMarket({ seed: SEED, symbols: 400, minuteBarsOnly: true });
    const news = market.calendar.flatMap(({ atUs, input }) =>
      input.kind === 'newsArrived' && atUs > DAY.openUs + 5 * MINUTE ? [input] : [],
    );
    const closes = new Map<string, number>();
    let moves = 0;
    let count = 0;
    run(market, (batch, at) => {
      if (batch.kind[at] !== BAR) return;
      const minute = Math.floor(((batch.venueUs[at] ?? 0) - DAY.openUs) / MINUTE);
      closes.set(`${batch.symbol[at]}/${minute}`, batch.d[at] ?? 0);
    });
    const move = (symbol: number, minute: number) => {
      const before = closes.get(`${symbol}/${minute - 1}`) ?? Number.NaN;
      const after = closes.get(`${symbol}/${minute + 1}`) ?? Number.NaN;
      return Math.abs(after / before - 1);
    };
    let other = 0;
    for (const { symbols, venueUs } of news) {
      const symbol = symbols[0] ?? 0;
      const minute = Math.floor((venueUs - DAY.openUs) / MINUTE);
      const difference = move(symbol, minute) - move((symbol + 11) % 400, minute);
      if (Number.isNaN(difference)) continue;
      moves += move(symbol, minute);
      other += move((symbol + 11) % 400, minute);
      count += 1;
    }

    expect(count).toBeGreaterThan(4);
    expect(moves).toBeGreaterThan(3 * other);
  });
});

describe('minute bars of a seeded market', () => {
  const SYMBOLS = 110;
  const BARS = { seed: SEED, symbols: SYMBOLS, minuteBarsOnly: true, tradesPerDay: 4_000 };

  it('are bars alone, sound, and an index without volume', () => {
    let bars = 0;
    run(createSeededMarket(BARS), (batch, at) => {
      if (batch.kind[at] === STATUS) return;
      if (batch.kind[at] !== BAR) expect.fail(`seed ${SEED}: an event ${batch.kind[at]}`);
      const { a, b, c, d, e, f } = batch;
      const [open = 0, high = 0, low = 0] = [a[at], b[at], c[at]];
      const close = d[at] ?? 0;
      if (low <= 0 || low > Math.min(open, close) || high < Math.max(open, close)) {
        expect.fail(`seed ${SEED}: bar ${open} ${high} ${low} ${close}`);
      }
      if ((e[at] ?? 0) > 0 === (batch.symbol[at] === SYMBOLS + 2)) {
        expect.fail(`seed ${SEED}: symbol ${batch.symbol[at]} has the volume ${e[at]}`);
      }
      if (f[at] !== MINUTE) expect.fail(`seed ${SEED}: a span of ${f[at]}`);
      bars += 1;
    });

    expect(bars).toBeGreaterThan(380 * SYMBOLS * 0.9);
  });

  it('move together within a sector more than across sectors', () => {
    const market = createSeededMarket(BARS);
    const minutes = 78;
    const closes = new Float64Array(SYMBOLS * minutes);
    run(market, (batch, at) => {
      const symbol = batch.symbol[at] ?? 0;
      if (batch.kind[at] !== BAR || symbol >= SYMBOLS) return;
      // Every fifth minute, the last of them counts.
      const place = Math.floor(((batch.venueUs[at] ?? 0) - DAY.openUs) / (5 * MINUTE));
      for (let later = place; later < minutes; later += 1) {
        closes[symbol * minutes + later] = batch.d[at] ?? 0;
      }
    });
    const same: number[] = [];
    const cross: number[] = [];
    for (let left = 0; left < SYMBOLS; left += 1) {
      for (let right = left + 1; right < SYMBOLS; right += 1) {
        const value = correlation(closes, left * minutes, right * minutes, minutes);
        const isSame = market.symbols[left]?.sector === market.symbols[right]?.sector;
        (isSame ? same : cross).push(value);
      }
    }

    expect(mean(cross)).toBeGreaterThan(0.05);
    expect(mean(same)).toBeGreaterThan(mean(cross) + 0.05);
  });
});

function correlation(prices: Float64Array, left: number, right: number, count: number): number {
  let [sumLeft, sumRight, products, squaresLeft, squaresRight] = [0, 0, 0, 0, 0];
  for (let at = 1; at < count; at += 1) {
    const x = (prices[left + at] ?? 0) / (prices[left + at - 1] ?? 1) - 1;
    const y = (prices[right + at] ?? 0) / (prices[right + at - 1] ?? 1) - 1;
    sumLeft += x;
    sumRight += y;
    products += x * y;
    squaresLeft += x * x;
    squaresRight += y * y;
  }
  const n = count - 1;
  const covariance = products / n - (sumLeft / n) * (sumRight / n);
  const varianceLeft = squaresLeft / n - (sumLeft / n) ** 2;
  return covariance / Math.sqrt(varianceLeft * (squaresRight / n - (sumRight / n) ** 2));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
