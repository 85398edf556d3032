import { ByteReader } from '../../src/core/bytes.ts';
import type { Kernel } from '../../src/actors/runtime/kernel.ts';
import type { Applied } from '../../src/actors/runtime/definition.ts';
import type { SimulatedBroker } from '../../src/brokers/simulated/simulated-broker.ts';
import { type EventBatch, QUOTE } from '../../src/domain/market/event-batch.ts';
import type { FactOf } from '../../src/ports/fact.ts';
import { MS } from '../../src/core/time.ts';
import type { Disk } from '../../src/ports/disk.ts';
import { EFFECT_TRAITS, type Requested } from '../../src/ports/effect.ts';
import { RECORD_TURN, readTurn, type TurnRecord } from '../../src/ports/turn-record.ts';
import { readJournal } from '../../src/store/journal/journal-reader.ts';
import { JOURNAL } from './engine.ts';
import { QUOTE_AGE_MS_MAX } from './kernel-settings.ts';
import { isOver, OrderLedger } from './order-ledger.ts';

export interface Violation {
  readonly atUs: number;
  readonly invariant: string;
  readonly text: string;
}

/** Enough to see what happened; a broken engine would go on for ever. */
const VIOLATIONS_MAX = 20;

export interface AuditedTurn {
  readonly sequence: number;
  /** The engine's time. */
  readonly nowUs: number;
  readonly record: TurnRecord;
}

interface Sent {
  readonly atUs: number;
  readonly life: number;
}

/**
 * Judges from outside: what left the engine, what its disk holds, what it says of itself and what
 * the broker truly has. Its own books are folded from the journal's facts by its own rules.
 */
export class Auditor {
  readonly violations: Violation[] = [];
  readonly edges = new Set<string>();
  /** Orders that somebody else made in the account. */
  readonly strangers = new Set<string>();
  nowUs = 0;
  life = 0;
  #ledger: OrderLedger;
  /** Everything that may make exposure and left, in any life, whatever its journal kept. */
  readonly #sent = new Map<string, Sent>();
  /** The turn that halted. */
  #haltedSequence = 0;
  /** Left in the turn that is not over yet. */
  #leaving: { readonly id: string; readonly halt: string | undefined }[] = [];
  #turns = 0;
  /** By symbol. */
  readonly #quotedUs = new Map<number, number>();

  constructor() {
    this.#ledger = this.#emptyLedger();
  }

  get orders(): number {
    return this.#ledger.orders.size;
  }

  get fills(): number {
    return this.#ledger.fills.size;
  }

  get isHalted(): boolean {
    return this.#ledger.halt !== undefined;
  }

