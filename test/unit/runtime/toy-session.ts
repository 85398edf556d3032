import { ByteWriter } from '../../../src/core/bytes.ts';
import { Hash64 } from '../../../src/core/hash.ts';
import { symbolId } from '../../../src/core/ids.ts';
import type { Probe } from '../../../src/actors/runtime/handling.ts';
import { type FailurePolicy, Kernel } from '../../../src/actors/runtime/kernel.ts';
import { Sequencer } from '../../../src/actors/runtime/sequencer.ts';
import type { AnyDefinition } from '../../../src/actors/runtime/slot.ts';
import { startHash } from '../../../src/actors/runtime/verify.ts';
import { VirtualDriver } from '../../../src/actors/runtime/virtual-driver.ts';
import { type EventBatch, GAP, TRADE } from '../../../src/domain/market/event-batch.ts';
import type { Requested } from '../../../src/ports/effect.ts';
import type { Input } from '../../../src/ports/input.ts';
import type { Journal, JournalRecord } from '../../../src/ports/journal.ts';
import type { MarketSource, TimedInput } from '../../../src/ports/market-source.ts';
import type { Agenda, SimulatedPart } from '../../../src/ports/simulated-world.ts';
import type { TurnRecord } from '../../../src/ports/turn-record.ts';
import { execution, halted, risk, strategy } from './toy-actors.ts';
import { averages, prices } from './toy-families.ts';
import { ACCOUNT, tableOf, TOY_NAMES, type ToyName, type ToyOptions } from './toy-messages.ts';

export const START_US = 1_700_000_000_000_000;
export const CONFIG = 'toy-config';

export interface ToyEvent {
  /** -1 for a gap of the whole channel. */
  readonly symbol: number;
  /** 0 for a gap. */
  readonly price: number;
}

export interface ToyFrame {
  readonly atUs: number;
  readonly events: readonly ToyEvent[];
}

export interface KernelChoice {
  readonly order?: readonly ToyName[];
  readonly toys?: Partial<ToyOptions>;
  readonly policy?: FailurePolicy;
  readonly probe?: Probe;
}

export const POLICY: FailurePolicy = {
  orderPathFailed: (_actor, code, dropped) => [
    halted(code),
    ...dropped.flatMap((effect) =>
      effect.kind === 'submitOrder'
        ? [
            {
              kind: 'released' as const,
              clientOrderId: effect.clientOrderId,
              symbol: effect.symbol,
            },
          ]
        : [],
    ),
  ],
  escalated: (step, actor, code) => [halted(`${step}:${actor}:${code}`)],
};

export function makeKernel({ order = TOY_NAMES, toys, policy, probe }: KernelChoice = {}): Kernel {
  const options: ToyOptions = {
    table: tableOf(order),
    fault: () => undefined,
    quarantineUs: 20_000,
    round: Math.round,
    alpha: 0.2,
    layoutHash: 'prices-1',
    ...toys,
  };
  const toy: Readonly<Record<ToyName, AnyDefinition>> = {
    prices: prices(options),
    averages: averages(options),
    strategy: strategy(options),
    risk: risk(options),
    execution: execution(options),
  };
  return new Kernel({
    definitions: order.map((name) => toy[name]),
    rowsMax: 256,
    messagesMax: 1_000,
    policy: policy ?? POLICY,
    probe,
  });
}

export function opened(kernel: Kernel, life: number): Input {
  const actors = kernel.slots.map(({ definition }) => definition.name);
  const build = { buildId: 'toy', configHash: CONFIG, actors };
  return { kind: 'opened', life, account: ACCOUNT, startingCash: 0, ...build };
}

export function named(symbol: number): Input {
  const name = `S${symbol}`;
  const rest = { assetClass: 'equity', sector: '', isTradable: true } as const;
  return { kind: 'symbolNamed', symbol: symbolId(symbol), name, ...rest };
}

export const SESSION_OPENS: Input = {
  kind: 'sessionChanged',
  phase: 'core',
  date: 20_231_114,
  openUs: START_US,
  closeUs: START_US + 60_000_000,
};

export function commanded(verb: 'halt' | 'resume'): Input {
  return { kind: 'commanded', commandId: verb, verb, account: ACCOUNT, by: 'test', reason: '' };
}

export function addFrame(batch: EventBatch, { atUs, events }: ToyFrame): void {
  for (const { symbol, price } of events) {
    const at = batch.add(price === 0 ? GAP : TRADE, symbol, atUs, 0, 0);
    batch.a[at] = price;
    batch.b[at] = 100;
  }
  batch.endFrame(atUs);
}

export interface MemoryJournal extends Journal {
  readonly records: JournalRecord[];
}

