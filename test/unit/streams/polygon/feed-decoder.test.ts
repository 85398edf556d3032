import { describe, expect, it } from 'vitest';
import { symbolId } from '../../../../src/core/ids.ts';
import {
  BAND,
  BAR_FINAL,
  BAR_UPDATED,
  EventBatch,
  STATUS,
  STATUS_HALTED,
  STATUS_TRADING,
} from '../../../../src/domain/market/event-batch.ts';
import {
  PolygonDecoder,
  type PolygonDecoderOptions,
} from '../../../../src/streams/polygon/feed-decoder.ts';

const NAMES = ['AAPL', 'XYZ'];
const MS = 1_795_100_645_120;
const MINUTE_MS = 1_795_100_640_000;

function decoderOf(options: Partial<PolygonDecoderOptions> = {}) {
  const words: unknown[] = [];
  const decoder = new PolygonDecoder({
    directory: {
      size: NAMES.length,
      idOf: (name) => (NAMES.includes(name) ? symbolId(NAMES.indexOf(name)) : undefined),
      nameOf: (symbol) => NAMES[symbol] ?? '',
    },
    tradesMax: 64,
    quoteSizes: 'shares',
    onMessage: (message) => words.push(message),
    ...options,
  });
  const batch = new EventBatch(64, 4);
  const hear = (...messages: readonly unknown[]) => {
    batch.clear();
    decoder.begin(new TextEncoder().encode(JSON.stringify(messages))).next(batch);
    return batch.count;
  };
  return { decoder, batch, hear, words };
}

const trade = (more: object = {}) => ({
  ev: 'T',
  sym: 'AAPL',
  x: 11,
  i: '52983',
  z: 3,
  p: 231.405,
  s: 60,
  t: MS,
  ...more,
});
const bar = (more: object = {}) => ({
  ev: 'AM',
  sym: 'AAPL',
  v: 48_211,
  o: 231.3,
  c: 231.41,
  h: 231.5,
  l: 231.2,
  s: MINUTE_MS,
  e: MINUTE_MS + 60_000,
  ...more,
});
const band = (more: object = {}) => ({ ev: 'LULD', T: 'XYZ', h: 12.61, l: 10.31, t: MS, ...more });

describe('trades of Polygon', () => {
  it('D7 count once when they are told again, at once, later, and over REST', () => {
    const { decoder, batch, hear } = decoderOf();
    expect(hear(trade(), trade())).toBe(1);
    expect(hear(trade({ i: '52984', t: MS + 5_000 }))).toBe(1);
    expect(hear(trade())).toBe(0);
    batch.clear();
    // REST knows the microseconds that the stream has cut.
    const { x, z, ...rest } = { x: '11', z: '3', price: 231.405, size: 60, conditions: ['37'] };
    const fetched = { us: MS * 1_000 + 334, id: '52983', exchange: x, tape: z, ...rest };
    decoder.writeTrade(symbolId(0), fetched, batch);
    expect(batch.count).toBe(0);
    decoder.writeTrade(symbolId(0), { ...fetched, id: '52982' }, batch);
    expect([batch.count, batch.a[0], batch.flags[0], batch.exchange[0]]).toEqual([
      1, 2_314_050, 4, 13,
    ]);
    expect(decoder.counts.duplicates).toBe(3);
  });

  it('D7 count once when REST was first and the stream cuts the time', () => {
    const { decoder, batch, hear } = decoderOf();
    const fetched = { us: MS * 1_000 + 334, price: 231.405, size: 60, id: '52983', conditions: [] };
    decoder.writeTrade(symbolId(0), { ...fetched, exchange: '11', tape: '3' }, batch);
    expect(batch.count).toBe(1);
    expect(hear(trade())).toBe(0);
    expect(decoder.counts.duplicates).toBe(1);
  });

  it('D8 are taken out of order, and counted', () => {
    const { decoder, hear } = decoderOf();
    expect(hear(trade({ t: MS + 10 }), trade({ i: '1' }))).toBe(2);
    expect(decoder.counts.outOfOrder).toBe(1);
    expect(decoder.tradeUsOf(0)).toBe((MS + 10) * 1_000);
  });

  it('E3 tolerate codes that we do not know, and count them', () => {
    const { decoder, batch, hear } = decoderOf();
    expect(hear(trade({ x: 99, c: [14, 98] }), { ev: 'ZZ' }, { sym: 'AAPL' }, 7)).toBe(1);
    expect([batch.flags[0], batch.exchange[0]]).toEqual([4, 0]);
    const { unknownCodes, unknownKinds, malformed } = decoder.counts;
    expect([unknownCodes, unknownKinds, malformed]).toEqual([2, 2, 1]);
    expect(hear(trade({ sym: 'NONE' }), { ev: 'NOI', T: 'XYZ' }, { ev: 'FMV' })).toBe(0);
    expect([decoder.counts.unknownSymbols, decoder.counts.unused]).toEqual([1, 2]);
  });
});

