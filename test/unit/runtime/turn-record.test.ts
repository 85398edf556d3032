import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, DecodeError } from '../../../src/core/bytes.ts';
import { Hash64, hashBytes } from '../../../src/core/hash.ts';
import { symbolId, textId } from '../../../src/core/ids.ts';
import { price, shares } from '../../../src/core/money.ts';
import { type Effect, effectCodec } from '../../../src/ports/effect.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import {
  readTurn,
  type TurnItem,
  type TurnRecord,
  writeTurn,
} from '../../../src/ports/turn-record.ts';

const actor = fc.integer({ min: 0, max: 255 });
const timeUs = fc.integer({ min: 0, max: 2 ** 52 });
const words = fc.string({ maxLength: 30, unit: 'grapheme' });

const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({
    kind: fc.constant('marked' as const),
    symbol: fc.integer({ min: 0, max: 60_000 }).map(symbolId),
    price: fc.integer({ min: 1, max: 1e9 }).map(price),
  }),
  fc.record({
    kind: fc.constant('layerMoved' as const),
    layer: fc.integer({ min: 0, max: 3 }),
    symbol: fc.integer({ min: 0, max: 60_000 }).map(symbolId),
    isMember: fc.boolean(),
    reason: words,
    score: fc.double(),
    atUs: timeUs,
  }),
  fc.record({
    kind: fc.constant('crashed' as const),
    actor: words,
    row: fc.integer({ min: -2, max: 60_000 }),
    code: words,
    message: words,
  }),
);

const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({
    kind: fc.constant('submitOrder' as const),
    account: fc.constant(textId<Submit['account']>('a')),
    clientOrderId: fc.integer().map((id) => textId<Submit['clientOrderId']>(`o${id}`)),
    symbol: fc.integer({ min: 0, max: 60_000 }).map(symbolId),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 0, max: 1_000_000 }).map(shares),
    type: fc.constant('market' as const),
    timeInForce: fc.constantFrom('day' as const, 'ioc' as const),
  }),
  fc.record({
    kind: fc.constant('writeRows' as const),
    table: words,
    rows: fc.array(fc.integer({ min: 0, max: 60_000 }).map(symbolId), { maxLength: 5 }),
    width: fc.integer({ min: 0, max: 9 }),
    values: fc.float64Array({ maxLength: 20 }),
    layoutHash: words,
    barUs: fc.float64Array({ maxLength: 5 }),
    bars: fc.float64Array({ maxLength: 20 }),
  }),
);

type Submit = Extract<Effect, { kind: 'submitOrder' }>;

const item: fc.Arbitrary<TurnItem> = fc.oneof(
  fc.record({ type: fc.constant('fact' as const), actor, fact }),
  fc.record({ type: fc.constant('effect' as const), actor, requestedUs: timeUs, effect }),
);

const turn: fc.Arbitrary<TurnRecord> = fc.record({
  items: fc.array(item, { maxLength: 12 }),
  timers: fc.array(fc.record({ actor, dueUs: timeUs, tag: words, key: fc.integer() }), {
    maxLength: 5,
  }),
  crashes: fc.array(
    fc.record({
      actor,
      ordinal: fc.integer({ min: 0, max: 2 ** 31 }),
      code: words,
      message: words,
    }),
    { maxLength: 5 },
  ),
});

