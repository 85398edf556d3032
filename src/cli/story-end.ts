import type { ClientOrderId, SymbolId } from '../core/ids.ts';
import type { OrderIntent } from '../domain/orders/intent.ts';
import type { Standing } from '../domain/orders/standing.ts';
import type { Fact, FactOf } from '../ports/fact.ts';
import type { Input } from '../ports/input.ts';
import { layerName } from './describe.ts';
import { count, plural, priceText, span } from './figures.ts';
import type { Subject } from './session-index.ts';
import { byCount } from './summary.ts';

interface Outcome {
  readonly intent: OrderIntent;
  readonly intendedUs: number;
  standing: Standing;
  reason: string;
  filled: number;
  notional: number;
  lastFillUs: number;
}

interface LayerStay {
  sinceUs: number;
  stayedUs: number;
  isMember: boolean;
  lastReason: string;
}

const LAYERS_TRADED = 2;

/** Gathers while the story is told what its last sentence needs. */
export class Judgement {
  readonly #subject: Subject;
  readonly #orders = new Map<ClientOrderId, Outcome>();
  readonly #refusals = new Map<string, number>();
  readonly #stays = new Map<number, LayerStay>();
  readonly #members = new Map<number, Set<SymbolId>>();
  #signals = 0;
  #isTradable = true;
  #symbols = 0;
  #nowUs = 0;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  input(input: Input): void {
    if (input.kind !== 'symbolNamed') return;
    this.#symbols += 1;
    if (input.symbol === this.#subject.symbol) this.#isTradable = input.isTradable;
  }

  fact(fact: Fact, nowUs: number): void {
    this.#nowUs = nowUs;
    switch (fact.kind) {
      case 'layerMoved':
        return this.#move(fact);
      case 'signalled':
        this.#signals += this.#subject.signals.has(fact.signalId) ? 1 : 0;
        return;
      case 'refused':
        if (!this.#subject.signals.has(fact.signalId)) return;
        this.#refusals.set(fact.code, (this.#refusals.get(fact.code) ?? 0) + 1);
        return;
      case 'intended':
        return this.#intend(fact, nowUs);
      case 'stood': {
        const order = this.#orders.get(fact.clientOrderId);
        if (order === undefined) return;
        order.standing = fact.standing;
        order.reason = fact.reason ?? '';
        return;
      }
      case 'filled': {
        const order = this.#orders.get(fact.clientOrderId);
        if (order === undefined) return;
        order.filled += fact.execution.quantity;
        order.notional += fact.execution.quantity * fact.execution.price;
        order.lastFillUs = nowUs;
      }
    }
  }

  conclusion(): readonly string[] {
    const { type } = this.#subject;
    const orders = [...this.#orders.values()];
    if (type === 'symbol') return this.#ofSymbol(orders);
    if (orders.length > 0) return orders.map(orderEnd);
    return [this.#refusals.size > 0 ? this.#refused() : 'nothing came of it'];
  }

  #intend(intent: FactOf<'intended'>, intendedUs: number): void {
    if (!this.#subject.orders.has(intent.clientOrderId)) return;
    const ends = { standing: 'intended', reason: '', filled: 0, notional: 0 } as const;
    this.#orders.set(intent.clientOrderId, { intent, intendedUs, ...ends, lastFillUs: 0 });
  }

  #move({ layer, symbol, isMember, reason, atUs }: FactOf<'layerMoved'>): void {
    const members = this.#members.get(layer) ?? new Set<SymbolId>();
    this.#members.set(layer, members);
    if (isMember) members.add(symbol);
    else members.delete(symbol);
    if (symbol !== this.#subject.symbol) return;
    const stay = this.#stays.get(layer) ?? newStay();
    this.#stays.set(layer, stay);
    if (stay.isMember && !isMember) stay.stayedUs += atUs - stay.sinceUs;
    if (isMember && !stay.isMember) stay.sinceUs = atUs;
    stay.isMember = isMember;
    stay.lastReason = reason;
  }

  #ofSymbol(orders: readonly Outcome[]): readonly string[] {
    const filled = orders.filter((order) => order.filled > 0);
    const signals = plural(this.#signals, 'signal');
    if (filled.length > 0) {
      const shares = filled.reduce((sum, order) => sum + order.filled, 0);
      const traded = `it traded: ${plural(filled.length, 'order')} filled, ${count(shares)} shares`;
      const refused = this.#refusals.size > 0 ? [this.#refused()] : [];
      return [`${traded}, of ${signals}`, ...refused];
    }
    return [`it did not trade: ${this.#whyNot(orders)}`];
  }

  /** The first question on the way to a fill that was answered with no. */
  #whyNot(orders: readonly Outcome[]): string {
    if (orders.length > 0) return orders.map(orderEnd).join('; ');
    if (this.#refusals.size > 0) return this.#refused();
    if (this.#signals > 0) return `${plural(this.#signals, 'signal')}, and risk never answered`;
    if (!this.#isTradable) return 'it is data only, not tradable';
    for (let layer = 0; layer <= LAYERS_TRADED; layer += 1) {
      if (!this.#stays.has(layer)) return this.#neverIn(layer);
    }
    const stay = this.#stays.get(LAYERS_TRADED) ?? newStay();
    const stayedUs = stay.stayedUs + (stay.isMember ? this.#nowUs - stay.sinceUs : 0);
    const layer = `layer ${LAYERS_TRADED} ${layerName(LAYERS_TRADED)}`;
    return `it was in ${layer} for ${span(stayedUs)} and no strategy saw its condition`;
  }

  #neverIn(layer: number): string {
    const name = `layer ${layer} ${layerName(layer)}`;
    if (layer === 0) return `it never entered ${name}`;
    const below = this.#stays.get(layer - 1);
    const members = this.#members.get(layer)?.size ?? 0;
    const others = `which ended with ${count(members)} of ${count(this.#symbols)} symbols`;
    const out =
      below?.isMember === false ? `; it left layer ${layer - 1}: ${below.lastReason}` : '';
    return `it never entered ${name}, ${others}: no sweep chose it${out}`;
  }

  #refused(): string {
    const codes = byCount(this.#refusals).map(([code, many]) => `${code} ${count(many)}`);
    return `risk refused ${codes.join(', ')}`;
  }
}

function newStay(): LayerStay {
  return { sinceUs: 0, stayedUs: 0, isMember: false, lastReason: '' };
}

function orderEnd(order: Outcome): string {
  const { intent, intendedUs, standing, reason, filled, notional, lastFillUs } = order;
  const why = reason === '' ? '' : ` (${reason})`;
  const head = `${intent.clientOrderId} is ${standing}${why}`;
  const of = `${count(filled)} of ${count(intent.quantity)}`;
  if (filled === 0) return `${head}: ${of} filled`;
  const after = span(lastFillUs - intendedUs);
  return `${head}: ${of} at ${priceText(notional / filled)} on average, ${after} after the intent`;
}
