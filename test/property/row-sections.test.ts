import { describe, expect, it } from 'vitest';
import { SYMBOLS } from '../../src/actors/kernel/actor-table.ts';
import { symbols } from '../../src/actors/kernel/symbols.ts';
import type { FamilyTurn } from '../../src/actors/runtime/definition.ts';
import type { RowTable } from '../../src/actors/runtime/row-table.ts';
import type { AnyFamily } from '../../src/actors/runtime/slot.ts';
import { symbolId } from '../../src/core/ids.ts';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import {
  createFeatureSet,
  type FeatureSet,
  isFeatureSet,
} from '../../src/domain/features/feature-set.ts';
import { MOMENTUM_LAYOUT, STANDARD_OUTPUTS } from '../../src/domain/features/momentum-set.ts';
import { MICROSTRUCTURE } from '../../src/domain/features/families/microstructure.ts';
import { STANDARD_REGISTRY } from '../../src/domain/features/standard-registry.ts';
import { EventBatch } from '../../src/domain/market/event-batch.ts';
import { KernelHarness } from '../kernel-harness.ts';
import { wildMarket } from '../wild-market.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const FRAMES = isLong ? 20_000 : 1_500;
const ROWS = 3;
const SEEDS = [1, 2, 3];
const graceUs = 2 * SECOND;

describe('a section of a row', () => {
  it.each(
    SEEDS.flatMap((seed) => [
      { seed, cadence: 'event', bars: 'trades' } as const,
      { seed, cadence: 'bar', bars: 'trades' } as const,
      { seed, cadence: 'event', bars: 'venue' } as const,
    ]),
  )('is opened before it is written, whatever comes: $seed, $cadence, $bars', (given) => {
    const { seed, cadence, bars } = given;
    const watched = watch(
      symbols({
        cadence,
        bars,
        observes: 'standard',
        barSpanUs: MINUTE,
        barGraceUs: graceUs,
        features: hearingSet(),
        zEnter: 2,
        zExit: 0.5,
      }),
    );
    const source = wildMarket({
      seed,
      symbols: ROWS,
      frames: FRAMES,
      graceUs,
      trades: true,
      venueSpanUs: MINUTE,
      lossChance: 0.02,
    });
    const startUs = (source.calendar[0]?.atUs ?? 0) - MINUTE;
    const harness = new KernelHarness({ actors: [[SYMBOLS, watched.definition]], startUs });
    for (const [at, listed] of source.symbols.entries()) {
      harness.input({ kind: 'symbolNamed', symbol: symbolId(at), ...listed });
    }
    // Of those that are watched the last bars are remembered, and corrected.
    const joined = { isMember: true, reason: 'liquid', score: 1, atUs: startUs } as const;
    for (const at of [0, 1]) {
      for (const layer of [0, 1]) {
        harness.record({ kind: 'layerMoved', symbol: symbolId(at), layer, ...joined });
      }
    }
    const batch = new EventBatch();
    let day = 0;
    while (source.next(batch)) {
      const next = source.calendar[day];
      if (next !== undefined && (batch.frameUs[0] ?? 0) >= next.atUs) {
        harness.input(next.input);
        day += 1;
      }
      harness.market(batch);
    }

    expect(watched.torn).toEqual([]);
    expect(watched.events).toBeGreaterThan(FRAMES);
  });
});

/** The momentum set, and features that learn from every trade and quote. */
function hearingSet(): FeatureSet {
  const layout = {
    ...MOMENTUM_LAYOUT,
    names: [...MOMENTUM_LAYOUT.names, ...MICROSTRUCTURE.map(({ name }) => name)],
  };
  const set = createFeatureSet(STANDARD_REGISTRY, layout, 1, STANDARD_OUTPUTS);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  if (!set.hearsTicks) throw new Error('nothing of it hears ticks');
  return set;
}

/** Every event is handled, undone and handled again: what was undone must be as before, whole. */
function watch(definition: AnyFamily) {
  const torn: string[] = [];
  const watched = { definition, torn, events: 0 };
  const silent = (turn: FamilyTurn): FamilyTurn => ({
    nowUs: turn.nowUs,
    send: () => undefined,
    sendRow: () => undefined,
    request: () => undefined,
    record: () => undefined,
    schedule: () => undefined,
    outstanding: (kind) => turn.outstanding(kind),
  });
  const tried = (rows: RowTable, row: number, what: string, handle: () => void): void => {
    const before = bytesOf(rows, row);
    watched.events += 1;
    handle();
    rows.restore(row);
    if (!before.equals(bytesOf(rows, row))) torn.push(`${what} of row ${row}`);
    rows.keep(row);
  };
  watched.definition = {
    ...definition,
    receiveEvent(rows, row, batch, event, turn) {
      const handle = (to: FamilyTurn) => definition.receiveEvent?.(rows, row, batch, event, to);
      tried(rows, row, `event of kind ${batch.kind[event]}`, () => handle(silent(turn)));
      handle(turn);
    },
    receiveRow(rows, row, message, turn) {
      const handle = (to: FamilyTurn) => definition.receiveRow?.(rows, row, message, to);
      tried(rows, row, `message ${JSON.stringify(message)}`, () => handle(silent(turn)));
      handle(turn);
    },
  };
  return watched;
}

/** The bits: one NaN is not like another. */
function bytesOf(rows: RowTable, row: number): Buffer {
  const { values, stride } = rows;
  const bytes = new Uint8Array(values.buffer, row * stride * 8, stride * 8);
  return Buffer.concat([bytes, new Uint8Array(rows.coldRow(row)?.slice().buffer ?? [])]);
}
