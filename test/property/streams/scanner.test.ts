import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbolId } from '../../../src/core/ids.ts';
import { EventBatch } from '../../../src/domain/market/event-batch.ts';
import { FrameError } from '../../../src/streams/wire/frame-error.ts';
import { FeedDecoder } from '../../../src/streams/alpaca/feed-decoder.ts';
import {
  type ReferenceEvent,
  referenceOfJson,
  referenceOfMsgpack,
} from '../../reference/alpaca-events.ts';
import { frames, gaps, jsonFrame, packedFrame, SYMBOLS } from './scanner-frames.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const numRuns = isLong ? 1_000_000 : 3_000;
const LONG_MS = 3_600_000;

const KINDS = ['', 'trade', 'quote', 'bar', 'status', 'band', 'correction'];

const directory = {
  size: SYMBOLS.length,
  idOf: (name: string) => {
    const index = SYMBOLS.findIndex((symbol) => symbol === name);
    return index < 0 ? undefined : symbolId(index);
  },
  nameOf: (symbol: number) => SYMBOLS[symbol] ?? '',
};

function decoder(): FeedDecoder {
  return new FeedDecoder({ directory, tradesMax: 64, onMessage: () => {} });
}

/** All events of a frame, read in batches of some size. */
function scan(of: FeedDecoder, bytes: Uint8Array, eventsMax: number): readonly ReferenceEvent[] {
  const events: ReferenceEvent[] = [];
  const batch = new EventBatch(eventsMax, 4);
  const scanner = of.begin(bytes);
  for (let isMore = true; isMore;) {
    batch.clear();
    isMore = scanner.next(batch);
    for (let at = 0; at < batch.count; at += 1) events.push(eventAt(batch, at));
  }
  return events;
}

function eventAt(batch: EventBatch, at: number): ReferenceEvent {
  const { a, b, c, d, e, f } = batch;
  const values = [a, b, c, d, e, f].map((column) => column[at] ?? Number.NaN);
  expect(values.some(Number.isNaN)).toBe(false);
  const kind = KINDS[batch.kind[at] ?? 0] ?? '';
  return {
    kind: kindOf(kind),
    symbol: SYMBOLS[batch.symbol[at] ?? -1] ?? '',
    us: batch.venueUs[at] ?? Number.NaN,
    flags: batch.flags[at] ?? -1,
    // The moment of the corrected trade is the window's to know.
    values: kind === 'correction' ? values.with(5, Number.NaN) : values,
  };
}

function kindOf(kind: string): ReferenceEvent['kind'] {
  switch (kind) {
    case 'trade':
    case 'quote':
    case 'bar':
    case 'status':
    case 'band':
    case 'correction':
      return kind;
    default:
      throw new Error(`no kind ${kind}`);
  }
}

function known(events: readonly ReferenceEvent[]): readonly ReferenceEvent[] {
  return events.filter(({ symbol }) => SYMBOLS.some((name) => name === symbol));
}

describe('frame scanners', () => {
  const sizes = fc.integer({ min: 1, max: 16 });

  it(
    'E1 E3 reads JSON as JSON.parse does, in any order, spelling and batch size',
    () => {
      const property = fc.property(frames, gaps, sizes, (messages, gap, eventsMax) => {
        const bytes = jsonFrame(messages, gap);
        expect(scan(decoder(), bytes, eventsMax)).toEqual(known(referenceOfJson(bytes)));
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  it(
    'E1 E3 reads MessagePack as @msgpack/msgpack does, in any width',
    () => {
      const width = fc.constantFrom(0 as const, 2 as const, 4 as const);
      const property = fc.property(frames, width, sizes, (messages, wide, eventsMax) => {
        const bytes = packedFrame(messages, wide);
        expect(scan(decoder(), bytes, eventsMax)).toEqual(known(referenceOfMsgpack(bytes)));
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );
});

type Damage = readonly { readonly at: number; readonly bit: number }[];

const damage: fc.Arbitrary<Damage> = fc.array(fc.record({ at: fc.nat(2_000), bit: fc.nat(7) }), {
  maxLength: 4,
});

function damaged(bytes: Uint8Array, flips: Damage, cut: number): Uint8Array {
  const copy = bytes.slice(0, Math.max(1, bytes.length - cut));
  for (const { at, bit } of flips)
    copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << bit);
  return copy;
}

/** Undefined where the scanner refused; anything but its own error fails the test. */
function scanOrRefuse(of: FeedDecoder, bytes: Uint8Array): readonly ReferenceEvent[] | undefined {
  try {
    return scan(of, bytes, 4);
  } catch (error) {
    if (error instanceof FrameError) return undefined;
    throw error;
  }
}

describe('frame scanners given damage', () => {
  const cuts = fc.oneof(fc.constant(0), fc.nat(40));

  it(
    'E1 D9 refuses exactly the ASCII that JSON.parse refuses, and nothing else is thrown',
    () => {
      const property = fc.property(frames, damage, cuts, (messages, flips, cut) => {
        // Bit 7 would make bytes that are no UTF-8, which JSON.parse never sees as they are.
        const low = flips.map(({ at, bit }) => ({ at, bit: bit % 7 }));
        const whole = jsonFrame(messages, '');
        if (whole.some((code) => code > 127)) return;
        const bytes = damaged(whole, low, cut);
        const events = scanOrRefuse(decoder(), bytes);
        let parsed: unknown;
        try {
          parsed = JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
        } catch {
          parsed = undefined;
        }
        expect(events !== undefined).toBe(Array.isArray(parsed));
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  it(
    'E1 D9 takes no NaN and throws only FrameError for flipped and cut MessagePack',
    () => {
      const property = fc.property(frames, damage, cuts, (messages, flips, cut) => {
        scanOrRefuse(decoder(), damaged(packedFrame(messages, 0), flips, cut));
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  it(
    'E1 D9 ends for any bytes, in either codec',
    () => {
      const property = fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        scanOrRefuse(decoder(), bytes);
        scanOrRefuse(decoder(), bytes);
        const wrapped = new Uint8Array([0x91, 0x81, 0xa1, 0x54, ...bytes]);
        scanOrRefuse(decoder(), wrapped);
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );
});
