import { copyEvents } from '../../src/domain/market/copy-events.ts';
import { type AccountId, symbolId, textId } from '../../src/core/ids.ts';
import { Random } from '../../src/core/random.ts';
import { MS, SECOND } from '../../src/core/time.ts';
import { EventBatch } from '../../src/domain/market/event-batch.ts';
import type { Command, Input } from '../../src/ports/input.ts';
import { MemoryDisk } from '../faulty-disk.ts';
import { Auditor } from './auditor.ts';
import { BrokerLink, type Listener } from './broker-link.ts';
import { type Fault, Faults } from './faults.ts';
import { KernelMaker, OPEN_US } from './kernel-settings.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { CRASHING_ACTORS, type Doom, Process, type ProcessOptions } from './process.ts';
import { SimMarket } from './sim-market.ts';
import { Strangers } from './strangers.ts';
import { WorldAgenda } from './world-agenda.ts';

const FRAME_US = 250 * MS;
/** While everything settles little is to be seen. */
const CALM_FRAME_US = 2 * SECOND;
const CAPACITY_BYTES = 1 << 30;

export interface WorldOptions {
  readonly bug: PlantedBug | undefined;
  readonly note: (text: string) => void;
  readonly isTraced: boolean;
}

/** Everything that outlives a process: the market, the broker, the disk, and chance. */
export class World implements Listener {
  readonly agenda = new WorldAgenda(OPEN_US);
  readonly auditor = new Auditor();
  readonly faults: Faults;
  readonly link: BrokerLink;
  readonly market: SimMarket;
  process: Process;
  life = 0;
  isHealed = false;
  readonly #random: Random;
  readonly #options: ProcessOptions;
  readonly #note: (text: string) => void;
  readonly #strangers: Strangers;
  readonly #waits: (() => Promise<unknown>)[] = [];
  /** What this frame shows, and what waits to be handed over. */
  readonly #seen = new EventBatch(64, 64);
  readonly #held = new EventBatch(2_048, 256);
  #isHolding = false;
  #isBlind = false;
  #lost = 0;
  #skewUs = 0;
  #syncUs = MS;
  #commands = 0;

