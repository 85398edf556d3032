import { ByteReader, type ByteWriter } from '../src/core/bytes.ts';
import { Hash64 } from '../src/core/hash.ts';
import { ACTORS } from '../src/actors/kernel/actor-table.ts';
import { type Address, address, type Applied } from '../src/actors/runtime/definition.ts';
import { type FailurePolicy, Kernel } from '../src/actors/runtime/kernel.ts';
import { recover } from '../src/actors/runtime/recovery.ts';
import { Sequencer } from '../src/actors/runtime/sequencer.ts';
import type { AnyActor, AnyDefinition } from '../src/actors/runtime/slot.ts';
import { loadSnapshot, writeSnapshot } from '../src/actors/runtime/snapshot.ts';
import { EventBatch } from '../src/domain/market/event-batch.ts';
import type { EffectKind, Requested } from '../src/ports/effect.ts';
import type { Fact, FactKind, FactOf } from '../src/ports/fact.ts';
import type { Answer, Input } from '../src/ports/input.ts';
import type { Journal, JournalRecord } from '../src/ports/journal.ts';
import type { TurnRecord } from '../src/ports/turn-record.ts';

export interface HarnessOptions {
  /** The definitions under test, each for the place it has in the table of actors. */
  readonly actors: readonly (readonly [place: number, definition: AnyDefinition])[];
  readonly startUs?: number;
  readonly rowsMax?: number;
  /** Default: a crash is followed by no facts. */
  readonly policy?: FailurePolicy;
  /** A handler may throw; if not said, a crash fails the test that caused it. */
  readonly mayCrash?: boolean;
}

/** What an answer says; the id of the effect is added. */
export type AnswerWords = Omit<Answer, 'kind' | 'effectInput' | 'effectIndex'>;

/**
 * Actors of the kernel, run by the real kernel, sequencer and recovery, with a journal in memory
 * and nobody outside: the test is the world. All other places of the table are taken by probes
 * that keep what they are sent. Time moves when the test says so.
 */
export class KernelHarness {
  readonly kernel: Kernel;
  /** Everything decided so far, in order. */
  readonly facts: Fact[] = [];
  /** Everything requested so far, in order. */
  readonly effects: Requested[] = [];
  readonly #options: HarnessOptions;
  readonly #sequencer: Sequencer;
  readonly #records: JournalRecord[];
  readonly #heard = new Map<number, unknown[]>();
  #words: { readonly to: number; readonly message: unknown }[] = [];
  #decided: readonly Fact[] = [];
  #factsTaken = 0;
  #effectsTaken = 0;

