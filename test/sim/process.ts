import type { ClientOrderId } from '../../src/core/ids.ts';
import type { Random } from '../../src/core/random.ts';
import { MS, SECOND } from '../../src/core/time.ts';
import type { Kernel } from '../../src/actors/runtime/kernel.ts';
import type { EventBatch } from '../../src/domain/market/event-batch.ts';
import { DiskError } from '../../src/ports/disk.ts';
import { EFFECT_TRAITS, type Requested } from '../../src/ports/effect.ts';
import { type Answer, type Input, INPUT_CLASS } from '../../src/ports/input.ts';
import type { ListedSymbol } from '../../src/ports/market-source.ts';
import type { TurnRecord } from '../../src/ports/turn-record.ts';
import { JournalError } from '../../src/store/journal/journal-error.ts';
import type { JournalSettings } from '../../src/store/journal/journal-writer.ts';
import type { MemoryDisk } from '../faulty-disk.ts';
import type { Auditor } from './auditor.ts';
import type { BrokerLink } from './broker-link.ts';
import { Engine, type EngineHost } from './engine.ts';
import type { Faults } from './faults.ts';
import type { KernelMaker } from './kernel-settings.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { type DiskWatch, SimDisk } from './sim-disk.ts';
import { wordsOf, wordsOfInput } from './words.ts';
import type { WorldAgenda } from './world-agenda.ts';

/** What every process of a session is started with, and who watches it. */
export interface ProcessOptions {
  readonly seed: number;
  readonly random: Random;
  readonly faults: Faults;
  readonly agenda: WorldAgenda;
  readonly link: BrokerLink;
  readonly auditor: Auditor;
  readonly kernels: KernelMaker;
  readonly symbols: readonly ListedSymbol[];
  readonly journal: JournalSettings;
  readonly bug: PlantedBug | undefined;
  readonly framesMax: number;
  /** The engine's clock less the world's. */
  readonly skewUs: () => number;
  /** What a sync takes. */
  readonly syncUs: () => number;
  readonly note: (text: string) => void;
  readonly isTraced: boolean;
  /** Hands over what has to be awaited before the world goes on. */
  readonly wait: (work: () => Promise<unknown>) => void;
}

/** How a process is to die, and after how many more chances to. */
export interface Doom {
  chancesLeft: number;
  readonly how: 'crash' | 'powerLoss' | 'tornWrite';
}

/** What handlers a seed makes throw. */
export const CRASHING_ACTORS: ReadonlySet<string> = new Set([
  'symbols',
  'predictions',
  'strategy/mean-reversion',
  'strategy/momentum',
  'risk',
  'execution',
  'portfolio',
  'reconciliation',
]);

/**
 * One life: the engine, its disk, its end of the wire, its deadlines, and its death. When it is
 * dead nothing it still does has an effect, and `remains` is what its disk kept.
 */
export class Process implements EngineHost, DiskWatch {
  readonly life: number;
  engine: Engine | undefined;
  isDead = false;
  remains: MemoryDisk | undefined;
  /** Chances of the actor that is to throw until it does. */
  actorFault: { readonly actor: string; chancesLeft: number } | undefined;
  #doom: Doom | undefined;
  readonly #options: ProcessOptions;
  readonly #disk: SimDisk;
  #kernel: Kernel | undefined;
  #isSettling = false;

  constructor(options: ProcessOptions, disk: MemoryDisk, life: number, doom: Doom | undefined) {
    this.#options = options;
    this.life = life;
    if (doom !== undefined) this.doomTo(doom);
    this.#disk = new SimDisk(disk, this);
    disk.holdSyncs();
  }

