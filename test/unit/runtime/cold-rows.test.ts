import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/core/assert.ts';
import { ByteReader } from '../../../src/core/bytes.ts';
import type { FamilyDefinition } from '../../../src/actors/runtime/definition.ts';
import { Kernel } from '../../../src/actors/runtime/kernel.ts';
import { RowTable } from '../../../src/actors/runtime/row-table.ts';
import { loadSnapshot, writeSnapshot } from '../../../src/actors/runtime/snapshot.ts';
import { EventBatch, TRADE } from '../../../src/domain/market/event-batch.ts';
import { POLICY } from './toy-session.ts';

const PLACE = { sequence: 1, hashHigh: 2, hashLow: 3, life: 4, frames: 5 };
const COLD = 3;
const POISON = 13;

/** Adds prices to rows, and even ones to cold parts; 9 drops the part, and poison fails. */
function sums(coldStride?: number): FamilyDefinition<never, never> {
  return {
    name: 'sums',
    restart: { restartsMax: 99, withinUs: 1, then: 'quarantine', quarantineUs: 1 },
    hears: [],
    applies: [],
    stride: 1,
    ...(coldStride === undefined ? {} : { coldStride }),
    layoutHash: 'sums',
    resetRow: (rows, row) => {
      rows.values[rows.at(row)] = 0;
      rows.resetCold(row);
    },
    receiveEvent: (rows, row, batch, event) => {
      const price = batch.a[event] ?? 0;
      rows.values[rows.at(row)] = (rows.values[rows.at(row)] ?? 0) + price;
      if (price === POISON + 1) rows.dropCold(row);
      if (price % 2 === 0 || price === POISON) {
        const cold = rows.openCold(row);
        for (let place = 0; place < COLD; place += 1) {
          cold[place] = (cold[place] ?? 0) + price * place;
        }
      }
      if (price === 9) rows.dropCold(row);
      if (price >= POISON) throw new RangeError('poison');
    },
    apply: () => undefined,
    condense: () => [],
  };
}

function kernelOf(definition = sums(COLD)): Kernel {
  return new Kernel({ definitions: [definition], rowsMax: 400, messagesMax: 100, policy: POLICY });
}

function tell(kernel: Kernel, row: number, price: number): void {
  const batch = new EventBatch(1, 1);
  batch.a[batch.add(TRADE, row, 1, 0, 0)] = price;
  batch.endFrame(1);
  kernel.beginTurn();
  kernel.deliverFrame(batch, 0);
  kernel.endTurn();
}

function tableOf(kernel: Kernel): RowTable {
  const slot = kernel.slots[0];
  if (slot?.type !== 'family') throw new Error('there is a family');
  return slot.rows;
}

/** Hot and cold, and undefined where there is no cold part. */
function rowsOf(kernel: Kernel): readonly unknown[] {
  const table = tableOf(kernel);
  return Array.from({ length: table.rows }, (_, row) => [
    table.values[table.at(row)],
    table.coldRow(row)?.join(' '),
  ]);
}

describe('the cold part of a row', () => {
  it('is as before wherever a handler fails, and grows with its table', () => {
    const told = fc.array(
      fc.tuple(
        fc.oneof(fc.nat(3), fc.nat(300)),
        fc.oneof(fc.nat(9), fc.constantFrom(POISON, POISON + 1)),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(told, (prices) => {
        const kernel = kernelOf();
        const right = kernelOf();
        for (const [row, price] of prices) {
          for (const each of [kernel, right]) each.growRows(row);
          tell(kernel, row, price);
          if (price < POISON) tell(right, row, price);
        }
        expect(rowsOf(kernel)).toEqual(rowsOf(right));
      }),
      { numRuns: 300 },
    );
  });

  it('is in a snapshot where there is one, and costs a byte where there is none', () => {
    const kernel = kernelOf();
    kernel.growRows(200);
    const empty = writeSnapshot(kernel, PLACE);
    for (const [row, price] of [
      [7, 4],
      [150, 6],
      [9, 5],
    ] as const)
      tell(kernel, row, price);
    const bytes = writeSnapshot(kernel, PLACE);
    const other = kernelOf();
    loadSnapshot(other, new ByteReader(bytes));

    expect(bytes.length - empty.length).toBe(2 * COLD * 8);
    expect(rowsOf(other)).toEqual(rowsOf(kernel));
    expect(rowsOf(other)[7]).toEqual([4, '0 4 8']);
    expect(writeSnapshot(other, PLACE)).toEqual(bytes);
    loadSnapshot(other, new ByteReader(empty));
    expect(rowsOf(other)[7]).toEqual([0, undefined]);
  });

  it('of another shape is not loaded: the rows start anew', () => {
    const kernel = kernelOf();
    kernel.growRows(3);
    tell(kernel, 2, 4);
    const bytes = writeSnapshot(kernel, PLACE);
    for (const definition of [sums(), sums(COLD + 1)]) {
      const other = kernelOf(definition);
      loadSnapshot(other, new ByteReader(bytes));
      expect(rowsOf(other)).toEqual(Array.from({ length: 4 }, () => [0, undefined]));
    }
  });

  it('is none in a snapshot of a build that had no such parts', () => {
    const kernel = kernelOf(sums());
    kernel.growRows(3);
    tell(kernel, 2, 5);
    const bytes = writeSnapshot(kernel, PLACE);
    // Such a build wrote no width of cold parts, before the last three counts.
    const at = bytes.length - 16;
    const before = Uint8Array.from([2, ...bytes.slice(1, at), ...bytes.slice(at + 4)]);
    const other = kernelOf(sums());
    loadSnapshot(other, new ByteReader(before));
    expect(rowsOf(other)).toEqual(rowsOf(kernel));
    expect(rowsOf(other)[2]).toEqual([5, undefined]);
  });

  it('is opened by the handler of its own row', () => {
    const table = new RowTable(1, 10, COLD);
    table.grow(5);
    table.keep(2);
    expect(() => table.openCold(3)).toThrow(InvariantError);
    expect(table.openCold(2)).toHaveLength(COLD);
  });
});
