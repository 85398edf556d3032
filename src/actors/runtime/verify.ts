import { ByteReader, type ByteWriter } from '../../core/bytes.ts';
import { Hash64 } from '../../core/hash.ts';
import { EventBatch } from '../../domain/market/event-batch.ts';
import { readEvents } from '../../domain/market/event-codec.ts';
import { inputCodec } from '../../ports/input.ts';
import type { Journal, JournalRecord } from '../../ports/journal.ts';
import {
  type CrashPoint,
  RECORD_MARKET,
  RECORD_TURN,
  readTurn,
  type TurnItem,
} from '../../ports/turn-record.ts';
import type { Kernel } from './kernel.ts';
import { opensLife, type Recovered } from './recovery.ts';
import { Sequencer } from './sequencer.ts';

/** The first place where feeding the recorded inputs again did not give the recorded decisions. */
export interface Divergence {
  readonly sequence: number;
  readonly nowUs: number;
  readonly actor: string;
  readonly field: string;
  readonly recorded: string;
  readonly recomputed: string;
}

export interface Verified {
  readonly records: number;
  readonly decisionHash: string;
  readonly divergence: Divergence | undefined;
}

export interface VerifyOptions {
  /** Visits every record of the session in order. */
  readonly read: (visit: (record: JournalRecord) => void) => void;
  /** A kernel as the session began with. */
  readonly makeKernel: () => Kernel;
  /** The hash the session began with: of its config. */
  readonly configHash: string;
  /** The state that the session itself recovered to before this record, which opens a life. */
  readonly recoverBefore: (kernel: Kernel, sequence: number) => Recovered;
  readonly progress?: (records: number) => void;
}

const PROGRESS_RECORDS = 50_000;

/**
 * Feeds every recorded input again and compares each record it causes with the one in the journal,
 * byte for byte. Stops at the first difference. The last input of a life is passed over if it has
 * no turn: the life ended in it, or it left nothing.
 */
export function verify(options: VerifyOptions): Verified {
  const rerun = new Rerun(options);
  try {
    options.read((record) => rerun.take(record));
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    return rerun.result(error.divergence);
  }
  return rerun.result(undefined);
}

class Rerun {
  readonly #options: VerifyOptions;
  readonly #expected = new ExpectedRecords();
  readonly #batch = new EventBatch(65_536, 65_536);
  #kernel: Kernel;
  #sequencer: Sequencer;
  #pending: JournalRecord | undefined;

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#kernel = options.makeKernel();
    const hash = startHash(options.configHash);
    this.#sequencer = sequencerFor(this.#kernel, this.#expected, hash, 0);
  }

  /** An input waits until it is known whether a turn follows it. */
  take(record: JournalRecord): void {
    // By hand: `slice` of a Node buffer would be a view of what the next record replaces.
    const copy = { ...record, payload: new Uint8Array(record.payload) };
    if (record.kind !== RECORD_TURN) {
      if (!opensLife(record)) this.#settle();
      this.#pending = copy;
      return;
    }
    const input = this.#pending;
    this.#pending = undefined;
    if (input === undefined) {
      this.#expected.expect([copy]);
      this.#expected.diverge(this.#kernel, 'no input', []);
      return this.#expected.check();
    }
    this.#feed(input, [input, copy]);
  }

  /** Not called for the last input of a life: without a turn it was not taken. */
  #settle(): void {
    const input = this.#pending;
    this.#pending = undefined;
    if (input !== undefined) this.#feed(input, [input]);
  }

  result(divergence: Divergence | undefined): Verified {
    const decisionHash = this.#sequencer.hash.hex();
    return { records: this.#expected.taken, decisionHash, divergence };
  }

  #feed(record: JournalRecord, expected: readonly JournalRecord[]): void {
    this.#expected.expect(expected);
    try {
      this.#deliver(record);
    } catch (error) {
      this.#expected.check(); // What went another way first is what is to be told.
      throw error;
    }
    if (this.#expected.isOpen) this.#sequencer.seal(); // As the session did, if it did.
    if (this.#expected.isOpen) this.#expected.diverge(this.#kernel, 'nothing', []);
    this.#expected.check();
    const { taken } = this.#expected;
    if (taken % PROGRESS_RECORDS < expected.length) this.#options.progress?.(taken);
  }

  #deliver(record: JournalRecord): void {
    const reader = new ByteReader(record.payload);
    if (record.kind === RECORD_MARKET) {
      readEvents(reader, this.#batch);
      this.#sequencer.acceptMarket(this.#batch, 0);
    } else {
      const input = inputCodec.read(reader);
      if (input.kind === 'opened' && record.sequence > 1) this.#recover(record.sequence);
      this.#sequencer.accept(input, record.nowUs);
    }
  }

  #recover(sequence: number): void {
    this.#kernel = this.#options.makeKernel();
    const recovered = this.#options.recoverBefore(this.#kernel, sequence);
    this.#kernel.untaken = undefined; // The journal has it: it comes as the next record.
    const hash = new Hash64();
    hash.set(recovered.hashHigh, recovered.hashLow);
    this.#sequencer = sequencerFor(this.#kernel, this.#expected, hash, recovered.sequence);
  }
}

