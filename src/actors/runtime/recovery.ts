import { ByteReader, DecodeError } from '../../core/bytes.ts';
import { EventBatch } from '../../domain/market/event-batch.ts';
import { readEvents } from '../../domain/market/event-codec.ts';
import { EFFECT_TRAITS, type Requested } from '../../ports/effect.ts';
import { type Input, INPUTS, inputCodec } from '../../ports/input.ts';
import type { JournalRecord } from '../../ports/journal.ts';
import {
  RECORD_INPUT,
  RECORD_MARKET,
  RECORD_TURN,
  readTurn,
  type RecordedTurn,
  type TurnItem,
} from '../../ports/turn-record.ts';
import type { Kernel } from './kernel.ts';
import { loadSnapshot, placesByName, timerByName } from './snapshot.ts';

/** Where a recovered session goes on, and what it owes the world. */
export interface Recovered {
  readonly sequence: number;
  readonly hashHigh: number;
  readonly hashLow: number;
  /** Lives so far. */
  readonly life: number;
  /** Market frames taken so far. */
  readonly frames: number;
  /**
   * What became of an input whose turn the journal does not hold: its life ended before, so nobody
   * acted on it. The first time the sequencer takes it again by itself (market frames are given
   * again by their source). What ended the process twice is skipped.
   */
  readonly untaken: 'none' | 'again' | 'skipped';
  /** Requested, never answered, harmless to ask again. */
  readonly reissue: readonly Requested[];
  /** Requested, never answered, and nobody knows what became of them. */
  readonly enquire: readonly Requested[];
}

export interface RecoverOptions {
  readonly kernel: Kernel;
  readonly snapshot?: Uint8Array | undefined;
  /** Visits every record of the session in order; those the snapshot covers are passed over. */
  readonly read: (visit: (record: JournalRecord) => void) => void;
  /** Stop before this record; for `verify`, which recovers where the session itself did. */
  readonly before?: number;
  readonly batch?: EventBatch;
  /**
   * Hears what each record's turn produced, also what the journal has only the hash of, when all
   * of it has taken effect.
   */
  readonly heard?: (sequence: number, items: readonly TurnItem[], nowUs: number) => void;
}

/**
 * Snapshot and records to state. Decisions are applied, never decided again, so it works with any
 * build and any config. Rows learn again from the events since the snapshot.
 */
export function recover(options: RecoverOptions): Recovered {
  const { kernel } = options;
  const batch = options.batch ?? new EventBatch(65_536, 65_536);
  const progress = new Progress(kernel, batch, options.heard);
  if (options.snapshot !== undefined) progress.load(options.snapshot);
  let pending: JournalRecord | undefined;
  const settle = () => {
    if (pending !== undefined) progress.take(pending, undefined, pending.sequence);
    pending = undefined;
  };
  const leave = () => {
    if (pending !== undefined) progress.leave(pending);
    pending = undefined;
  };
  options.read((record) => {
    if (options.before !== undefined && record.sequence >= options.before) return;
    if (record.sequence <= progress.sequence) return;
    if (record.kind !== RECORD_TURN) {
      if (opensLife(record)) leave();
      else settle();
      pending = { ...record, payload: new Uint8Array(record.payload) };
      return;
    }
    if (pending === undefined) throw new DecodeError('a turn without its input', 0);
    progress.take(pending, readTurn(new ByteReader(record.payload)), record.sequence);
    pending = undefined;
  });
  leave();
  return progress.finish();
}

/** Does a life begin here? Then the input before it, if it has no turn, was not taken. */
export function opensLife(record: JournalRecord): boolean {
  return record.kind === RECORD_INPUT && record.payload[0] === INPUTS.opened.id;
}

/** An input that was there at the end of so many lives is what ended them. */
const ENDINGS_MAX = 2;

class Progress {
  sequence = 0;
  #hashHigh = 0;
  #hashLow = 0;
  #life = 0;
  #frames = 0;
  /** The last input that was left, how many lives it ended, and whether it is taken again. */
  #left: JournalRecord | undefined;
  #endings = 0;
  #untaken: Recovered['untaken'] = 'none';
  #again: JournalRecord | undefined;
  readonly #kernel: Kernel;
  readonly #batch: EventBatch;
  readonly #heard: RecoverOptions['heard'];
  #placeOf: (place: number) => number | undefined = (place) => place;

  constructor(kernel: Kernel, batch: EventBatch, heard: RecoverOptions['heard']) {
    this.#kernel = kernel;
    this.#batch = batch;
    this.#heard = heard;
  }

