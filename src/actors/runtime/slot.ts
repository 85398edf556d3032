import { InvariantError } from '../../core/assert.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { InputKind } from '../../ports/input.ts';
import type { Fact } from '../../ports/fact.ts';
import type { Applied, AppliedKind, FamilyTurn, Restart, Turn } from './definition.ts';
import { textOf } from './crash-text.ts';
import { RowTable } from './row-table.ts';

/** A definition with its types forgotten; methods accept what their typed originals accept. */
export interface AnyActor {
  readonly name: string;
  readonly restart: Restart;
  readonly isOrderPath: boolean;
  readonly hears: readonly InputKind[];
  readonly applies: readonly AppliedKind[];
  initial(): unknown;
  decide(state: unknown, message: unknown, turn: Turn): readonly Fact[];
  apply(state: unknown, applied: Applied): void;
  condense(state: unknown): readonly Applied[];
}

export interface AnyFamily {
  readonly name: string;
  readonly restart: Restart;
  readonly hears: readonly InputKind[];
  readonly applies: readonly AppliedKind[];
  readonly stride: number;
  readonly coldStride?: number;
  readonly sections?: readonly number[];
  readonly layoutHash: string;
  resetRow(rows: RowTable, row: number): void;
  receiveEvent?(
    rows: RowTable,
    row: number,
    batch: EventBatch,
    index: number,
    turn: FamilyTurn,
  ): void;
  receiveRow?(rows: RowTable, row: number, message: unknown, turn: FamilyTurn): void;
  sweep?(rows: RowTable, message: unknown, turn: FamilyTurn): void;
  apply(rows: RowTable, applied: Applied): void;
  condense(rows: RowTable): readonly Applied[];
}

export type AnyDefinition = AnyActor | AnyFamily;

interface Common {
  readonly place: number;
  /** Handlings in this turn so far: how a crash is addressed. */
  ordinal: number;
  /** The next handling that must crash because it crashed when it was recorded; -1 for none. */
  honoured: number;
  isOut: boolean;
}

export interface ActorSlot extends Common {
  readonly type: 'actor';
  readonly definition: AnyActor;
  readonly state: unknown;
}

export interface FamilySlot extends Common {
  readonly type: 'family';
  readonly definition: AnyFamily;
  readonly rows: RowTable;
  /** 1 for a quarantined row. */
  readonly outRows: Uint8Array;
}

export type Slot = ActorSlot | FamilySlot;

export function slotOf(definition: AnyDefinition, place: number, rowsMax: number): Slot {
  const common = { place, ordinal: 0, honoured: -1, isOut: false };
  if ('stride' in definition) {
    const { stride, coldStride, sections } = definition;
    const rows = new RowTable(stride, rowsMax, coldStride, sections);
    return { type: 'family', definition, rows, outRows: new Uint8Array(rowsMax), ...common };
  }
  return { type: 'actor', definition, state: definition.initial(), ...common };
}

/** Is this row, or for rows below 0 the whole actor, out for a while? */
export function isOut(slot: Slot, row: number): boolean {
  return row >= 0 && slot.type === 'family' ? slot.outRows[row] === 1 : slot.isOut;
}

/** A definition resets any row, like `apply`: if it cannot, nothing may go on. */
export function resetRow({ definition, rows }: FamilySlot, row: number): void {
  try {
    definition.resetRow(rows, row);
  } catch (error) {
    throw new InvariantError(`${definition.name} failed to reset a row: ${textOf(error)}`);
  }
}
