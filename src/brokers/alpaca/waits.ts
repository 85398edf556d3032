import type { VenueOrderId } from '../../core/ids.ts';
import type { Clock, Timer, Timers } from '../../ports/clock.ts';
import type { KnownOrders } from './known-orders.ts';
import type { Call } from './venue-calls.ts';
import { isEnded, type WireOrder } from './wire-order.ts';

export interface WaitsOptions {
  readonly known: KnownOrders;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Wall milliseconds in which the first update about a new order comes, if any comes at all. */
  readonly firstWordMsMax: number;
  /** The venue's own word for it, past its updates. */
  look(venueOrderId: VenueOrderId, call?: Call): Promise<WireOrder | undefined>;
  /** The venue has moved an order on and told us nothing: the stream is open and mute. */
  onMute(order: WireOrder): void;
}

/** What is waited for of single orders: their first update, and their end. */
export class Waits {
  readonly #options: WaitsOptions;
  readonly #timers = new Set<Timer>();
  readonly #endings = new Map<VenueOrderId, Set<() => void>>();

  constructor(options: WaitsOptions) {
    this.#options = options;
  }

  close(): void {
    for (const timer of this.#timers) timer.cancel();
    for (const waiters of this.#endings.values()) for (const settle of waiters) settle();
  }

  /**
   * An order was taken, so an update is due (venues.md 8, #20). A socket that answers pings and
   * says nothing else looks healthy for ever (0.6): only an order that moved without a word tells.
   */
  expectWord({ venueOrderId }: WireOrder): void {
    const { known, look, onMute, firstWordMsMax } = this.#options;
    if (known.wasHeard(venueOrderId)) return;
    this.#after(firstWordMsMax, async () => {
      if (known.wasHeard(venueOrderId)) return;
      const order = await look(venueOrderId);
      if (order === undefined || known.wasHeard(venueOrderId)) return;
      const hasMoved = !QUIET.has(order.status);
      if (hasMoved) onMute(order);
    });
  }

  /** As it ended; as it is known, if the call is over before. */
  async untilEnded(order: WireOrder, call: Call): Promise<WireOrder> {
    const { known, clock, look } = this.#options;
    const { venueOrderId } = order;
    const leftMs = call.deadlineMs - clock.wallMs();
    // Half of the time for its update; then the venue is asked, in case that was lost.
    await this.#ended(venueOrderId, leftMs / 2);
    const heard = known.get(venueOrderId) ?? order;
    if (isEnded(heard)) return heard;
    return (await look(venueOrderId, call)) ?? heard;
  }

  /** Called after each update. */
  heard(order: WireOrder): void {
    if (!isEnded(order)) return;
    for (const settle of this.#endings.get(order.venueOrderId) ?? []) settle();
  }

  #ended(venueOrderId: VenueOrderId, ms: number): Promise<void> {
    const known = this.#options.known.get(venueOrderId);
    if (known !== undefined && isEnded(known)) return Promise.resolve();
    return new Promise((resolve) => {
      const waiters = this.#endings.get(venueOrderId) ?? new Set();
      const settle = () => {
        timer.cancel();
        this.#timers.delete(timer);
        waiters.delete(settle);
        if (waiters.size === 0) this.#endings.delete(venueOrderId);
        resolve();
      };
      const timer = this.#after(Math.max(1, ms), settle);
      waiters.add(settle);
      this.#endings.set(venueOrderId, waiters);
    });
  }

  #after(ms: number, run: () => void | Promise<void>): Timer {
    const timer = this.#options.timers.after(ms, () => {
      this.#timers.delete(timer);
      void run();
    });
    this.#timers.add(timer);
    return timer;
  }
}

/** In these an order may rest without an update. */
const QUIET: ReadonlySet<WireOrder['status']> = new Set([
  'accepted',
  'pendingNew',
  'held',
  'unrecognised',
]);