describe('a turn record', () => {
  it('E4: gives back what was written, bulky effects as their hash', () => {
    fc.assert(
      fc.property(turn, (record) => {
        const { bytes, hash } = written(record);
        const reader = new ByteReader(bytes);
        const read = readTurn(reader);

        expect(reader.isDone).toBe(true);
        expect(read).toEqual({
          ...record,
          items: record.items.map(asKept),
          hashHigh: hash.high,
          hashLow: hash.low,
        });
        // What was read is written as the same bytes again, so verify may compare bytes.
        if (record.items.every((each) => asKept(each) === each)) {
          expect(written({ ...read }).bytes).toEqual(bytes);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('counts more crashes than fit into 16 bits', () => {
    const crash = { actor: 1, ordinal: 0, code: 'c', message: '' };
    const crashes = Array.from({ length: 70_000 }, (_, ordinal) => ({ ...crash, ordinal }));
    const { bytes } = written({ items: [], timers: [], crashes });

    const read = readTurn(new ByteReader(bytes));
    expect(read.crashes).toHaveLength(70_000);
    expect(read.crashes.at(-1)).toEqual({ ...crash, ordinal: 69_999 });
  });

  it('is refused when it ends too early, wherever that is', () => {
    fc.assert(
      fc.property(turn, fc.nat(), (record, cut) => {
        const { bytes } = written(record);
        const short = bytes.subarray(0, cut % bytes.length);
        expect(() => readTurn(new ByteReader(short))).toThrow(DecodeError);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the decision hash', () => {
  it('is blind to actors, times, timers, crashes and to how items are cut into turns', () => {
    fc.assert(
      fc.property(turn, fc.nat(), actor, timeUs, (record, cut, otherActor, otherUs) => {
        const moved = record.items.map((each) =>
          each.type === 'effect'
            ? { ...each, actor: otherActor, requestedUs: otherUs }
            : { ...each, actor: otherActor },
        );
        const at = cut % (moved.length + 1);
        const hash = new Hash64();
        const quiet = { timers: [], crashes: [] };
        writeTurn(new ByteWriter(), { items: moved.slice(0, at), ...quiet }, hash);
        writeTurn(new ByteWriter(), { items: moved.slice(at), ...quiet }, hash);

        expect(hash.hex()).toBe(written(record).hash.hex());
      }),
      { numRuns: 200 },
    );
  });

  it('changes with any field of any fact and effect, and with their order', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 6 }), fc.nat(), (items, pick) => {
        const at = pick % items.length;
        const chosen = items[at];
        if (chosen === undefined) return;
        const before = hexOf(items);
        for (const changed of variantsOf(chosen)) {
          expect(hexOf(items.with(at, changed)), JSON.stringify(changed)).not.toBe(before);
        }
        expect(hexOf([...items, chosen])).not.toBe(before);
        expect(hexOf(items.toSpliced(at, 1))).not.toBe(before);
        const turned = items.toReversed();
        if (JSON.stringify(turned.map(contentOf)) !== JSON.stringify(items.map(contentOf))) {
          expect(hexOf(turned)).not.toBe(before);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('takes every NaN for the same and no other number for it', () => {
    const scored = (score: number): TurnItem => ({
      type: 'fact',
      actor: 0,
      fact: { ...MOVED, score },
    });
    const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0] ?? 0;

    expect(hexOf([scored(odd)])).toBe(hexOf([scored(Number.NaN)]));
    expect(hexOf([scored(0)])).not.toBe(hexOf([scored(Number.NaN)]));
  });
});

const MOVED = {
  kind: 'layerMoved',
  layer: 1,
  symbol: symbolId(1),
  isMember: true,
  reason: '',
  score: 0,
  atUs: 1,
} as const;

function written(record: TurnRecord): { readonly bytes: Uint8Array; readonly hash: Hash64 } {
  const writer = new ByteWriter();
  const hash = new Hash64();
  writeTurn(writer, record, hash);
  return { bytes: writer.copy(), hash };
}

function hexOf(items: readonly TurnItem[]): string {
  return written({ items, timers: [], crashes: [] }).hash.hex();
}

function asKept(each: TurnItem): TurnItem {
  if (each.type !== 'effect' || each.effect.kind !== 'writeRows') return each;
  const writer = new ByteWriter();
  effectCodec.write(writer, each.effect);
  const { actor: by, requestedUs } = each;
  const hash = hashBytes(writer.copy());
  return { type: 'digest', actor: by, requestedUs, effectKind: 'writeRows', hash };
}

function contentOf(each: TurnItem): unknown {
  return each.type === 'fact' ? each.fact : each.type === 'effect' ? each.effect : each;
}

/** The item with one of its fields changed, for every field of its content. */
function variantsOf(each: TurnItem): readonly TurnItem[] {
  if (each.type === 'fact') {
    return Object.entries(each.fact).flatMap(([field, value]) =>
      field === 'kind' ? [] : [{ ...each, fact: { ...each.fact, [field]: other(value) } }],
    );
  }
  if (each.type !== 'effect') return [];
  return Object.entries(each.effect).flatMap(([field, value]) =>
    field === 'kind' ? [] : [{ ...each, effect: { ...each.effect, [field]: other(value) } }],
  );
}

function other(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) ? value + 1 : 0.5;
    case 'boolean':
      return !value;
    case 'string':
      return OTHER_WORDS.get(value) ?? `${value}x`;
    default:
      return value instanceof Float64Array
        ? Float64Array.of(...value, 1)
        : [symbolId(1), symbolId(2)];
  }
}

const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['buy', 'sell'],
  ['sell', 'buy'],
  ['market', 'limit'],
  ['day', 'ioc'],
  ['ioc', 'day'],
]);