describe('quotes of Polygon', () => {
  it('have sizes in shares or in lots, as the source is told to count', () => {
    const quote = { ev: 'Q', sym: 'AAPL', bp: 231.4, bs: 3, ap: 231.42, as: 1, c: 1, t: MS };
    for (const [quoteSizes, sizes] of [
      ['shares', [3, 1]],
      ['lots', [300, 100]],
    ] as const) {
      const { batch, hear } = decoderOf({ quoteSizes });
      expect(hear(quote)).toBe(1);
      expect([batch.b[0], batch.d[0]]).toEqual(sizes);
    }
  });
});

describe('bars of Polygon', () => {
  it('D8 are told again with other values as an update, and unchanged not at all', () => {
    const { decoder, batch, hear } = decoderOf();
    expect(hear(bar())).toBe(1);
    expect(batch.flags[0]).toBe(BAR_FINAL);
    expect(hear(bar())).toBe(0);
    expect(decoder.counts.duplicates).toBe(1);
    expect(hear(bar({ v: 48_311, c: 231.44 }))).toBe(1);
    expect([batch.flags[0], batch.d[0], batch.e[0]]).toEqual([
      BAR_FINAL | BAR_UPDATED,
      2_314_400,
      48_311,
    ]);
  });

  it('D8 of long ago are dropped and counted', () => {
    const { decoder, hear } = decoderOf();
    hear(bar());
    const start = MINUTE_MS - 40 * 60_000;
    expect(hear(bar({ s: start, e: start + 60_000 }))).toBe(0);
    expect(decoder.counts.lateBars).toBe(1);
  });

  it('D6 that were fetched are not told again, and the stream corrects them', () => {
    const { decoder, batch, hear } = decoderOf();
    const startUs = MINUTE_MS * 1_000;
    const fetched = {
      startUs,
      open: 231.3,
      high: 231.5,
      low: 231.2,
      close: 231.41,
      volume: 48_211,
    };
    decoder.writeBar(symbolId(0), fetched, batch);
    decoder.writeBar(symbolId(0), { ...fetched, volume: 9 }, batch);
    expect([batch.count, decoder.counts.duplicates]).toEqual([1, 1]);
    expect(hear(bar())).toBe(0);
    expect(hear(bar({ v: 48_212 }))).toBe(1);
    expect(batch.flags[0]).toBe(BAR_FINAL | BAR_UPDATED);
  });

  it('of a second are unused, unless they are asked for', () => {
    const second = bar({ ev: 'A', e: MINUTE_MS + 1_000 });
    const without = decoderOf();
    expect([without.hear(second), without.decoder.counts.unused]).toEqual([0, 1]);
    const { batch, hear } = decoderOf({ takesSeconds: true });
    expect(hear(second, second)).toBe(2);
    expect([batch.f[0], batch.flags[0], batch.flags[1]]).toEqual([1_000_000, 1, 3]);
  });
});

describe('bands of Polygon', () => {
  it('halt and reopen a symbol beside its new prices', () => {
    const { batch, hear } = decoderOf();
    expect(hear(band({ i: [17], h: 0, l: 0 }))).toBe(1);
    expect([batch.kind[0], batch.flags[0]]).toEqual([STATUS, STATUS_HALTED]);
    expect(hear(band({ i: [18] }))).toBe(2);
    expect([batch.kind[0], batch.kind[1], batch.flags[1]]).toEqual([BAND, STATUS, STATUS_TRADING]);
  });

  it('are told whole over batches that have room for one event', () => {
    const { decoder } = decoderOf();
    const bytes = new TextEncoder().encode(JSON.stringify([band({ i: [18] }), trade()]));
    const scanner = decoder.begin(bytes);
    const batch = new EventBatch(1, 1);
    const kinds: number[] = [];
    for (let isMore = true; isMore;) {
      batch.clear();
      isMore = scanner.next(batch);
      kinds.push(...batch.kind.subarray(0, batch.count));
    }
    expect(kinds).toEqual([BAND, STATUS, 1]);
  });

  it('have times in milliseconds, microseconds and nanoseconds', () => {
    const { batch, hear } = decoderOf();
    hear(band(), band({ t: MS * 1_000 }), band({ t: MS * 1_000_000 }));
    expect([...batch.venueUs.subarray(0, 3)]).toEqual([MS * 1_000, MS * 1_000, MS * 1_000]);
  });
});

describe('words of Polygon', () => {
  it('go to the stream as they are', () => {
    const { hear, words } = decoderOf();
    const word = { ev: 'status', status: 'auth_success', message: 'authenticated' };
    expect(hear(word, { ev: 'news', title: 'Chip"maker' })).toBe(0);
    expect(words).toEqual([word, { ev: 'news', title: 'Chip"maker' }]);
  });
});
