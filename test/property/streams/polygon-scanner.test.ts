import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbolId } from '../../../src/core/ids.ts';
import { EventBatch } from '../../../src/domain/market/event-batch.ts';
import { PolygonDecoder } from '../../../src/streams/polygon/feed-decoder.ts';
import { FrameError } from '../../../src/streams/wire/frame-error.ts';
import { HASHED, type PolygonEvent, referenceOfPolygon } from '../../reference/polygon-events.ts';
import { frameOf, gaps, messages, SYMBOLS } from './polygon-frames.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const numRuns = isLong ? 500_000 : 6_000;
const LONG_MS = 3_600_000;
/** E1: no input takes longer. */
const HANG_MS = 50;

const KINDS = ['', 'trade', 'quote', 'bar', 'status', 'band'] as const;

const directory = {
  size: SYMBOLS.length,
  idOf: (name: string) => {
    const index = SYMBOLS.findIndex((symbol) => symbol === name);
    return index < 0 ? undefined : symbolId(index);
  },
  nameOf: (symbol: number) => SYMBOLS[symbol] ?? '',
};

function decoderOf(quoteSizes: 'shares' | 'lots' = 'shares'): PolygonDecoder {
  return new PolygonDecoder({ directory, tradesMax: 64, quoteSizes, onMessage: () => {} });
}

/** All events of a frame, read in batches of some size. */
function scan(of: PolygonDecoder, bytes: Uint8Array, eventsMax: number): readonly PolygonEvent[] {
  const events: PolygonEvent[] = [];
  const batch = new EventBatch(eventsMax, 4);
  const scanner = of.begin(bytes);
  for (let isMore = true; isMore;) {
    batch.clear();
    isMore = scanner.next(batch);
    for (let at = 0; at < batch.count; at += 1) events.push(eventAt(batch, at));
  }
  return events;
}

function eventAt(batch: EventBatch, at: number): PolygonEvent {
  const { a, b, c, d, e, f } = batch;
  const values = [a, b, c, d, e, f].map((column) => column[at] ?? Number.NaN);
  expect(values.some(Number.isNaN)).toBe(false);
  const kind = KINDS[batch.kind[at] ?? 0] ?? '';
  if (kind === '') throw new Error('no kind');
  const isHashed = kind === 'trade' && (values[2] ?? 0) >= 2 ** 64;
  return {
    kind,
    symbol: SYMBOLS[batch.symbol[at] ?? -1] ?? '',
    us: batch.venueUs[at] ?? Number.NaN,
    flags: batch.flags[at] ?? -1,
    exchange: batch.exchange[at] ?? -1,
    values: isHashed ? values.with(2, HASHED) : values,
  };
}

function known(events: readonly PolygonEvent[]): readonly PolygonEvent[] {
  return events.filter(({ symbol }) => SYMBOLS.some((name) => name === symbol));
}

/** Undefined where the scanner refused; anything but its own error fails the test. */
function scanOrRefuse(bytes: Uint8Array): readonly PolygonEvent[] | undefined {
  const begun = performance.now();
  try {
    return scan(decoderOf(), bytes, 4);
  } catch (error) {
    if (error instanceof FrameError) return undefined;
    throw error;
  } finally {
    // A collection of the test's own may fall into it, so the limit is a generous one.
    expect(performance.now() - begun).toBeLessThan(HANG_MS * 20);
  }
}

function parseOrRefuse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

describe('the scanner of Polygon frames', () => {
  const sizes = fc.integer({ min: 1, max: 16 });

  it(
    'E1 E3 reads a frame as JSON.parse does, in any order, spelling and batch size',
    () => {
      const property = fc.property(messages, gaps, sizes, fc.boolean(), (of, gap, max, isLots) => {
        const bytes = frameOf(of, gap);
        const events = scan(decoderOf(isLots ? 'lots' : 'shares'), bytes, max);
        expect(events).toEqual(known(referenceOfPolygon(bytes, isLots ? 100 : 1)));
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  it(
    'E1 D9 refuses exactly the ASCII that JSON.parse refuses, and reads the rest as it does',
    () => {
      const flips = fc.array(fc.record({ at: fc.nat(2_000), bit: fc.nat(6) }), { maxLength: 4 });
      const cuts = fc.oneof(fc.constant(0), fc.nat(60));
      const property = fc.property(messages, gaps, flips, cuts, (of, gap, damage, cut) => {
        const whole = frameOf(of, gap);
        // Bytes that are no ASCII may become no UTF-8, which JSON.parse never sees as they are.
        if (whole.some((code) => code > 127)) return;
        const bytes = whole.slice(0, Math.max(1, whole.length - cut));
        for (const { at, bit } of damage) {
          bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
        }
        const events = scanOrRefuse(bytes);
        expect(events !== undefined).toBe(Array.isArray(parseOrRefuse(bytes)));
        if (events !== undefined) expectWithin(events, known(referenceOfPolygon(bytes)));
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  it(
    'E1 D9 ends for any bytes, and throws nothing but its own error',
    () => {
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 400 }),
        fc.uint8Array({ maxLength: 80 }).map((of) => {
          const inside = '[{"ev":"T","sym":"AAPL","p":1,"s":1,"i":"1","t":1795100645120,"c":[';
          return new Uint8Array([...new TextEncoder().encode(inside), ...of]);
        }),
      );
      const property = fc.property(bytes, (of) => {
        scanOrRefuse(of);
      });
      fc.assert(property, { numRuns: numRuns / 5 });
    },
    LONG_MS,
  );
});

/**
 * A flipped bit may make two trades one, or tell a minute anew: then less is read than the
 * reference has, or a bar with another flag, and nothing else.
 */
function expectWithin(events: readonly PolygonEvent[], reference: readonly PolygonEvent[]): void {
  let at = 0;
  for (const event of events) {
    const text = textOf(event);
    while (at < reference.length && textOf(reference[at]) !== text) at += 1;
    expect(textOf(reference[at])).toBe(text);
    at += 1;
  }
}

function textOf(event: PolygonEvent | undefined): string {
  return JSON.stringify(event?.kind === 'bar' ? { ...event, flags: 0 } : event);
}
