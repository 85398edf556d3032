import { LAYER_1, LAYER_2 } from '../../../src/actors/kernel/actor-table.ts';
import { layer0 } from '../../../src/actors/kernel/layer-0.ts';
import { layer1, type Layer1Options } from '../../../src/actors/kernel/layer-1.ts';
import { layer2, type Layer2Options } from '../../../src/actors/kernel/layer-2.ts';
import type { Measured } from '../../../src/actors/kernel/row-messages.ts';
import type { FamilyDefinition } from '../../../src/actors/runtime/definition.ts';
import { symbolId } from '../../../src/core/ids.ts';
import { HOUR, MINUTE } from '../../../src/core/time.ts';
import { BAR, EventBatch, STATUS, TRADE } from '../../../src/domain/market/event-batch.ts';
import type { FactOf } from '../../../src/ports/fact.ts';
import { KernelHarness } from '../../kernel-harness.ts';

export const OPEN_US = Date.UTC(2024, 5, 3, 13, 30) * 1_000;
export const CLOSE_US = OPEN_US + 6.5 * HOUR;
export const DOLLAR = 10_000;
const GRACE_US = 250_000;

export const LAYER_1_OPTIONS: Layer1Options = {
  priceMin: 3 * DOLLAR,
  dollarVolume20Min: 5_000_000,
  historyDaysMin: 5,
  spreadBpsMax: 50,
  enterRatio: 1,
  leaveRatio: 0.8,
  capRatio: 1,
  floor: 1,
  hasHistory: true,
  barSpanUs: MINUTE,
};

export const LAYER_2_OPTIONS: Layer2Options = {
  enterScore: 1.5,
  leaveScore: 0.8,
  dwellUs: 5 * MINUTE,
  floor: 0,
  cap: 100,
  barSpanUs: MINUTE,
  barGraceUs: GRACE_US,
};

type AssetClass = 'equity' | 'fund' | 'index' | 'crypto' | 'option';

/** Layers 0 to 2 as they work together; the test says what rows measured. */
export class Ladder {
  readonly harness: KernelHarness;
  readonly #batch = new EventBatch(64, 64);

  constructor(
    one: Partial<Layer1Options> = {},
    two: Partial<Layer2Options> = {},
    startUs = OPEN_US - HOUR,
  ) {
    this.harness = new KernelHarness({
      actors: [
        [0, speaker()],
        [1, layer0()],
        [2, layer1({ ...LAYER_1_OPTIONS, ...one })],
        [3, layer2({ ...LAYER_2_OPTIONS, ...two })],
      ],
      rowsMax: 256,
      startUs,
    });
  }

  get nowUs(): number {
    return this.harness.nowUs;
  }

  to(us: number): void {
    this.harness.advance(us - this.nowUs);
  }

  name(row: number, isTradable = true, assetClass: AssetClass = 'equity'): void {
    const named = { symbol: symbolId(row), name: `S${row}`, sector: 'x', assetClass, isTradable };
    this.harness.input({ kind: 'symbolNamed', ...named });
  }

  names(count: number): void {
    for (let row = 0; row < count; row += 1) this.name(row);
  }

  phase(phase: 'pre' | 'core' | 'post' | 'closed'): void {
    const session = { date: 20240603, openUs: OPEN_US, closeUs: CLOSE_US };
    this.harness.input({ kind: 'sessionChanged', phase, ...session });
  }

  /** Twenty days of history, alike. */
  history(row: number, close = 50 * DOLLAR, volume = 1_000_000, days = 20): void {
    for (let day = 0; day < days; day += 1) this.#say(BAR, row, 0, [close, volume]);
  }

  measured(row: number, values: Partial<Measured> = {}): void {
    const { price = 50 * DOLLAR, volume = 100, momentum = 0, zScore = 0 } = values;
    const { spreadBps = 5, rangeBps = 10, isHalted = false } = values;
    const flags = isHalted ? 1 : 0;
    this.#say(TRADE, row, flags, [price, volume, momentum, zScore, spreadBps, rangeBps]);
  }

  halted(row: number): void {
    this.#say(STATUS, row, 0, []);
  }

  /** Lets minutes pass in which rows measure the same again, the first given first. */
  minutes(count: number, values: () => readonly Partial<Measured>[]): void {
    for (let minute = 0; minute < count; minute += 1) {
      const endUs = (Math.floor(this.nowUs / MINUTE) + 1) * MINUTE;
      this.to(endUs + GRACE_US);
      values().forEach((measured, row) => this.measured(row, measured));
      this.to(endUs + GRACE_US + 2_000);
    }
  }

  moves(layer: number): readonly FactOf<'layerMoved'>[] {
    return this.harness.factsOf('layerMoved').filter((fact) => fact.layer === layer);
  }

  members(layer: number): readonly number[] {
    const members = new Set<number>();
    for (const { symbol, isMember } of this.moves(layer)) {
      if (isMember) members.add(symbol);
      else members.delete(symbol);
    }
    return [...members].toSorted((left, right) => left - right);
  }

  #say(kind: number, row: number, flags: number, values: readonly number[]): void {
    const batch = this.#batch;
    batch.clear();
    const at = batch.add(kind, row, this.nowUs, flags, 0);
    [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f].forEach((column, place) => {
      column[at] = values[place] ?? 0;
    });
    batch.endFrame(this.nowUs);
    this.harness.market(batch);
  }
}

/** Sits where symbols sit, and says as a measurement what an event holds. */
function speaker(): FamilyDefinition<never, never> {
  return {
    name: 'symbols',
    restart: { restartsMax: 0, withinUs: 1, then: 'stop', quarantineUs: 0 },
    hears: [],
    applies: [],
    stride: 1,
    layoutHash: 'speaker',
    resetRow: () => undefined,
    receiveEvent(_rows, row, { kind, flags, a, b, c, d, e, f }, at, turn) {
      const value = (column: Float64Array) => column[at] ?? Number.NaN;
      if (kind[at] === BAR) {
        turn.sendRow(LAYER_1, row, { kind: 'dayMeasured', close: value(a), volume: value(b) });
        return;
      }
      if (kind[at] === STATUS) return turn.sendRow(LAYER_2, row, { kind: 'haltSeen' });
      const measured: Measured = {
        kind: 'measured',
        price: value(a),
        volume: value(b),
        momentum: value(c),
        zScore: value(d),
        spreadBps: value(e),
        rangeBps: value(f),
        isHalted: flags[at] === 1,
      };
      turn.sendRow(LAYER_1, row, measured);
      turn.sendRow(LAYER_2, row, measured);
    },
    apply: () => undefined,
    condense: () => [],
  };
}