  /** It may fail with the disk, or die: then there is no engine. */
  start(): void {
    const { seed, kernels, symbols, journal, bug, framesMax, note } = this.#options;
    const disk = this.#disk;
    const kernel = kernels.make((_site, actor) => this.#probe(actor));
    this.#kernel = kernel;
    const { nowUs } = this;
    const options = { seed, disk, kernel, journal, symbols, bug, nowUs, framesMax };
    try {
      this.engine = new Engine(options, this);
    } catch (error) {
      const isExpected = error instanceof DiskError || error instanceof JournalError;
      if (!this.isDead && !isExpected) throw error;
      note(`the start failed: ${String(error)}`);
      this.die();
    }
  }

  /** The engine's clock. */
  get nowUs(): number {
    return this.#options.agenda.nowUs + this.#options.skewUs();
  }

  /** When, by the world's clock, the engine's next timer is due. */
  get nextTimerUs(): number {
    const { engine } = this;
    if (engine === undefined || this.isDead) return Number.POSITIVE_INFINITY;
    return engine.sequencer.nextTimerUs - this.#options.skewUs();
  }

  get inner(): MemoryDisk {
    return this.#disk.inner;
  }

  /** Where nothing waits for the device, a loss of power may lose anything: not asked of it. */
  doomTo(doom: Doom): void {
    const isSpared = doom.how === 'powerLoss' && this.#options.journal.durability !== 'fsync';
    this.#doom ??= isSpared ? { ...doom, how: 'crash' } : doom;
  }

  /** Nothing more happens; a death that was to come within a start has not come. */
  reprieve(): void {
    this.#doom = undefined;
    this.actorFault = undefined;
  }

  market(batch: EventBatch): void {
    const { engine } = this;
    if (engine === undefined) return;
    this.#options.auditor.shown(batch, engine.kernel.nowUs);
    engine.market(batch);
  }

  hear(input: Input): void {
    if (this.#options.isTraced) this.#options.note(wordsOfInput(input));
    this.engine?.accept(input, this.nowUs);
  }

  // The engine's host.

  mayDie(): void {
    const doom = this.#doom;
    if (doom === undefined || this.isDead || doom.how === 'tornWrite') return;
    doom.chancesLeft -= 1;
    if (doom.chancesLeft <= 0) this.die();
  }

  recovered(kernel: Kernel): void {
    this.#options.auditor.recovered(this.#disk, kernel);
  }

  turn(sequence: number, nowUs: number, record: TurnRecord): void {
    const { isTraced, note } = this.#options;
    if (isTraced) for (const item of record.items) note(wordsOf(item));
    const { auditor } = this.#options;
    if (this.#kernel !== undefined) auditor.turn({ sequence, nowUs, record }, this.#kernel);
  }

  syncRequested(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    const { agenda, syncUs, wait } = this.#options;
    agenda.add(agenda.nowUs + syncUs(), () => {
      this.#isSettling = false;
      wait(async () => this.engine?.settleDisk());
    });
  }

  dispatch(requested: Requested): void {
    const { agenda, bug } = this.#options;
    switch (requested.effect.kind) {
      case 'submitOrder':
        this.#send(requested, 1);
        if (bug?.attemptId === undefined) return;
        return agenda.add(agenda.nowUs + SECOND, () => {
          if (this.#isOutstanding(requested)) this.#send(requested, 2);
        });
      case 'cancelOrder':
      case 'replaceOrder':
      case 'enquireOrder':
      case 'reconcile':
        return this.#send(requested, 1);
      case 'infer':
        return this.#infer(requested);
      case 'writeRows':
      case 'alert':
      case 'subscribe':
        return this.#answer(requested, 0, { outcome: 'done' });
    }
  }

  withdraw(requested: Requested): void {
    this.#answer(requested, 0, { outcome: 'refused', code: 'WITHDRAWN' });
  }

  // The disk's watch.

  beforeWrite(length: number): number | undefined {
    const doom = this.#doom;
    if (doom?.how !== 'tornWrite' || this.isDead) return undefined;
    doom.chancesLeft -= 1;
    return doom.chancesLeft <= 0 ? this.#options.random.below(Math.max(1, length)) : undefined;
  }

  afterWrite(): void {
    this.mayDie();
  }

  die(): void {
    if (this.isDead) return;
    this.isDead = true;
    this.#disk.isDead = true;
    const { random, note, faults } = this.#options;
    const how = this.#doom?.how;
    if (how !== undefined) faults.count(how);
    const seed = random.below(1_000_000_000);
    this.remains = this.#disk.inner.crash({ powerLoss: how === 'powerLoss', seed });
    note(`the process dies (${how ?? 'by itself'})`);
  }

  /** Not in a start: what is learned again there was no handling of this life. */
  #probe(actor: string): void {
    const fault = this.actorFault;
    if (fault === undefined || this.engine === undefined || fault.actor !== actor) return;
    fault.chancesLeft -= 1;
    if (fault.chancesLeft > 0) return;
    this.actorFault = undefined;
    this.#options.faults.count('actorCrash');
    this.#options.note(`${actor} throws`);
    throw new Error('a planned fault');
  }

  #send(requested: Requested, attempt: number): void {
    const { agenda, link, auditor, journal, bug } = this.#options;
    const { effect, requestedUs } = requested;
    const { deadlineUs, makesExposure } = EFFECT_TRAITS[effect.kind];
    const leftUs = requestedUs + deadlineUs - this.nowUs;
    if (makesExposure && leftUs <= 0) {
      // The disk kept it for too long. It was never sent, and that is certain.
      return this.#answer(requested, 0, { outcome: 'refused', code: 'NEVER_SENT' });
    }
    const id = 'clientOrderId' in effect ? effect.clientOrderId : '';
    if (attempt === 1)
      auditor.dispatched(requested, () => this.#disk.keeps(id, journal.durability));
    const isAsking = effect.kind === 'enquireOrder' || effect.kind === 'reconcile';
    const outcome = isAsking ? 'expired' : 'unknown';
    agenda.add(agenda.nowUs + Math.max(0, leftUs), () => {
      if (this.#isOutstanding(requested)) this.#answer(requested, 0, { outcome, code: 'DEADLINE' });
    });
    const name = bug?.attemptId?.(requested, attempt);
    link.send(name === undefined ? requested : renamed(requested, name));
  }

  #isOutstanding({ input, index }: Requested): boolean {
    return this.engine?.sequencer.isOutstanding(input, index) ?? false;
  }

  /** A model that says anything: orders come of it as of any other. */
  #infer(requested: Requested): void {
    const { effect } = requested;
    const { faults, random } = this.#options;
    if (effect.kind !== 'infer') return;
    const lateUs = faults.strikes('inferenceFails') ? random.below(SECOND) : 0;
    if (lateUs > 500 * MS) return this.#answer(requested, lateUs, { outcome: 'expired' });
    const scores = Float64Array.from(effect.rows, () => random.unit());
    this.#answer(requested, 20 * MS + lateUs, { outcome: 'done', scores, modelVersion: 'sim' });
  }

  #answer(
    { input, index }: Requested,
    afterUs: number,
    words: Omit<Answer, 'kind' | 'effectInput' | 'effectIndex'>,
  ): void {
    const { agenda } = this.#options;
    const id = { kind: 'answered', effectInput: input, effectIndex: index } as const;
    const run = () => this.hear({ ...id, ...words });
    agenda.add(agenda.nowUs + afterUs, run, INPUT_CLASS.answered);
  }
}

function renamed(requested: Requested, clientOrderId: ClientOrderId): Requested {
  const { effect } = requested;
  if (effect.kind !== 'submitOrder') return requested;
  return { ...requested, effect: { ...effect, clientOrderId } };
}
