import { unreachable } from '../../core/assert.ts';
import type { ClientOrderId, VenueOrderId } from '../../core/ids.ts';
import { isRecord } from '../../core/json.ts';
import { type Shares, shares } from '../../core/money.ts';
import { type Side, signOf } from '../../domain/market/side.ts';
import type { OrderReport } from '../../domain/orders/report.ts';
import type { Effect } from '../../ports/effect.ts';
import type { EffectAnswer } from '../../ports/service.ts';
import { priceText } from './amounts.ts';
import { type Holdings, readPosition } from './holdings.ts';
import { findOrder, type QueryOptions, snapshotOf } from './order-queries.ts';
import { eventOfStatus, reportOf } from './order-reports.ts';
import { simpleRequest } from './order-requests.ts';
import type { Priority } from './rate-budget.ts';
import { type Asked, type BrokerRefusalCode, classifyRefusal } from './refusals.ts';
import type { Call, Reply } from './venue-calls.ts';
import { isEnded, readOrder, type WireOrder } from './wire-order.ts';

type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

export interface CommandOptions extends QueryOptions {
  readonly holdings: Holdings;
  newCall(priority: Priority): Call;
  /** Do updates reach us? Without them nothing is sent that makes us own more. */
  isHearing(): boolean;
  /** It was taken: an update about it is due. */
  expectWord(order: WireOrder): void;
  /** Settles when the order has ended, or with what is known of it when the call is over. */
  untilEnded(order: WireOrder, call: Call): Promise<WireOrder>;
  /** Its events are kept from the kernel until this is called. */
  holdBack(order: WireOrder): () => void;
  enter(report: OrderReport): void;
}

/** The four order effects on the wire, and what each answer means (venues.md 4.3 to 4.6). */
export class Commands {
  readonly #options: CommandOptions;

  constructor(options: CommandOptions) {
    this.#options = options;
  }

