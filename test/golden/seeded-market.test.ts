import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../src/core/bytes.ts';
import { Hash64, hashText } from '../../src/core/hash.ts';
import { EventBatch } from '../../src/domain/market/event-batch.ts';
import { writeEvents } from '../../src/domain/market/event-codec.ts';
import { inputCodec } from '../../src/ports/input.ts';
import { createSeededMarket } from '../../src/venue/market/seeded-market.ts';
import { seededHistory } from '../../src/venue/market/seeded-history.ts';
import type { SeededMarketOptions } from '../../src/venue/market/seeded-options.ts';

/**
 * The same bytes on every machine and every Node. Where the market's model is changed on purpose,
 * these change with it, and so does everything trained or measured on seeded markets.
 */
const SMALL: SeededMarketOptions = { seed: 20240603, symbols: 12, tradesPerDay: 500, days: 2 };

describe('the seeded market on this machine', () => {
  it('gives the events it gives on every other', () => {
    expect(hashEvents(SMALL)).toEqual({ events: 161_823, hash: '63b65e254fe9543b' });
  });

  it('gives the minute bars it gives on every other', () => {
    const options = { ...SMALL, minuteBarsOnly: true };
    expect(hashEvents(options)).toEqual({ events: 7_490, hash: '75b4b3bef5703724' });
  });

  it('gives the names, the calendar and the history it gives on every other', () => {
    const market = createSeededMarket(SMALL);
    const writer = new ByteWriter();
    for (const { atUs, input } of market.calendar) {
      writer.f64(atUs);
      inputCodec.write(writer, input);
    }
    const hash = new Hash64();
    hash.bytes(writer.view());

    expect(hash.hex()).toBe('0b5729e5585e2d0e');
    expect(hashText(JSON.stringify(market.symbols))).toBe('b4c05f498bb64bfb');
    expect(hashText(JSON.stringify([...seededHistory(SMALL)]))).toBe('ba1766bcdfc67965');
  });
});

function hashEvents(options: SeededMarketOptions): { events: number; hash: string } {
  const market = createSeededMarket(options);
  const batch = new EventBatch();
  const writer = new ByteWriter();
  const hash = new Hash64();
  let events = 0;
  while (market.next(batch)) {
    writer.reset();
    writeEvents(writer, batch, 0, batch.frames);
    hash.bytes(writer.view());
    events += batch.count;
  }
  return { events, hash: hash.hex() };
}