  /** Symbols that reconciliation keeps the engine off. */
  get leftAlone(): readonly number[] {
    return [...this.#ledger.leftAlone];
  }

  get turns(): number {
    return this.#turns;
  }

  accuse(invariant: string, text: string): void {
    if (this.violations.length >= VIOLATIONS_MAX) return;
    this.violations.push({ atUs: this.nowUs, invariant, text });
  }

  /** The engine is about to see these quotes: at its own time, or when they were received. */
  shown(batch: EventBatch, engineUs: number): void {
    for (let frame = 0, at = 0; frame < batch.frames; frame += 1) {
      const atUs = Math.max(batch.frameUs[frame] ?? 0, engineUs);
      for (; at < (batch.frameEnd[frame] ?? 0); at += 1) {
        if (batch.kind[at] === QUOTE) this.#quotedUs.set(batch.symbol[at] ?? -1, atUs);
      }
    }
  }

  /** A turn is over and nothing of it has been lost yet. */
  turn({ sequence, nowUs, record }: AuditedTurn, kernel: Kernel): void {
    this.#turns += 1;
    const leaving = this.#leaving;
    this.#leaving = [];
    let hasMoved = false;
    for (const item of record.items) {
      if (item.type !== 'fact') continue;
      hasMoved = this.#take(item.fact, sequence) || hasMoved;
      if (item.fact.kind === 'intended') this.#checkQuote(item.fact, nowUs);
    }
    for (const { id, halt } of leaving) this.#checkHalt(id, halt);
    this.#checkDrift(record);
    if (hasMoved) this.#compareReservations(kernel);
  }

  /** I2 and I6, at the moment an effect leaves. */
  dispatched({ effect, input }: Requested, isOnDisk: () => boolean): void {
    if (!EFFECT_TRAITS[effect.kind].makesExposure || !('clientOrderId' in effect)) return;
    const id = effect.clientOrderId;
    if (!isOnDisk()) this.accuse('I2', `${id} left before its record was safe`);
    const before = this.#sent.get(id);
    if (before !== undefined) this.accuse('I1', `${id} left twice, first in life ${before.life}`);
    this.#sent.set(id, { atUs: this.nowUs, life: this.life });
    // What leaves in its own turn is known when that is over; whatever halts in a turn, what the
    // same turn had decided before was decided before.
    const halt = input === this.#haltedSequence ? undefined : this.#ledger.halt;
    if (this.#ledger.orders.has(id)) this.#checkHalt(id, halt);
    else this.#leaving.push({ id, halt });
  }

  /** A process has recovered: from here on its journal is the past, whatever was seen before. */
  recovered(disk: Disk, kernel: Kernel): void {
    const ledger = this.#emptyLedger();
    this.#ledger = ledger;
    this.#haltedSequence = 0;
    this.#leaving = [];
    let input = 0;
    readJournal(disk, JOURNAL, ({ kind, sequence, payload }) => {
      if (kind !== RECORD_TURN) input = sequence;
      else {
        for (const item of readTurn(new ByteReader(payload)).items) {
          if (item.type === 'fact') this.#take(item.fact, input);
        }
      }
    });
    for (const id of this.#sent.keys()) {
      if (!ledger.orders.has(id)) this.accuse('I2', `${id} left and its journal has no word of it`);
    }
    ledger.isReconciled = false; // What was laid side by side was so in another life.
    this.#compareOrders(kernel);
    this.#compareReservations(kernel);
    this.#compareBooks(kernel);
  }

  /** At any time: I1, and that every execution we booked is a true one. */
  compareVenue(broker: SimulatedBroker): void {
    const executions = new Map<string, string>();
    for (const { clientOrderId, executions: all, side, symbol } of broker.allOrders()) {
      if (!this.#sent.has(clientOrderId) && !this.strangers.has(clientOrderId)) {
        this.accuse('I1', `the broker has ${clientOrderId}, and nothing of that name was meant`);
      }
      for (const { executionId, quantity, price } of all) {
        executions.set(executionId, `${clientOrderId} ${symbol} ${side} ${quantity} ${price}`);
      }
    }
    for (const [executionId, fill] of this.#ledger.fills) {
      const { clientOrderId, symbol, side, quantity, price } = fill;
      const booked = `${clientOrderId} ${symbol} ${side} ${quantity} ${price}`;
      const truth = executions.get(executionId);
      if (truth !== booked) this.accuse('I5', `booked ${booked}, truly ${truth ?? 'nothing'}`);
    }
  }

  /** A3: the world has been kind for long enough, and all is known. */
  settled(kernel: Kernel, broker: SimulatedBroker): void {
    this.compareVenue(broker);
    this.#compareStandings(broker);
    this.#compareOrders(kernel);
    this.#compareReservations(kernel);
    this.#compareBooks(kernel);
    const { cash, positions } = this.#ledger;
    if (cash !== broker.cash())
      this.accuse('I3', `cash is ${cash}, at the broker ${broker.cash()}`);
    const held = new Map<number, number>(
      broker.positions().map(({ symbol, quantity }) => [symbol, quantity]),
    );
    for (const symbol of new Set([...held.keys(), ...positions.keys()])) {
      const [ours, theirs] = [positions.get(symbol) ?? 0, held.get(symbol) ?? 0];
      if (ours !== theirs) this.accuse('I3', `symbol ${symbol}: ${ours}, at the broker ${theirs}`);
    }
    for (const { effect, requestedUs } of kernel.outstanding.list()) {
      if (!('clientOrderId' in effect) || requestedUs > kernel.nowUs - 10_000_000) continue;
      this.accuse('A3', `${effect.kind} of ${effect.clientOrderId} was never answered`);
    }
  }

  #take(fact: Parameters<OrderLedger['take']>[0], sequence: number): boolean {
    const before = this.#ledger.halt;
    const hasMoved = this.#ledger.take(fact);
    if (before === undefined && this.#ledger.halt !== undefined) this.#haltedSequence = sequence;
    return hasMoved;
  }

  /** I7: what is entered is entered on a quote that is not older than its limit. */
  #checkQuote({ clientOrderId, symbol, purpose }: FactOf<'intended'>, nowUs: number): void {
    const ageUs = nowUs - (this.#quotedUs.get(symbol) ?? 0);
    if (purpose !== 'entry' || ageUs <= QUOTE_AGE_MS_MAX * MS) return;
    this.accuse('I7', `${clientOrderId} was intended on a quote of ${ageUs / MS} ms`);
  }

  /** C5: in the very turn the symbol is banned, and nothing is ordered in it. */
  #checkDrift({ items }: TurnRecord): void {
    const facts = items.flatMap((item) => (item.type === 'fact' ? [item.fact] : []));
    for (const fact of facts) {
      if (fact.kind !== 'driftFound') continue;
      const { symbol } = fact;
      if (!this.#ledger.banned.has(symbol)) this.accuse('C5', `symbol ${symbol} is not banned`);
      const isOrdered = facts.some((other) => other.kind === 'intended' && other.symbol === symbol);
      if (isOrdered) this.accuse('C5', `an order was made of the drift in symbol ${symbol}`);
    }
  }

  #checkHalt(id: string, halt: string | undefined): void {
    if (halt === undefined || this.#ledger.orders.get(id)?.isEntry === false) return;
    this.accuse('I6', `${id} left under the halt ${halt}`);
  }

  #compareStandings(broker: SimulatedBroker): void {
    const truth = new Map<string, string>(
      broker.allOrders().map(({ clientOrderId, status }) => [clientOrderId, status]),
    );
    for (const { id, standing } of this.#ledger.orders.values()) {
      const status = truth.get(id);
      if (standing === 'unknown' || standing === 'intended') {
        this.accuse('A3', `${id} is still ${standing}, at the broker ${status ?? 'absent'}`);
      } else if (status === undefined && standing !== 'rejected' && standing !== 'notPlaced') {
        this.accuse('A3', `${id} is ${standing} and the broker never had it`);
      } else if (status !== undefined && isOver(standing) !== isFinal(status)) {
        this.accuse('A3', `${id} is ${standing}, at the broker ${status}`);
      }
    }
  }

  /** The engine's own orders against the facts: recovery neither loses nor invents. */
  #compareOrders(kernel: Kernel): void {
    let count = 0;
    for (const carried of stateOf(kernel, 'execution')) {
      if (carried.kind !== 'orderCarried') continue;
      count += 1;
      const { intent, standing, executions } = carried;
      const order = this.#ledger.orders.get(intent.clientOrderId);
      const filled = executions.reduce((sum, { quantity }) => sum + quantity, 0);
      if (order?.standing === standing && order.filled === filled) continue;
      const ours = `${order?.standing ?? 'absent'} with ${order?.filled ?? 0}`;
      this.accuse('I10', `${intent.clientOrderId}: ${standing} with ${filled}, not ${ours}`);
    }
    const { size } = this.#ledger.orders;
    if (count !== size) this.accuse('I10', `execution has ${count} orders of ${size}`);
  }

