import { assert, present } from '../../core/assert.ts';
import { ByteReader } from '../../core/bytes.ts';
import type { Kernel } from '../../actors/runtime/kernel.ts';
import type { TurnObserver } from '../../actors/runtime/sequencer.ts';
import { timeframeOf } from '../../domain/features/timeframe.ts';
import { EventBatch } from '../../domain/market/event-batch.ts';
import { readEvents } from '../../domain/market/event-codec.ts';
import { type Input, inputCodec } from '../../ports/input.ts';
import type { JournalRecord } from '../../ports/journal.ts';
import type { RowBatch } from '../../ports/time-series.ts';
import {
  readTurn,
  RECORD_INPUT,
  RECORD_MARKET,
  RECORD_TURN,
  type TurnItem,
  type TurnRecord,
} from '../../ports/turn-record.ts';
import { AnswerTimes } from './answer-times.ts';
import { DecisionRows } from './decision-rows.ts';
import { IncidentRows } from './incident-rows.ts';
import { type KnownLayout, LearnedRows } from './learned-rows.ts';
import { learnedState, type LearnedState, type Warmths } from './learned-state.ts';
import { MarketRows } from './market-rows.ts';
import { OwnBars } from './own-bars.ts';
import { SymbolNames } from './symbol-names.ts';
import type { RowsTaken, TableRows } from './table-rows.ts';
import type { TurnPlace } from './turn-place.ts';

export interface StoreFeedOptions {
  readonly session: string;
  /** Whose market it is: real prices and simulated ones never stand side by side. */
  readonly feed: string;
  readonly ticks: 'all' | 'trades' | 'none';
  readonly layouts: readonly KnownLayout[];
  /** How what rows have learned is read out of them. */
  readonly warmths: Warmths;
  /** Of the bars that the kernel lives by. */
  readonly barSpanUs: number;
  /** Of a table; what is there is handed over when there are so many, or when it is asked for. */
  readonly rowsMax?: number;
  /** Of what is told again, records up to this one make no rows any more: those are safe. */
  readonly safe?: number;
  /** Must not wait. */
  readonly taken: RowsTaken;
}

const ROWS_MAX = 4_096;

/**
 * Makes rows of what a session hears and decides, beside its way and never on it: nothing here is
 * asked for an answer, and a market event costs some stores into columns.
 *
 * What becomes a row follows from the journal's records alone, so they make the same rows when they
 * are told again: after a crash those that may have been lost, and all of them for a store that
 * lacks a session. Written twice they are one, by the keys of their tables.
 */
export class StoreFeed implements TurnObserver {
  /** The last record that was heard of. */
  sequence = 0;
  /** Records up to this one make no rows any more. */
  readonly safe: number;
  readonly #options: StoreFeedOptions;
  readonly #names = new SymbolNames();
  readonly #market: MarketRows;
  readonly #decisions: DecisionRows;
  readonly #incidents: IncidentRows;
  readonly #learned: LearnedRows;
  readonly #times: AnswerTimes;
  readonly #tables: readonly TableRows[];
  readonly #ownBars: OwnBars;
  #state: LearnedState | undefined;
  #input: Input | undefined;
  #turn: Mutable<TurnPlace>;
  #batch: EventBatch | undefined;
  #isMuted: boolean;
  #atUs = 0;