  load(snapshot: Uint8Array): void {
    const place = loadSnapshot(this.#kernel, new ByteReader(snapshot));
    this.sequence = place.sequence;
    this.#hashHigh = place.hashHigh;
    this.#hashLow = place.hashLow;
    this.#life = place.life;
    this.#frames = place.frames;
    this.#placeOf = placesByName(this.#kernel, place.actors);
  }

  /** One input and the turn it caused. */
  take(record: JournalRecord, turn: RecordedTurn | undefined, lastSequence: number): void {
    const kernel = this.#kernel;
    const crashes = (turn?.crashes ?? []).flatMap((crash) => {
      const actor = this.#placeOf(crash.actor);
      return actor === undefined ? [] : [{ ...crash, actor }];
    });
    kernel.beginTurn(crashes);
    kernel.rewarm(true);
    if (record.kind === RECORD_MARKET) this.#market(record);
    else if (record.kind === RECORD_INPUT) this.#input(record);
    kernel.rewarm(false);
    const { items } = kernel.endTurn();
    this.#hashHigh = turn?.hashHigh ?? record.hashHigh;
    this.#hashLow = turn?.hashLow ?? record.hashLow;
    if (turn !== undefined) this.#applyTurn(record.sequence, turn);
    const produced = turn === undefined ? items : [...items, ...turn.items];
    this.#heard?.(record.sequence, produced, kernel.nowUs);
    this.sequence = lastSequence;
    if (record.kind === this.#left?.kind && !opensLife(record)) this.#forgetLeft();
  }

  /** Its kind went on without ending the life: what was left is taken by now. */
  #forgetLeft(): void {
    this.#left = undefined;
    this.#again = undefined;
    this.#endings = 0;
    this.#untaken = 'none';
  }

  /** An input that its life did not live to finish. */
  leave(record: JournalRecord): void {
    this.sequence = record.sequence;
    this.#hashHigh = record.hashHigh; // The hash before it: of the config, if it is the first.
    this.#hashLow = record.hashLow;
    if (opensLife(record)) return; // The next life opens anew.
    const isSame = this.#left !== undefined && isEqual(this.#left, record);
    this.#endings = isSame ? this.#endings + 1 : 1;
    this.#left = record;
    const isSkipped = this.#endings >= ENDINGS_MAX;
    this.#untaken = isSkipped ? 'skipped' : 'again';
    this.#again = isSkipped || record.kind !== RECORD_INPUT ? undefined : record;
    if (isSkipped && record.kind === RECORD_MARKET) {
      readEvents(new ByteReader(record.payload), this.#batch);
      this.#frames += this.#batch.frames;
    }
  }

  finish(): Recovered {
    const reissue: Requested[] = [];
    const enquire: Requested[] = [];
    const again = this.#takenAgain();
    for (const { input, index, requestedUs, effect } of this.#kernel.outstanding.list()) {
      const isAnswered = again?.kind === 'answered' && again.effectInput === input;
      if (isAnswered && again.effectIndex === index) continue;
      const requested = { input, index, requestedUs, effect };
      switch (EFFECT_TRAITS[effect.kind].recovery) {
        case 'reissue':
          reissue.push(requested);
          break;
        case 'enquire':
          enquire.push(requested);
          break;
        case 'forget':
          this.#kernel.outstanding.settle(input, index);
          break;
      }
    }
    return {
      sequence: this.sequence,
      hashHigh: this.#hashHigh,
      hashLow: this.#hashLow,
      life: this.#life,
      frames: this.#frames,
      untaken: this.#untaken,
      reissue,
      enquire,
    };
  }

  #takenAgain(): Input | undefined {
    const record = this.#again;
    if (record === undefined) return undefined;
    const input = inputCodec.read(new ByteReader(record.payload));
    this.#kernel.untaken = { input, nowUs: record.nowUs };
    return input;
  }

  #market(record: JournalRecord): void {
    const batch = this.#batch;
    readEvents(new ByteReader(record.payload), batch);
    for (let frame = 0; frame < batch.frames; frame += 1) {
      this.#kernel.deliverFrame(batch, frame);
    }
    this.#frames += batch.frames;
  }

  #input(record: JournalRecord): void {
    const input = inputCodec.read(new ByteReader(record.payload));
    if (input.kind === 'opened') {
      this.#life = input.life;
      this.#placeOf = placesByName(this.#kernel, input.actors);
    }
    this.#kernel.deliverInput(input, Math.max(record.nowUs, this.#kernel.nowUs));
  }

  #applyTurn(input: number, turn: RecordedTurn): void {
    const kernel = this.#kernel;
    let index = 0;
    for (const item of turn.items) {
      if (item.type === 'fact') {
        kernel.applyRecorded(item.fact, kernel.nowUs);
        continue;
      }
      const actor = this.#placeOf(item.actor);
      if (item.type === 'effect' && actor !== undefined) {
        const { requestedUs, effect } = item;
        kernel.outstanding.add({ input, index, actor, requestedUs, effect });
      }
      index += 1;
    }
    for (const written of turn.timers) {
      const timer = timerByName(written, this.#placeOf);
      if (timer !== undefined) kernel.timers.add(timer);
    }
  }
}

function isEqual(left: JournalRecord, right: JournalRecord): boolean {
  const { kind, payload } = right;
  if (left.kind !== kind || left.payload.length !== payload.length) return false;
  return payload.every((byte, at) => byte === left.payload[at]);
}