/** A session's hash begins with its config, so that another threshold is another hash. */
export function startHash(configHash: string): Hash64 {
  const hash = new Hash64();
  hash.text(configHash);
  return hash;
}

class Diverged extends Error {
  override readonly name = 'Diverged';
  readonly code = 'VERIFY_DIVERGED';
  readonly divergence: Divergence;

  constructor(divergence: Divergence) {
    super(`record ${divergence.sequence} differs`);
    this.divergence = divergence;
  }
}

function sequencerFor(
  kernel: Kernel,
  expected: ExpectedRecords,
  hash: Hash64,
  sequence: number,
): Sequencer {
  return new Sequencer({
    kernel,
    journal: expected.journal(kernel),
    router: { dispatch: () => undefined },
    observers: [],
    framesMax: Number.MAX_SAFE_INTEGER,
    hash,
    sequence,
    honoured: () => expected.crashes(),
  });
}

/** The recorded records as the journal that the re-run must write. */
class ExpectedRecords {
  taken = 0;
  #waiting: JournalRecord[] = [];
  /** The record compared last: where a turn is missing, it is missing after this one. */
  #last: JournalRecord | undefined;
  #found: Diverged | undefined;

  get isOpen(): boolean {
    return this.#waiting.length > 0;
  }

  expect(records: readonly JournalRecord[]): void {
    this.#waiting = [...records];
  }

  /** Crashes recorded by the turn of the input that is fed now. */
  crashes(): readonly CrashPoint[] {
    const turn = this.#waiting.find(({ kind }) => kind === RECORD_TURN);
    return turn === undefined ? [] : readTurn(new ByteReader(turn.payload)).crashes;
  }

  /** Throws the first difference, if there was one. */
  check(): void {
    if (this.#found !== undefined) throw this.#found;
  }

  journal(kernel: Kernel): Journal {
    return {
      append: (kind, sequence, _nowUs, hash, payload) =>
        this.#compare(kernel, kind, sequence, hash, payload),
      flush: () => undefined,
      mark: () => 0,
      isDurable: () => true,
      requestSync: () => undefined,
    };
  }

  /** Notes the first difference; thrown inside an append it would pass for a refused write. */
  diverge(kernel: Kernel, recomputed: string, items: readonly TurnItem[]): void {
    if (this.#found !== undefined) return;
    const record = this.#waiting[0] ?? this.#last;
    const turn =
      record?.kind === RECORD_TURN ? readTurn(new ByteReader(record.payload)) : undefined;
    this.#found = new Diverged({
      sequence: record?.sequence ?? 0,
      nowUs: record?.nowUs ?? 0,
      ...firstDifference(kernel, turn?.items ?? [], items, recomputed),
    });
  }

  #compare(
    kernel: Kernel,
    kind: number,
    sequence: number,
    hash: Hash64,
    payload: ByteWriter | Uint8Array,
  ): void {
    const record = this.#waiting[0];
    const bytes = payload instanceof Uint8Array ? payload : payload.view();
    const items = kind === RECORD_TURN ? readTurn(new ByteReader(bytes)).items : [];
    if (record === undefined || record.kind !== kind || record.sequence !== sequence) {
      return this.diverge(kernel, kind === RECORD_TURN ? 'a turn' : 'an input', items);
    }
    const hasHash = record.hashHigh >> 0 === hash.high && record.hashLow >> 0 === hash.low;
    if (!hasHash || !isEqual(record.payload, bytes)) {
      return this.diverge(kernel, hasHash ? 'other bytes' : 'another hash', items);
    }
    this.#last = this.#waiting.shift();
    this.taken += 1;
  }
}

function firstDifference(
  kernel: Kernel,
  recorded: readonly TurnItem[],
  recomputed: readonly TurnItem[],
  summary: string,
): Pick<Divergence, 'actor' | 'field' | 'recorded' | 'recomputed'> {
  for (let at = 0; at < Math.max(recorded.length, recomputed.length); at += 1) {
    const left = fieldsOf(recorded[at]);
    const right = fieldsOf(recomputed[at]);
    const place = recorded[at]?.actor ?? recomputed[at]?.actor ?? 0;
    const actor = kernel.slots[place]?.definition.name ?? 'supervisor';
    for (const field of new Set([...left.keys(), ...right.keys()])) {
      const [was, is] = [left.get(field) ?? 'absent', right.get(field) ?? 'absent'];
      if (was !== is) return { actor, field, recorded: was, recomputed: is };
    }
  }
  return { actor: 'runtime', field: 'record', recorded: 'the journal', recomputed: summary };
}

function fieldsOf(item: TurnItem | undefined): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  if (item === undefined) return fields;
  const content =
    item.type === 'fact' ? item.fact : item.type === 'effect' ? item.effect : { ...item };
  const kind = item.type === 'digest' ? item.effectKind : 'kind' in content ? content.kind : '';
  fields.set('kind', String(kind));
  for (const [name, value] of Object.entries(content)) {
    fields.set(`${String(kind)}.${name}`, wordsOf(value));
  }
  return fields;
}

/** Numbers as they are: JSON has one word for every NaN and infinity, and for both zeros. */
function wordsOf(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return JSON.stringify(value) ?? 'absent';
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}