/** Keeps records and loses nothing; the defaults of its other half can be replaced. */
export function memoryJournal(half: Partial<Journal> = {}): MemoryJournal {
  const records: JournalRecord[] = [];
  return {
    records,
    append(kind, sequence, nowUs, { high, low }, payload) {
      const copy = payload instanceof ByteWriter ? payload.copy() : new Uint8Array(payload);
      const hash = { hashHigh: high, hashLow: low };
      records.push({ kind, sequence, nowUs, ...hash, payload: copy });
    },
    flush: () => undefined,
    mark: () => records.length,
    isDurable: () => true,
    requestSync: () => undefined,
    ...half,
  };
}

export interface Plan {
  readonly symbols: number;
  readonly frames: readonly ToyFrame[];
  readonly calendar: readonly TimedInput[];
}

export interface RunChoice extends KernelChoice {
  readonly framesMax?: number;
  /** Events that the batches of the source hold at most. */
  readonly cut?: number;
  readonly onTurn?: (run: ToyRun, record: TurnRecord, input: number) => void;
}

/** A whole session in virtual time, with everything that it left. */
export class ToyRun {
  readonly kernel: Kernel;
  readonly sequencer: Sequencer;
  readonly driver: VirtualDriver;
  readonly journal = memoryJournal();
  readonly requests: Requested[] = [];
  /** Market frames that the kernel has taken. */
  frames = 0;

  constructor(plan: Plan, choice: RunChoice = {}) {
    this.kernel = makeKernel(choice);
    const source = sourceOf(plan, choice.cut ?? 1_024);
    this.driver = new VirtualDriver({ source, services: [toyService()], drainUs: 200_000 });
    this.sequencer = new Sequencer({
      kernel: this.kernel,
      journal: this.journal,
      router: { dispatch: (requested) => this.#dispatch(requested) },
      observers: [{ turn: (input, _nowUs, record) => choice.onTurn?.(this, record, input) }],
      framesMax: choice.framesMax ?? 1,
      hash: startHash(CONFIG),
      sequence: 0,
    });
    this.driver.connect(this.sequencer);
    this.sequencer.accept(opened(this.kernel, 1), START_US);
    for (let symbol = 0; symbol < plan.symbols; symbol += 1) {
      this.sequencer.accept(named(symbol), START_US);
    }
    this.driver.scheduleCalendar();
  }

  run(): this {
    this.driver.run();
    return this;
  }

  get records(): readonly JournalRecord[] {
    return this.journal.records;
  }

  get hash(): string {
    return this.sequencer.hash.hex();
  }

  #dispatch(requested: Requested): void {
    this.requests.push(requested);
    this.driver.dispatch(requested);
  }
}

export function copyOf(hash: { readonly high: number; readonly low: number }): Hash64 {
  const copy = new Hash64();
  copy.set(hash.high, hash.low);
  return copy;
}

function sourceOf({ frames, calendar }: Plan, eventsMax: number): MarketSource {
  let next = 0;
  return {
    name: 'toy',
    symbols: [],
    calendar,
    faults: { count: 0, first: [] },
    next(batch) {
      batch.clear();
      for (let frame = frames[next]; frame !== undefined; frame = frames[next]) {
        if (batch.count > 0 && batch.count + frame.events.length > eventsMax) return true;
        addFrame(batch, frame);
        next += 1;
      }
      return batch.count > 0;
    },
    close: () => undefined,
  };
}

/** Answers after a delay that the effect itself decides, with what the world saw last. */
function toyService(): SimulatedPart {
  let lastPrice = 0;
  return {
    name: 'toy',
    handles: (kind) => kind !== 'enquireOrder' && kind !== 'alert',
    frame(batch, begin, end) {
      for (let at = begin; at < end; at += 1) lastPrice = batch.a[at] ?? 0;
    },
    request(requested, agenda) {
      const arrivesUs = requested.requestedUs + 700;
      agenda.happen(arrivesUs, (nowUs) => answer(requested, nowUs, lastPrice, agenda));
    },
  };
}

function answer(requested: Requested, nowUs: number, lastPrice: number, agenda: Agenda): void {
  const { input: effectInput, index: effectIndex, effect } = requested;
  const id = { kind: 'answered', effectInput, effectIndex } as const;
  const message = String(lastPrice);
  if (effect.kind === 'infer') {
    const scores = effect.features.map((feature) => (feature % 1_000) / 1_000);
    return agenda.enter(nowUs + 900, { ...id, outcome: 'done', scores, modelVersion: 'toy' });
  }
  const isLost = effect.kind === 'submitOrder' && lastPrice % 7 === 0;
  const outcome = isLost ? 'unknown' : 'done';
  agenda.enter(nowUs + (lastPrice % 3) * 400, { ...id, outcome, message });
}