  /**
   * Sent once. What the venue refuses was not placed; whatever else happens to the answer leaves
   * the order's fate unknown, and the kernel asks.
   */
  async submit(effect: EffectOf<'submitOrder'>): Promise<EffectAnswer> {
    const { symbols, calls, newCall } = this.#options;
    const symbolName = symbols.nameOf(effect.symbol);
    const isExit = await this.#isExit(symbolName, effect.side, effect.quantity);
    if (!isExit && !this.#options.isHearing()) return updatesDown();
    const request = simpleRequest(effect, symbolName);
    const reply = await calls.submit(request, newCall(isExit ? 'exit' : 'entry'));
    return this.#hearPlaced('submit', reply, effect.clientOrderId);
  }

  /** Taken is not done (venues.md 4.4): the end comes as an update, and may be a fill. */
  async cancel(effect: EffectOf<'cancelOrder'>): Promise<EffectAnswer> {
    const { calls, known } = this.#options;
    const call = this.#options.newCall('cancel');
    const venueOrderId = effect.venueOrderId ?? known.find(effect.clientOrderId)?.venueOrderId;
    if (venueOrderId !== undefined) return this.#cancelAt(venueOrderId, call);
    const found = await findOrder(known, calls.orderByClientId(effect.clientOrderId, call));
    if (found.reply !== undefined) return notDone('cancel', found.reply);
    return this.#cancelAt(found.order.venueOrderId, call);
  }

  async enquire(effect: EffectOf<'enquireOrder'>): Promise<EffectAnswer> {
    const { calls, known, newCall } = this.#options;
    const call = newCall('enquiry');
    const found = await findOrder(known, calls.orderByClientId(effect.clientOrderId, call));
    if (found.reply !== undefined) return notDone('enquire', found.reply);
    const report = await snapshotOf(this.#options, found.order, call);
    return report === undefined ? noSymbol(found.order) : { outcome: 'done', order: report };
  }

  /**
   * The quantity is the total wanted. An order of which nothing is filled is replaced by the venue;
   * one that is filled in part is cancelled, and what is left is a new order, since the venue may
   * count what is filled or not (venues.md 4.4). A fill between our look and the venue's own is its
   * race: it answers, or the successor is rejected, and both are asked about.
   */
  async replace(effect: EffectOf<'replaceOrder'>): Promise<EffectAnswer> {
    const { calls, known, isHearing, newCall } = this.#options;
    if (!isHearing()) return updatesDown();
    const call = newCall('exit');
    const heard = known.find(effect.clientOrderId);
    const found =
      heard === undefined
        ? await findOrder(known, calls.orderByClientId(effect.clientOrderId, call))
        : { order: heard };
    if (found.reply !== undefined) return notDone('replace', found.reply);
    const { order } = found;
    if (order.filled.text !== '0') return this.#resubmit(order, effect, call);
    const patch = {
      qty: String(effect.quantity),
      limitPrice: priceText(effect.limitPrice),
      clientOrderId: effect.successor,
    };
    const { symbolName, side, venueOrderId } = order;
    const sizing = { symbolName, side, quantity: effect.quantity, replaces: venueOrderId };
    const priority = this.#options.holdings.isReducing(sizing) ? 'exit' : 'entry';
    const reply = await calls.replace(venueOrderId, patch, newCall(priority));
    return this.#hearPlaced('replace', reply, effect.successor);
  }

  #hearPlaced(asked: Asked, reply: Reply, clientOrderId: ClientOrderId): EffectAnswer {
    if (reply.kind !== 'ok') return notDone(asked, reply);
    const order = readOrder(reply.body);
    if (order === undefined || order.clientOrderId !== clientOrderId) {
      return { outcome: 'unknown', code: 'UNREADABLE', message: 'answered with another order' };
    }
    const { known, expectWord } = this.#options;
    known.see(order);
    expectWord(order);
    return this.#answerWith(order);
  }

  #answerWith(order: WireOrder): EffectAnswer {
    const report = reportOf(this.#options, order, {
      event: eventOfStatus(order),
      executions: [],
      venueUs: order.updatedUs,
    });
    return report === undefined ? noSymbol(order) : { outcome: 'done', order: report };
  }

  async #cancelAt(venueOrderId: VenueOrderId, call: Call): Promise<EffectAnswer> {
    const { calls, known } = this.#options;
    const reply = await calls.cancel(venueOrderId, call);
    if (reply.kind === 'ok') {
      const order = known.get(venueOrderId);
      // Heard while the answer was on its way: then that is what it is.
      if (order === undefined) return { outcome: 'done' };
      return this.#answerWith(isEnded(order) ? order : { ...order, status: 'pendingCancel' });
    }
    const code = reply.kind === 'refused' ? classifyRefusal('cancel', reply) : undefined;
    if (code !== 'ORDER_NOT_CANCELABLE') return notDone('cancel', reply);
    // Cancelled already, or about to be, is what was asked for.
    const found = await findOrder(known, calls.orderById(venueOrderId, call));
    const status = found.reply === undefined ? found.order.status : undefined;
    if (found.reply === undefined && (status === 'canceled' || status === 'pendingCancel')) {
      const report = await snapshotOf(this.#options, found.order, call);
      return report === undefined ? noSymbol(found.order) : { outcome: 'done', order: report };
    }
    return notDone('cancel', reply);
  }

  /**
   * Cancel, wait for the end, order the rest. The kernel is not told of the old order's end until
   * then, and then as `replaced`, so that it follows the successor. Where a fill wins there may be
   * nothing left to order; where the end does not come in time nothing is ordered, and the kernel
   * asks. A crash in between leaves a cancelled order and no successor, or one that reconciliation
   * finds: less than was wanted or as much, never more.
   */
  async #resubmit(
    order: WireOrder,
    effect: EffectOf<'replaceOrder'>,
    call: Call,
  ): Promise<EffectAnswer> {
    const { calls, known, untilEnded, enter } = this.#options;
    const release = this.#options.holdBack(order);
    let successor: ClientOrderId | undefined;
    try {
      if (isEnded(order)) return notReplaceable(order);
      const cancelled = await calls.cancel(order.venueOrderId, call);
      if (cancelled.kind !== 'ok') return notDone('replace', cancelled);
      const ended = await untilEnded(order, call);
      const left = effect.quantity - ended.filled.whole;
      if (!isEnded(ended)) {
        return { outcome: 'unknown', code: 'TIMEOUT', message: 'its cancel was not confirmed' };
      }
      if (ended.status !== 'canceled' || left <= 0) return notReplaceable(ended);
      const answer = await this.#orderRest(ended, effect, left);
      // Unknown is not nothing: the kernel has to ask about the successor.
      if (answer.outcome !== 'refused') successor = effect.successor;
      return answer;
    } finally {
      release();
      const last = known.get(order.venueOrderId) ?? order;
      const status = successor === undefined ? last.status : 'replaced';
      const report = reportOf(
        this.#options,
        { ...last, status },
        {
          event: successor === undefined ? 'snapshot' : 'replaced',
          executions: known.executionsOf(order.venueOrderId),
          venueUs: last.updatedUs,
          successor,
        },
      );
      if (report !== undefined) enter(report);
    }
  }

  async #orderRest(
    ended: WireOrder,
    effect: EffectOf<'replaceOrder'>,
    left: number,
  ): Promise<EffectAnswer> {
    const { symbolName, side } = ended;
    const isExit = this.#options.holdings.isReducing({ symbolName, side, quantity: left });
    const request = {
      symbol: symbolName,
      side,
      type: 'limit',
      timeInForce: 'day',
      qty: String(shares(left)),
      limitPrice: priceText(effect.limitPrice),
      clientOrderId: effect.successor,
    } as const;
    const call = this.#options.newCall(isExit ? 'exit' : 'entry');
    const reply = await this.#options.calls.submit(request, call);
    return this.#hearPlaced('submit', reply, effect.successor);
  }

  /**
   * An exit goes out even while updates do not reach us. What we believe to hold may be old then,
   * so the venue is asked what is free to be sold: a wrong exit would be an entry.
   */
  async #isExit(symbolName: string, side: Side, quantity: Shares): Promise<boolean> {
    const { holdings, isHearing, calls, newCall } = this.#options;
    if (isHearing()) return holdings.isReducing({ symbolName, side, quantity });
    const reply = await calls.position(symbolName, newCall('exit'));
    if (reply.kind !== 'ok' || !isRecord(reply.body)) return false;
    const position = readPosition(reply.body);
    if (position === undefined) return false;
    const isOpposite = position.quantity.whole * signOf(side) < 0;
    return isOpposite && Math.abs(position.available.whole) >= quantity;
  }
}