  constructor(options: HarnessOptions, records: readonly JournalRecord[] = []) {
    this.#options = options;
    this.#records = [...records];
    this.kernel = new Kernel({
      definitions: this.#definitions(),
      rowsMax: options.rowsMax ?? 16,
      messagesMax: 100_000,
      policy: options.policy ?? { orderPathFailed: () => [], escalated: () => [] },
    });
    this.kernel.nowUs = options.startUs ?? 1_700_000_000_000_000;
    const { sequence, hash } = records.length === 0 ? START : this.#recover(records);
    this.#sequencer = new Sequencer({
      kernel: this.kernel,
      journal: memoryJournal(this.#records),
      router: { dispatch: (requested) => this.effects.push(requested) },
      observers: [{ turn: (_sequence, _nowUs, record) => this.#see(record) }],
      framesMax: 64,
      hash: new Hash64(),
      sequence,
    });
    this.#sequencer.hash.set(hash.high, hash.low);
  }

  get nowUs(): number {
    return this.kernel.nowUs;
  }

  get hash(): string {
    return this.#sequencer.hash.hex();
  }

  /** The world says something, now. */
  input(input: Input): void {
    this.#sequencer.accept(input, this.nowUs);
  }

  market(batch: EventBatch): void {
    for (let frame = 0; frame < batch.frames;) {
      frame += this.#sequencer.acceptMarket(batch, frame);
    }
  }

  /** Another actor says something, now: messages arrive in one turn, in this order. */
  tell<Message>(to: Address<Message>, ...messages: readonly Message[]): void {
    for (const message of messages) this.#words.push({ to, message });
    this.#speak();
  }

  /** Another actor decides something, now: everybody who applies these facts does. */
  record(...facts: readonly Fact[]): void {
    this.#decided = facts;
    this.#speak();
  }

  /** Time passes; every timer runs at its own time. */
  advance(byUs: number): void {
    this.#sequencer.accept({ kind: 'timePassed' }, this.nowUs + byUs);
  }

  answer({ input, index }: Requested, words: AnswerWords): void {
    this.input({ kind: 'answered', effectInput: input, effectIndex: index, ...words });
  }

  /** Requested and not answered yet, oldest first. */
  pending(kind?: EffectKind): readonly Requested[] {
    const open = this.kernel.outstanding.list();
    return kind === undefined ? open : open.filter(({ effect }) => effect.kind === kind);
  }

  /** The facts of some kinds so far; of all kinds if none is named. */
  factsOf<Kind extends FactKind>(...kinds: readonly Kind[]): readonly FactOf<Kind>[] {
    return this.facts.filter((fact): fact is FactOf<Kind> => isAmong(fact.kind, kinds));
  }

  /** Facts since this was last asked. */
  takeFacts(): readonly Fact[] {
    const taken = this.facts.slice(this.#factsTaken);
    this.#factsTaken = this.facts.length;
    return taken;
  }

  /** Effects since this was last asked. */
  takeEffects(): readonly Requested[] {
    const taken = this.effects.slice(this.#effectsTaken);
    this.#effectsTaken = this.effects.length;
    return taken;
  }

  /** What the probe at a place was sent. */
  heard(place: number): readonly unknown[] {
    return this.#heard.get(place) ?? [];
  }

  /** The state of an actor, as the facts that would rebuild it. */
  condensed(place: number): readonly Applied[] {
    const slot = this.kernel.slots[place];
    if (slot === undefined) throw new Error(`no actor has place ${place}`);
    return slot.type === 'actor'
      ? slot.definition.condense(slot.state)
      : slot.definition.condense(slot.rows);
  }

  snapshot(): Uint8Array {
    return this.#snapshotOf(this.kernel);
  }

  /** The same actors after a crash: recovered from the journal, with the same effects pending. */
  restarted(): KernelHarness {
    return new KernelHarness(this.#options, this.#records);
  }

  /** The snapshot of a kernel that was loaded from a snapshot of this one. */
  reloadedSnapshot(): Uint8Array {
    const fresh = new KernelHarness(this.#options);
    loadSnapshot(fresh.kernel, new ByteReader(this.snapshot()));
    return this.#snapshotOf(fresh.kernel);
  }

  #speak(): void {
    const timer = { actor: ACTORS.length, dueUs: this.nowUs, tag: 'say', key: 0 };
    this.kernel.timers.add(timer);
    this.#sequencer.accept({ kind: 'timePassed' }, this.nowUs);
  }

  #snapshotOf(kernel: Kernel): Uint8Array {
    const { sequence, hash } = this.#sequencer;
    const place = { sequence, hashHigh: hash.high, hashLow: hash.low, life: 1, frames: 0 };
    return writeSnapshot(kernel, place);
  }

  #recover(records: readonly JournalRecord[]): typeof START {
    const read = (visit: (record: JournalRecord) => void) => records.forEach(visit);
    const { sequence, hashHigh, hashLow } = recover({
      kernel: this.kernel,
      read,
      batch: new EventBatch(4_096, 4_096),
    });
    return { sequence, hash: { high: hashHigh, low: hashLow } };
  }

  #definitions(): readonly AnyDefinition[] {
    const seated = new Map(this.#options.actors);
    const definitions = ACTORS.map((name, place) => seated.get(place) ?? this.#probe(name, place));
    return [...definitions, this.#voice()];
  }

  #see(record: TurnRecord): void {
    for (const item of record.items) if (item.type === 'fact') this.facts.push(item.fact);
    const crash = record.crashes[0];
    if (crash !== undefined && this.#options.mayCrash !== true) {
      throw new Error(`actor ${crash.actor} crashed: ${crash.code} ${crash.message}`);
    }
  }

  /** Keeps what it is sent, and does nothing. */
  #probe(name: string, place: number): AnyActor {
    const heard: unknown[] = [];
    this.#heard.set(place, heard);
    return { ...inert(name), decide: (_state, message) => (heard.push(message), []) };
  }

  /** Says what the test wants said. */
  #voice(): AnyActor {
    return {
      ...inert('voice'),
      decide: (_state, _message, turn) => {
        const words = this.#words;
        this.#words = [];
        for (const { to, message } of words) turn.send(address<unknown>(to), message);
        const facts = this.#decided;
        this.#decided = [];
        return facts;
      },
    };
  }
}

const FRESH = new Hash64();
const START = { sequence: 0, hash: { high: FRESH.high, low: FRESH.low } };

function isAmong<Kind extends string>(kind: string, kinds: readonly Kind[]): kind is Kind {
  return kinds.length === 0 || kinds.some((one) => one === kind);
}

function inert(name: string): Omit<AnyActor, 'decide'> {
  return {
    name,
    restart: { restartsMax: 0, withinUs: 1, then: 'stop', quarantineUs: 0 },
    isOrderPath: false,
    hears: [],
    applies: [],
    initial: () => undefined,
    apply: () => undefined,
    condense: () => [],
  };
}

/** Keeps every record; all of it is safe at once. */
function memoryJournal(records: JournalRecord[]): Journal {
  return {
    append(kind, sequence, nowUs, { high, low }, payload) {
      const bytes = payload instanceof Uint8Array ? payload : written(payload);
      const place = { sequence, nowUs, hashHigh: high, hashLow: low };
      records.push({ kind, ...place, payload: bytes.slice() });
    },
    flush: () => undefined,
    mark: () => records.length,
    isDurable: () => true,
    requestSync: () => undefined,
  };
}

function written({ bytes, length }: ByteWriter): Uint8Array {
  return bytes.subarray(0, length);
}
