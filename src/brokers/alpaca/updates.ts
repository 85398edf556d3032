import type { VenueOrderId } from '../../core/ids.ts';
import type { JsonRecord } from '../../core/json.ts';
import type { Execution, OrderReport } from '../../domain/orders/report.ts';
import { parseFillPrice, parseQuantity } from './amounts.ts';
import type { Holdings } from './holdings.ts';
import { textOf } from './json.ts';
import { executionOf, type Fill } from './known-orders.ts';
import { EVENTS, reportOf } from './order-reports.ts';
import { type QueryOptions, successorOf } from './order-queries.ts';
import type { Call } from './venue-calls.ts';
import { readOrder, timeOf, type WireOrder } from './wire-order.ts';

export interface UpdatesOptions extends QueryOptions {
  readonly holdings: Holdings;
  /** For a question about an order that an update leaves open. */
  newCall(): Call;
  enter(report: OrderReport): void;
  /** What the update says does not fit what we know: the venue is asked for the whole order. */
  askAbout(order: WireOrder): void;
  /** After each, what was told of it. */
  onOrder(order: WireOrder): void;
  onFill(): void;
  /** An order's own events are held back while it is being replaced by hand. */
  isHeldBack(order: WireOrder): boolean;
  /** Not an update, or of an order that cannot be read. */
  onUnreadable(reason: string): void;
  onUnlisted(symbolName: string): void;
}

/** Turns what the venue says unasked into reports (venues.md 3.2). */
export class Updates {
  readonly #options: UpdatesOptions;

  constructor(options: UpdatesOptions) {
    this.#options = options;
  }

  take(data: JsonRecord): void {
    const { known, onUnreadable } = this.#options;
    const order = readOrder(data['order']);
    const word = textOf(data, 'event');
    if (order === undefined || word === undefined) {
      return onUnreadable(`an update without ${word === undefined ? 'its event' : 'its order'}`);
    }
    known.see(order);
    known.hear(order.venueOrderId);
    this.#learnPosition(data, order);
    this.#options.onOrder(order);
    const event = EVENTS[word] ?? 'unrecognised';
    // A bust or a correction may be among the words that we do not know.
    if (event === 'unrecognised') known.forgetFills(order.venueOrderId);
    const isFill = event === 'fill' || event === 'partialFill';
    if (isFill) this.#options.onFill();
    const executions = isFill ? this.#executionsIn(data, order) : [];
    const said = {
      event,
      executions,
      venueUs: timeOf(data, 'timestamp') ?? timeOf(data, 'at') ?? order.updatedUs,
      reason: event === 'unrecognised' ? `event ${word}` : statusWord(order),
    };
    if (event === 'replaced') void this.#followThenTell(order, said);
    else this.#tell(order, said);
  }

  #tell(order: WireOrder, said: Parameters<typeof reportOf>[2]): void {
    const report = reportOf(this.#options, order, said);
    if (report === undefined) this.#options.onUnlisted(order.symbolName);
    else if (!this.#options.isHeldBack(order)) this.#options.enter(report);
  }

  /** Its successor's client order id may have to be asked for; other orders do not wait for it. */
  async #followThenTell(order: WireOrder, said: Parameters<typeof reportOf>[2]): Promise<void> {
    const successor = await successorOf(this.#options, order, this.#options.newCall());
    this.#tell(order, { ...said, successor });
  }

  /**
   * `qty` is this execution's alone, `order.filled_qty` the sum so far (venues.md 8, #8). Booked
   * from here only where the two fit what came before; else the venue is asked, and the report
   * carries the sum without the execution.
   */
  #executionsIn(data: JsonRecord, order: WireOrder): readonly Execution[] {
    const { known, askAbout } = this.#options;
    const fill = fillIn(data, order);
    if (fill === undefined || fill.cumulative.text === '0') {
      askAbout(order);
      return [];
    }
    const isRepeat = known.hasFill(order.venueOrderId, fill.cumulative);
    if (!isRepeat && !known.isNext(order.venueOrderId, fill)) {
      askAbout(order);
      return [];
    }
    if (!isRepeat) known.addFill(order.venueOrderId, fill);
    return executionsUpTo(order.venueOrderId, fill);
  }

  #learnPosition(data: JsonRecord, { symbolName }: WireOrder): void {
    const position = parseQuantity(textOf(data, 'position_qty') ?? '');
    if (position !== undefined) this.#options.holdings.set(symbolName, position);
  }
}

function fillIn(data: JsonRecord, order: WireOrder): Fill | undefined {
  const quantity = parseQuantity(textOf(data, 'qty') ?? '');
  const price = parseFillPrice(textOf(data, 'price') ?? '');
  const venueUs = timeOf(data, 'timestamp') ?? timeOf(data, 'at');
  if (quantity === undefined || price === undefined || venueUs === undefined) return undefined;
  return { cumulative: order.filled, quantity, price, venueUs };
}

function executionsUpTo(venueOrderId: VenueOrderId, fill: Fill): readonly Execution[] {
  const execution = executionOf(venueOrderId, fill);
  return execution === undefined ? [] : [execution];
}

function statusWord({ status, statusWord }: WireOrder): string | undefined {
  return status === 'unrecognised' ? `status ${statusWord}` : undefined;
}