function updatesDown(): EffectAnswer {
  const message = "the venue's updates do not reach us: nothing new until they do";
  return refused('UPDATES_DOWN', message);
}

function noSymbol({ symbolName }: WireOrder): EffectAnswer {
  return { outcome: 'unknown', code: 'SYMBOL_UNKNOWN', message: `${symbolName} has no id here` };
}

function notReplaceable({ statusWord }: WireOrder): EffectAnswer {
  return refused('ORDER_NOT_REPLACEABLE', `order is already in "${statusWord}" state`);
}

/** Venues.md 4.6. A refusal is the venue's word that nothing was done; all else leaves it open. */
function notDone(asked: Asked, reply: Exclude<Reply, { kind: 'ok' }>): EffectAnswer {
  switch (reply.kind) {
    case 'refused':
      return refused(classifyRefusal(asked, reply), reply.message);
    case 'limited':
      return refused('RATE_LIMITED', reply.message);
    case 'unknown':
      return { outcome: 'unknown', code: reply.code, message: reply.message };
    default:
      return unreachable(reply);
  }
}

function refused(code: BrokerRefusalCode, message: string): EffectAnswer {
  return { outcome: 'refused', code, message: message.slice(0, MESSAGE_MAX) };
}

/** Whatever a venue writes, so much of it goes into the journal. */
const MESSAGE_MAX = 500;