  constructor(seed: number, options: WorldOptions) {
    const random = new Random(seed);
    const { bug, note, isTraced } = options;
    this.#random = random;
    this.#note = note;
    this.faults = new Faults(random.fork(1));
    this.market = new SimMarket(random.fork(2));
    const { agenda, auditor, faults } = this;
    const { symbols } = this.market;
    const wire = { random: random.fork(3), faults, agenda, symbols, listener: this, note };
    this.link = new BrokerLink(wire);
    const wallet = { link: this.link, auditor, faults, agenda, note };
    this.#strangers = new Strangers(random.fork(6), symbols.length, wallet);
    const durability = random.chance(0.8) ? 'fsync' : 'os';
    const bytesMax = random.chance(0.05) ? 300_000 : 1 << 28;
    const sizes = { segmentBytesMax: random.pick([20_000, 1 << 20]), blockBytesMax: 4_096 };
    this.#options = {
      seed,
      random: random.fork(4),
      faults,
      agenda,
      link: this.link,
      auditor,
      kernels: new KernelMaker(random.fork(5), bug),
      symbols,
      journal: { durability, bytesMax, ...sizes },
      bug,
      framesMax: random.pick([1, 64]),
      skewUs: () => this.#skewUs,
      syncUs: () => this.#syncUs,
      note,
      isTraced,
      wait: (work) => this.#waits.push(work),
    };
    note(`profile: ${faults.profile}; ${durability}, ${symbols.length} symbols`);
    this.process = this.#startProcess(new MemoryDisk(CAPACITY_BYTES));
    this.#scheduleFrame();
    this.#scheduleFaults();
  }

  // The wire's listener.

  hear(input: Input): void {
    if (!this.process.isDead) this.process.hear(input);
  }

  /** Everything up to a moment. */
  async runTo(untilUs: number): Promise<void> {
    const { agenda } = this;
    for (;;) {
      const { process } = this;
      const timerUs = process.nextTimerUs;
      const nextUs = Math.min(agenda.nextUs, timerUs);
      if (nextUs > untilUs) break;
      if (timerUs < agenda.nextUs) {
        agenda.nowUs = Math.max(agenda.nowUs, timerUs);
        process.engine?.runTimers(process.nowUs);
      } else {
        agenda.runNext();
      }
      this.auditor.nowUs = agenda.nowUs;
      while (this.#waits.length > 0) await this.#waits.shift()?.();
      this.#bury();
      if (this.auditor.violations.length > 0) return;
    }
    agenda.nowUs = Math.max(agenda.nowUs, untilUs);
  }

  /** No new faults; what is under way ends as it must. */
  heal(): void {
    this.#note('healing begins');
    this.isHealed = true;
    this.faults.heal();
    this.process.reprieve();
    this.link.isDown = false;
    this.#syncUs = MS;
    this.#isBlind = false;
    this.#isHolding = false;
    for (const symbol of this.market.halted) this.#toggleHalt(symbol);
    this.#strangers.leave();
  }

  /** A person speaks. */
  command(verb: Command['verb'], symbol?: number): void {
    this.#commands += 1;
    this.#note(`command ${verb} ${symbol ?? ''}`);
    this.hear({
      kind: 'commanded',
      commandId: `command-${this.#commands}`,
      verb,
      account: textId<AccountId>('SIM'),
      ...(symbol === undefined ? {} : { symbol: symbolId(symbol) }),
      by: 'operator',
      reason: 'simulated',
    });
  }

  /** Of the dead nothing is left but the disk; somebody starts the next. */
  #bury(): void {
    const { process, agenda } = this;
    if (process.engine?.hasFailed === true && !process.isDead) process.die();
    const { remains } = process;
    if (!process.isDead || remains === undefined) return;
    process.remains = undefined;
    remains.capacityBytes = CAPACITY_BYTES;
    const downUs = this.isHealed
      ? 100 * MS
      : 50 * MS + this.#random.below(this.#random.pick([500 * MS, 6 * SECOND]));
    agenda.add(agenda.nowUs + downUs, () => {
      this.process = this.#startProcess(remains);
    });
  }

  #startProcess(disk: MemoryDisk): Process {
    const { faults } = this;
    this.life += 1;
    this.auditor.life = this.life;
    const isDoomed = this.life > 1 && faults.isOn('crashInStart') && faults.strikes('crashInStart');
    const doom = isDoomed ? this.#doom() : undefined;
    const process = new Process(this.#options, disk, this.life, doom);
    this.#note(`life ${this.life} starts`);
    this.process = process;
    process.start();
    this.#bury();
    return process;
  }

  #doom(how = this.#random.pick(['crash', 'powerLoss', 'tornWrite'] as const)): Doom {
    const chances = how === 'tornWrite' ? 4 : 40;
    return { how, chancesLeft: 1 + this.#random.below(chances) };
  }

  // The market.

  #scheduleFrame(): void {
    const { agenda } = this;
    const waitUs = this.isHealed ? CALM_FRAME_US : FRAME_US;
    agenda.add(agenda.nowUs + waitUs, (nowUs) => {
      this.#frame((batch) => this.market.fill(batch, nowUs));
      this.#scheduleFrame();
    });
  }

  /** The venue sees it at once; the engine if nothing is in the way. */
  #frame(fill: (batch: EventBatch) => void): void {
    const { nowUs } = this.agenda;
    const seen = this.#seen;
    seen.clear();
    fill(seen);
    seen.endFrame(nowUs);
    if (seen.frames === 0) return;
    this.link.broker.frame(seen, 0, seen.count, nowUs, this.link.updates);
    if (this.#isBlind || this.process.isDead || this.process.engine === undefined) {
      this.#lost += 1;
      return;
    }
    const held = this.#held;
    if (this.#lost > 0) this.market.markGap(held, this.#lost, nowUs);
    this.#lost = 0;
    copyEvents(seen, 0, seen.count, held);
    held.endFrame(this.process.nowUs);
    if (!this.#isHolding || held.count > 1_900) this.#handOver();
  }

  #handOver(): void {
    const held = this.#held;
    if (held.frames > 0) this.process.market(held);
    held.clear();
  }

  #toggleHalt(symbol: number): void {
    this.#note(`symbol ${symbol} halts or resumes`);
    this.#frame((batch) => this.market.toggleHalt(batch, symbol, this.agenda.nowUs));
  }

  // What goes wrong by itself.

  #scheduleFaults(): void {
    const random = this.#random;
    const { agenda } = this;
    this.#again('crash', () => this.process.doomTo(this.#doom('crash')));
    this.#again('powerLoss', () => this.process.doomTo(this.#doom('powerLoss')));
    this.#again('tornWrite', () => this.process.doomTo(this.#doom('tornWrite')));
    this.#again('slowDisk', () => this.#during('slowDisk', (isOn) => this.#slowDisk(isOn)));
    this.#again('failedSync', () => {
      this.faults.count('failedSync');
      this.process.inner.plan({ operation: 'sync', nth: 1, code: 'DISK_SYNC_FAILED' });
    });
    this.#again('failedWrite', () => {
      this.faults.count('failedWrite');
      const tornAfter = random.below(400);
      this.process.inner.plan({ operation: 'append', nth: 1, code: 'DISK_FAILED', tornAfter });
    });
    this.#again('diskFull', () => {
      this.faults.count('diskFull');
      const { inner } = this.process;
      inner.capacityBytes = inner.usedBytes + random.below(4_000);
    });
    this.#again('clockStep', () => {
      this.faults.count('clockStep');
      this.#skewUs = random.below(4 * SECOND) - 2 * SECOND;
      this.#note(`the clock is ${this.#skewUs} us off`);
    });
    this.#again('actorCrash', () => this.#planActorFault());
    this.#again('brokerOutage', () =>
      this.#during('brokerOutage', (isOn) => this.#breakLink(isOn)),
    );
    this.#again('marketGap', () =>
      this.#during('marketGap', (isOn) => {
        this.#isBlind = isOn;
      }),
    );
    this.#again('marketBurst', () =>
      this.#during('marketBurst', (isOn) => {
        this.#isHolding = isOn;
        if (!isOn) this.#handOver();
      }),
    );
    this.#again('symbolHalt', () => {
      this.faults.count('symbolHalt');
      this.#toggleHalt(random.below(this.market.symbols.length));
    });
    this.#again('operatorCommand', () => {
      this.faults.count('operatorCommand');
      const verbs = ['halt', 'cancelAll', 'flatten', 'ban', 'handsOff', 'resume'] as const;
      const symbol = random.below(this.market.symbols.length);
      this.command(random.pick(verbs), symbol);
      agenda.add(agenda.nowUs + random.below(8 * SECOND), () => {
        if (!this.isHealed) this.command(random.pick(['unban', 'handsOn']), symbol);
      });
    });
    this.#again('strangersOrder', () => this.#strangers.order());
    this.#again('transfer', () => this.#strangers.transfer());
    this.#again('snapshot', () => {
      this.#waits.push(async () => {
        if ((await this.process.engine?.snapshot()) === true) this.faults.count('snapshot');
      });
    });
    this.#resumeLater();
  }

  #again(fault: Fault, strike: () => void): void {
    const waitUs = this.faults.wait(fault);
    if (waitUs === undefined) return;
    const { agenda } = this;
    agenda.add(agenda.nowUs + waitUs, () => {
      if (this.isHealed) return;
      strike();
      this.#again(fault, strike);
    });
  }

  #during(fault: Fault, change: (isOn: boolean) => void): void {
    const { agenda } = this;
    this.faults.count(fault);
    this.#note(`${fault} begins`);
    change(true);
    const lastsUs = this.#random.below(this.#random.pick([SECOND, 8 * SECOND]));
    agenda.add(agenda.nowUs + lastsUs, () => {
      if (this.isHealed) return;
      this.#note(`${fault} ends`);
      change(false);
    });
  }

  #slowDisk(isOn: boolean): void {
    this.#syncUs = isOn ? this.#random.below(this.#random.pick([200 * MS, 9 * SECOND])) : MS;
  }

  #breakLink(isOn: boolean): void {
    this.link.isDown = isOn;
    const state = isOn ? 'down' : 'up';
    this.hear({ kind: 'serviceChanged', service: 'broker', state, reason: 'simulated' });
  }

  #planActorFault(): void {
    const random = this.#random;
    const actors = [...CRASHING_ACTORS];
    const actor = actors[random.below(actors.length)] ?? 'risk';
    this.process.actorFault = { actor, chancesLeft: 1 + random.below(12) };
  }

  /** Somebody watches, and lets it trade again after every halt, drift and stranger's order. */
  #resumeLater(): void {
    const { agenda } = this;
    agenda.add(agenda.nowUs + 3 * SECOND, () => {
      if (this.isHealed) return;
      if (this.auditor.isHalted) this.command('resume');
      for (const symbol of this.auditor.leftAlone) {
        if (this.#random.chance(0.5)) continue;
        this.command('handsOn', symbol);
        this.command('unban', symbol);
      }
      this.#resumeLater();
    });
  }
}