  constructor(options: StoreFeedOptions) {
    this.#options = options;
    const { session, feed, ticks, layouts, barSpanUs, rowsMax = ROWS_MAX, safe = 0 } = options;
    this.safe = safe;
    this.#isMuted = safe > 0;
    const names = this.#names;
    const taken = (batch: RowBatch): void => this.#take(batch);
    const parts = { names, rowsMax, taken, feed };
    this.#turn = { session, sequence: 0, atUs: 0 };
    this.#incidents = new IncidentRows(parts);
    const gap = (batch: EventBatch, event: number): void =>
      this.#incidents.gap(batch, event, this.#turn);
    this.#ownBars = new OwnBars(barSpanUs);
    const isKernels: OwnBars['has'] = (...bar) => this.#ownBars.has(...bar);
    this.#market = new MarketRows({ ...parts, ticks, gap, isKernels });
    this.#decisions = new DecisionRows(parts);
    const learned = (): LearnedState => present(this.#state, 'the kernel whose rows are read');
    const { bars } = this.#market;
    const timeframe = timeframeOf(barSpanUs);
    this.#learned = new LearnedRows({ ...parts, layouts, learned, bars, timeframe });
    this.#times = new AnswerTimes({ ...parts, session });
    const all = [this.#market, this.#decisions, this.#incidents, this.#learned, this.#times];
    this.#tables = all.flatMap(({ tables }) => tables);
  }

  /** Tables of the layouts that are fed; all others are the same for every session. */
  get layoutTables(): readonly RowBatch['table'][] {
    return this.#learned.tables.map(({ table }) => table);
  }

  /** What could not become a row, by why. */
  get passedOver(): Readonly<Record<string, number>> {
    return {
      correctionsUnmatched: this.#market.unmatched,
      layoutsUnknown: this.#learned.unknown,
    };
  }

  /** The kernel that the session runs, or that its journal is told to: its rows are read. */
  bind(kernel: Kernel): void {
    this.#state = learnedState(kernel, this.#options.warmths);
  }

  market(sequence: number, batch: EventBatch, from: number, to: number): void {
    const atUs = to === 0 ? 0 : (batch.frameUs[to - 1] ?? 0);
    this.#begin(sequence, Math.max(atUs, this.#atUs));
    this.#market.take(batch, from, to);
  }

  /** Its number comes with the turn that it causes. */
  input(input: Input): void {
    this.#input = input;
  }

  turn(sequence: number, nowUs: number, record: TurnRecord): void {
    this.#begin(sequence, nowUs);
    const input = this.#input;
    this.#input = undefined;
    if (input !== undefined) this.#hear(input);
    if (record.items.length === 0) return;
    this.#decide(record.items);
    this.learn(sequence, record.items, nowUs);
  }

  /** What the kernel's rows, as they are now, have learned from a record. */
  learn(sequence: number, items: readonly TurnItem[], atUs: number): void {
    if (sequence <= this.safe || items.length === 0) return;
    this.#learned.take(items, { ...this.#turn, sequence, atUs });
  }

  /**
   * A record of the journal makes the rows that it made when it was written, but for what the
   * kernel's rows had learned by then, which `learn` has to be told.
   */
  retell({ kind, sequence, nowUs, payload }: JournalRecord): void {
    const reader = new ByteReader(payload);
    if (kind === RECORD_TURN) {
      // Of the input before it: a turn's rows carry that one's number.
      this.#begin(this.#turn.sequence, nowUs);
      return this.#decide(readTurn(reader).items);
    }
    if (this.#isMuted && sequence > this.safe) this.#unmute();
    if (kind === RECORD_MARKET) {
      this.#batch ??= new EventBatch(65_536, 65_536);
      readEvents(reader, this.#batch);
      this.market(sequence, this.#batch, 0, this.#batch.frames);
    } else if (kind === RECORD_INPUT) {
      this.#begin(sequence, nowUs);
      this.#hear(inputCodec.read(reader));
    }
  }

  endRetelling(): void {
    this.#unmute();
    this.#batch = undefined;
  }

  rowsRefused(table: string, detail: string): void {
    this.#incidents.rowsRefused(table, detail, this.#turn);
  }

  /** Rows of something else than turns, such as how long they took. */
  offer(batch: RowBatch): void {
    this.#options.taken(batch);
  }

  /** The session is over, or its journal is told: also what waits for a later record. */
  finish(): void {
    this.#times.finish();
    this.flush();
  }

  /** Hands over what is there. */
  flush(): void {
    for (const table of this.#tables) table.flush();
  }

  #begin(sequence: number, atUs: number): void {
    assert(sequence >= this.#turn.sequence, 'records are told in their order');
    this.#turn.sequence = sequence;
    this.#turn.atUs = atUs;
    this.sequence = sequence;
    this.#atUs = atUs;
    this.#times.pass(atUs);
  }

  #hear(input: Input): void {
    if (input.kind === 'symbolNamed') this.#names.name(input.symbol, input.name);
    else if (input.kind === 'answered') this.#times.answered(input, this.#atUs);
    this.#ownBars.input(input);
    this.#incidents.input(input, this.#turn);
  }

  #decide(items: readonly TurnItem[]): void {
    this.#times.asked(this.sequence, items);
    for (const item of items) {
      if (item.type !== 'fact') continue;
      this.#decisions.take(item.fact, this.#turn);
      this.#ownBars.fact(item.fact);
      this.#incidents.fact(item.fact, this.#turn);
    }
    this.#decisions.endTurn();
  }

  #take(batch: RowBatch): void {
    if (!this.#isMuted) this.#options.taken(batch);
  }

  /** What is there is of records that are safe. */
  #unmute(): void {
    if (!this.#isMuted) return;
    this.flush();
    this.#isMuted = false;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
