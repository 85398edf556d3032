import { ByteReader } from '../../../src/core/bytes.ts';
import { Hash64 } from '../../../src/core/hash.ts';
import type { Kernel } from '../../../src/actors/runtime/kernel.ts';
import { type Recovered, recover } from '../../../src/actors/runtime/recovery.ts';
import { Sequencer } from '../../../src/actors/runtime/sequencer.ts';
import { writeSnapshot } from '../../../src/actors/runtime/snapshot.ts';
import { EventBatch } from '../../../src/domain/market/event-batch.ts';
import { readEvents } from '../../../src/domain/market/event-codec.ts';
import { type Input, inputCodec } from '../../../src/ports/input.ts';
import type { JournalRecord } from '../../../src/ports/journal.ts';
import { RECORD_INPUT, RECORD_MARKET, RECORD_TURN } from '../../../src/ports/turn-record.ts';
import { stateOf } from './kernel-state.ts';
import { makeKernel, memoryJournal, type KernelChoice, type ToyRun } from './toy-session.ts';

/** What a session was after each record, to compare recoveries with. */
export class Witness {
  readonly states = new Map<number, Readonly<Record<string, unknown>>>();
  readonly snapshots = new Map<number, Uint8Array>();
  readonly hashes = new Map<number, string>();
  #frames = 0;
  #seen = 0;

  /** To be called after every turn. */
  see(run: ToyRun): void {
    const { kernel, sequencer, records } = run;
    const { sequence, hash } = sequencer;
    for (; this.#seen < records.length; this.#seen += 1) {
      const record = records[this.#seen];
      if (record?.kind === RECORD_MARKET) this.#frames += framesOf(record);
    }
    this.states.set(sequence, stateOf(kernel));
    this.hashes.set(sequence, hash.hex());
    const place = { sequence, hashHigh: hash.high, hashLow: hash.low, life: 1 };
    this.snapshots.set(sequence, writeSnapshot(kernel, { ...place, frames: this.#frames }));
  }
}

export function visitorOf(records: readonly JournalRecord[]) {
  return (visit: (record: JournalRecord) => void) => records.forEach((record) => visit(record));
}

/** A session that was cut and goes on: the kernel, where it stands, and what was left over. */
export class Continued {
  readonly kernel: Kernel;
  readonly recovered: Recovered;
  readonly journal = memoryJournal();
  readonly #sequencer: Sequencer;

  constructor(records: readonly JournalRecord[], choice: KernelChoice, snapshot?: Uint8Array) {
    this.kernel = makeKernel(choice);
    const { kernel } = this;
    this.recovered = recover({ kernel, snapshot, read: visitorOf(records) });
    const hash = new Hash64();
    hash.set(this.recovered.hashHigh, this.recovered.hashLow);
    this.#sequencer = new Sequencer({
      kernel,
      journal: this.journal,
      router: { dispatch: () => undefined },
      observers: [],
      framesMax: 64,
      hash,
      sequence: this.recovered.sequence,
    });
  }

  get hash(): string {
    return this.#sequencer.hash.hex();
  }

  /**
   * Feeds the inputs that the whole session had after the cut. Inputs are numbered `shift` higher
   * than there from record `from` on, so the effects that answers belong to are too.
   */
  goOn(rest: readonly JournalRecord[], shift: number, from: number): void {
    for (const record of rest) {
      if (record.kind === RECORD_MARKET) this.#market(record);
      if (record.kind === RECORD_INPUT) this.#input(record, shift, from);
    }
  }

  accept(input: Input, atUs: number): void {
    this.#sequencer.accept(input, atUs);
  }

  #market(record: JournalRecord): void {
    const batch = new EventBatch(256, 256);
    readEvents(new ByteReader(record.payload), batch);
    for (let frame = 0; frame < batch.frames;) {
      frame += this.#sequencer.acceptMarket(batch, frame);
    }
  }

  #input(record: JournalRecord, shift: number, from: number): void {
    const input = inputCodec.read(new ByteReader(record.payload));
    const isShifted = input.kind === 'answered' && input.effectInput >= from;
    this.#sequencer.accept(
      isShifted ? { ...input, effectInput: input.effectInput + shift } : input,
      record.nowUs,
    );
  }
}

/** The last record is an input whose turn is not there. */
export function isUntaken(records: readonly JournalRecord[]): boolean {
  return records.at(-1)?.kind !== RECORD_TURN;
}

function framesOf(record: JournalRecord): number {
  const batch = new EventBatch(256, 256);
  readEvents(new ByteReader(record.payload), batch);
  return batch.frames;
}
