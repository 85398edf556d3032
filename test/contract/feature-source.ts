import { describe, expect, it } from 'vitest';
import type { SourceDeclaration } from '../../src/domain/features/registry.ts';
import type { MarketFact, SymbolFact } from '../../src/domain/features/facts.ts';
import type { FeatureSource, Member } from '../../src/domain/features/source.ts';

/** Something that a source may hear. Those that it has no ear for are passed over. */
export type SourceEvent =
  | { readonly kind: 'bar'; readonly bar: Float64Array; readonly who: Member }
  | { readonly kind: 'trade'; readonly tick: Float64Array }
  | { readonly kind: 'quote'; readonly tick: Float64Array }
  | { readonly kind: 'symbolFact'; readonly fact: SymbolFact }
  | { readonly kind: 'marketFact'; readonly fact: MarketFact };

export interface SourceCase {
  readonly declaration: SourceDeclaration;
  readonly symbolsMax: number;
  readonly spanUs: number;
  /** In time order, long enough for every column to become a number. */
  readonly events: readonly SourceEvent[];
  /** When to read after an event. */
  readonly nowUs: (event: number) => number;
  /** Whose row is read. */
  readonly who: Member;
}

const BESIDE = -12_345.678;

/** What every source of columns must do, whatever it measures. */
export function featureSourceContract(known: SourceCase): void {
  const { declaration, symbolsMax, spanUs } = known;
  const make = () => declaration.build({ symbolsMax, spanUs });

  describe(`feature source contract: ${declaration.name}`, () => {
    testColumns(known, make);
    testState(known, make);
  });
}

function testColumns({ declaration, events, nowUs, who }: SourceCase, make: Make): void {
  it('names each column once, under its own name', () => {
    const { name, columns } = make();
    expect(name).toBe(declaration.name);
    expect(columns.length).toBeGreaterThan(0);
    expect(new Set(columns.map((column) => column.name)).size).toBe(columns.length);
    for (const { tells } of columns) expect(tells.length).toBeGreaterThan(3);
  });

  it('says nothing before it heard anything, and in the end a number in every column', () => {
    const source = make();
    const state = fresh(source);
    const numbers = new Set<number>();
    events.forEach((event, at) => {
      tell(source, state, 0, event);
      readColumns(source, state, 0, nowUs(at), who).forEach((value, column) => {
        expect(value - value === 0 || Number.isNaN(value), `column ${column}`).toBe(true);
        if (source.columns[column]?.units === 'flag') expect([0, 1, NaN]).toContainEqual(value);
        if (value - value === 0) numbers.add(column);
      });
    });
    const silent = source.columns.filter((_, column) => !numbers.has(column));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('is not changed by reading, and writes its columns alone', () => {
    const source = make();
    const state = fresh(source);
    events.forEach((event, at) => {
      tell(source, state, 0, event);
      const before = state.slice();
      const out = new Float64Array(source.columns.length + 6).fill(BESIDE);
      read(source, state, 0, nowUs(at), out, 3, who);
      expectSame(state, before);
      const beside = [...out.subarray(0, 3), ...out.subarray(-3)];
      expect(beside.every((value) => value === BESIDE)).toBe(true);
      expect(out.subarray(3, -3).includes(BESIDE)).toBe(false);
    });
  });
}

function testState({ events }: SourceCase, make: Make): void {
  it('works the same anywhere in a larger buffer and leaves its neighbours untouched', () => {
    const source = make();
    const alone = fresh(source);
    const at = 37;
    const buffer = new Float64Array(at + source.width + 41).fill(BESIDE);
    source.reset(buffer, at);
    for (const event of events) {
      tell(source, alone, 0, event);
      tell(source, buffer, at, event);
    }
    expectSame(buffer.subarray(at, at + source.width), alone);
    const outside = [...buffer.subarray(0, at), ...buffer.subarray(at + source.width)];
    expect(outside.every((value) => value === BESIDE)).toBe(true);
  });

  it('is by reset what it was at first, whatever it heard', () => {
    const source = make();
    const used = fresh(source);
    for (const event of events) tell(source, used, 0, event);
    source.reset(used, 0);
    expectSame(used, fresh(source));
  });

  it('continues bit by bit from a copy taken at any event', () => {
    const source = make();
    const whole = fresh(source);
    for (const event of events) tell(source, whole, 0, event);
    const state = fresh(source);
    const step = Math.max(1, Math.floor(events.length / 25));
    events.forEach((event, at) => {
      if (at % step === 0) {
        // Another instance, as after a restart: nothing may live outside the state.
        const again = make();
        const copy = state.slice();
        for (const later of events.slice(at)) tell(again, copy, 0, later);
        expectSame(copy, whole);
      }
      tell(source, state, 0, event);
    });
  });
}

type Make = () => FeatureSource;

function fresh(source: FeatureSource): Float64Array {
  const state = new Float64Array(source.width);
  source.reset(state, 0);
  return state;
}

function tell(source: FeatureSource, state: Float64Array, at: number, event: SourceEvent): void {
  if (source.scope === 'market') {
    if (event.kind === 'bar') source.bar?.(state, at, event.bar, event.who);
    if (event.kind === 'marketFact') source.fact?.(state, at, event.fact);
    return;
  }
  switch (event.kind) {
    case 'bar':
      return source.bar?.(state, at, event.bar);
    case 'trade':
      return source.trade?.(state, at, event.tick);
    case 'quote':
      return source.quote?.(state, at, event.tick);
    case 'symbolFact':
      return source.fact?.(state, at, event.fact);
    case 'marketFact':
      return undefined;
  }
}

function readColumns(
  source: FeatureSource,
  state: Float64Array,
  at: number,
  nowUs: number,
  who: Member,
): number[] {
  const out = new Float64Array(source.columns.length);
  read(source, state, at, nowUs, out, 0, who);
  return [...out];
}

function read(
  source: FeatureSource,
  state: Float64Array,
  at: number,
  nowUs: number,
  out: Float64Array,
  outAt: number,
  who: Member,
): void {
  if (source.scope === 'market') source.read(state, at, nowUs, out, outAt, who);
  else source.read(state, at, nowUs, out, outAt);
}

/** Bit by bit, except that every NaN is the same NaN. */
function expectSame(actual: Float64Array, expected: Float64Array): void {
  expect(actual.length).toBe(expected.length);
  const differs = actual.findIndex((value, slot) => !Object.is(value, expected[slot]));
  expect(differs, `slot ${differs}: ${actual[differs]} is not ${expected[differs]}`).toBe(-1);
}