  /** Every order that may still be filled has its money put aside, and no other has. */
  #compareReservations(kernel: Kernel): void {
    const open = new Map<string, number>();
    for (const { id, standing, quantity, filled } of this.#ledger.orders.values()) {
      if (!isOver(standing)) open.set(id, quantity - filled);
    }
    for (const carried of stateOf(kernel, 'risk')) {
      if (carried.kind !== 'reservationCarried') continue;
      const { clientOrderId, remaining, standing } = carried;
      const wanted = open.get(clientOrderId);
      open.delete(clientOrderId);
      if (wanted === remaining || (wanted === undefined && standing === 'notPlaced')) continue;
      this.accuse('RESERVED', `${clientOrderId}: ${remaining} reserved, ${wanted ?? 'over'} open`);
    }
    for (const [id, remaining] of open) this.accuse('RESERVED', `${id}: ${remaining} open, none`);
  }

  /** I3 inside: portfolio and risk keep two books, and this is the third. */
  #compareBooks(kernel: Kernel): void {
    const { cash } = this.#ledger;
    const held = new Map<number, number>();
    for (const carried of stateOf(kernel, 'portfolio')) {
      if (carried.kind === 'accountCarried' && carried.cash !== cash) {
        this.accuse('I3', `the portfolio's cash is ${carried.cash}, not ${cash}`);
      }
      if (carried.kind === 'positionCarried') held.set(carried.symbol, carried.quantity);
    }
    const atRisk = new Map<number, number>();
    for (const carried of stateOf(kernel, 'risk')) {
      if (carried.kind === 'accountOpened' && carried.cash !== cash) {
        this.accuse('I3', `risk's cash is ${carried.cash}, not ${cash}`);
      }
      if (carried.kind === 'holdingCarried') atRisk.set(carried.symbol, carried.quantity);
    }
    for (const [symbol, quantity] of this.#ledger.positions) {
      const [ledger, risk] = [held.get(symbol) ?? 0, atRisk.get(symbol) ?? 0];
      if (ledger === quantity && risk === quantity) continue;
      this.accuse('I3', `symbol ${symbol}: portfolio ${ledger}, risk ${risk}, facts ${quantity}`);
    }
  }

  #emptyLedger(): OrderLedger {
    const ledger = new OrderLedger((invariant, text) => this.accuse(invariant, text));
    for (const edge of this.#ledger?.edges ?? []) this.edges.add(edge);
    return ledger;
  }

  /** Edges of the order graph that were taken, in any life. */
  takenEdges(): ReadonlySet<string> {
    return new Set([...this.edges, ...this.#ledger.edges]);
  }
}

/** What an actor says of its state: the facts that would rebuild it. */
function stateOf(kernel: Kernel, name: string): readonly Applied[] {
  const slot = kernel.slots.find(({ definition }) => definition.name === name);
  return slot?.type === 'actor' ? slot.definition.condense(slot.state) : [];
}

function isFinal(status: string): boolean {
  return (
    status === 'filled' || status === 'canceled' || status === 'expired' || status === 'replaced'
  );
}
