import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { Answer, Input, InputKind } from '../../ports/input.ts';
import type { Effect, EffectKind } from '../../ports/effect.ts';
import type { Fact, FactKind } from '../../ports/fact.ts';
import type { RowTable } from './row-table.ts';

declare const phantom: unique symbol;
/** An actor's place in the table of actors, knowing what may be sent there. */
export type Address<Message> = number & { readonly [phantom]: (message: Message) => void };
/** The same for a family, whose messages go to a row. */
export type FamilyAddress<RowMessage> = number & {
  readonly [phantom]: (message: RowMessage, row: number) => void;
};

export function address<Message>(place: number): Address<Message> {
  return place as Address<Message>;
}

export function familyAddress<RowMessage>(place: number): FamilyAddress<RowMessage> {
  return place as FamilyAddress<RowMessage>;
}

/** What is applied to state, live and on recovery alike: our decisions, and the world's word. */
export type Applied = Fact | Input;
export type AppliedKind = FactKind | InputKind;
export type AppliedOf<Kind extends AppliedKind> = Extract<Applied, { kind: Kind }>;

/** How often an actor (or a row) may crash within a span of input time, and what follows then. */
export interface Restart {
  readonly restartsMax: number;
  readonly withinUs: number;
  /** `quarantine`: out for a while. `noEntries`, `stop`: steps of the ladder, at once. */
  readonly then: 'quarantine' | 'noEntries' | 'stop';
  readonly quarantineUs: number;
}

/**
 * An actor with facts. `decide` only reads and may throw; `apply` is total and the only writer.
 * Live runs `apply` over what was just decided, recovery over the journal: the same code.
 */
export interface ActorDefinition<State, Message, Kind extends AppliedKind> {
  readonly name: string;
  readonly restart: Restart;
  /** Risk, execution and portfolio fail as one: a throw halts the account's trading. */
  readonly isOrderPath: boolean;
  /** Inputs delivered to it as messages. */
  readonly hears: readonly InputKind[];
  readonly applies: readonly Kind[];
  initial(): State;
  decide(state: State, message: Message, turn: Turn): readonly Fact[];
  apply(state: State, applied: AppliedOf<Kind>): void;
  /** Facts that rebuild this state from nothing, for snapshots that any later build can read. */
  condense(state: State): readonly Applied[];
}

/**
 * A family: one definition, a row of doubles for every symbol. Rows mutate in place; the runtime
 * restores a row when its handler throws. A row's numbers may depend on market events, on sweeps
 * and on messages between families, never on what a single actor decided: that is what makes a
 * row rebuildable from a checkpoint and the events since. Decisions reach rows by `apply` only.
 */
export interface FamilyDefinition<RowMessage, Kind extends AppliedKind> {
  readonly name: string;
  readonly restart: Restart;
  readonly hears: readonly InputKind[];
  readonly applies: readonly Kind[];
  /** Doubles in a row. */
  readonly stride: number;
  /** Doubles beside a row that few messages touch (`RowTable.openCold`). Left out: none. */
  readonly coldStride?: number;
  /**
   * Where sections of a row begin, after the first, which is always open: a handler opens the
   * others before it writes there (`RowTable.openSection`). Left out: a row is one section.
   */
  readonly sections?: readonly number[];
  /** Of the meaning of the doubles: a checkpoint of another layout is not loaded. */
  readonly layoutHash: string;
  /** A row that has seen nothing. Leaves alone what `apply` wrote: decisions outlive a crash. */
  resetRow(rows: RowTable, row: number): void;
  /** One market event of one row. */
  receiveEvent?(
    rows: RowTable,
    row: number,
    batch: EventBatch,
    index: number,
    turn: FamilyTurn,
  ): void;
  receiveRow?(rows: RowTable, row: number, message: RowMessage, turn: FamilyTurn): void;
  /**
   * Timers, inputs and replies of the whole family: reads rows, sends, records; never writes a row
   * itself, so a throw leaves nothing half done.
   */
  sweep?(rows: RowTable, message: SweepMessage, turn: FamilyTurn): void;
  apply(rows: RowTable, applied: AppliedOf<Kind>): void;
  /** Facts that rebuild what `apply` wrote, for a build whose rows mean something else. */
  condense(rows: RowTable): readonly Applied[];
}

/** What a handler may do. All of it is undone if the handler throws. */
export interface Turn {
  /** The input's time in microseconds UTC: the only time there is. */
  readonly nowUs: number;
  send<Message>(to: Address<Message>, message: Message): void;
  /**
   * Asks the world; the one final answer comes back as a `replied` message. Not of effects that the
   * journal keeps only as a hash: those are sent off, and neither answered nor counted here.
   */
  request(effect: Effect): void;
  /** Comes back to this actor as a `timer` message, no earlier than `dueUs`. Twice is once. */
  schedule(dueUs: number, tag: string, key: number): void;
  /** Effects of a kind that this actor has requested and that are not answered yet. */
  outstanding(kind: EffectKind): number;
}

export interface FamilyTurn extends Turn {
  sendRow<RowMessage>(to: FamilyAddress<RowMessage>, row: number, message: RowMessage): void;
  record(fact: Fact): void;
}

export interface TimerMessage {
  readonly kind: 'timer';
  readonly tag: string;
  readonly key: number;
}

export type SweepMessage = TimerMessage | ReplyMessage | Input;

export interface ReplyMessage {
  readonly kind: 'replied';
  readonly effect: Effect;
  readonly answer: Answer;
}
