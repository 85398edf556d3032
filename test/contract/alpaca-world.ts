import { onTestFinished } from 'vitest';
import { createAlpacaBroker } from '../../src/brokers/alpaca/alpaca-broker.ts';
import { type AccountId, type SymbolId, symbolId, textId } from '../../src/core/ids.ts';
import { money, parseMoney, type Shares, shares } from '../../src/core/money.ts';
import { STATUS_HALTED, STATUS_TRADING } from '../../src/domain/market/event-batch.ts';
import type { OrderReport } from '../../src/domain/orders/report.ts';
import type { Effect } from '../../src/ports/effect.ts';
import type { Answer } from '../../src/ports/input.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Provider } from '../../src/ports/service.ts';
import { MarketTimers } from '../../src/venue/clock/market-timers.ts';
import { VenueClock } from '../../src/venue/clock/venue-clock.ts';
import { wallTimers } from '../../src/venue/clock/wall-timers.ts';
import { closeServer, listen } from '../../src/venue/process/listen.ts';
import { completeVenueOptions } from '../../src/venue/process/venue-options.ts';
import { createVenueParts } from '../../src/venue/process/venue-parts.ts';
import { createRestServer } from '../../src/venue/rest/rest-server.ts';
import { SocketRouter } from '../../src/venue/sockets/socket-router.ts';
import { TradeHub } from '../../src/venue/sockets/trade-hub.ts';
import { ManualTime } from '../manual-time.ts';
import { at, DATE, DeskWorld, list, object, text } from '../unit/venue/trading/desk-world.ts';
import { ALPACA_DEFAULTS } from '../unit/brokers/alpaca-defaults.ts';
import type { BrokerSetup, BrokerWorld } from './broker.ts';

const NAMES = ['AAA', 'BBB'];
const DOLLAR = 10_000;

/**
 * The adapter over the embedded venue: its desk, REST and order stream on real sockets, with a
 * market and a clock that the test moves. What is on its way is waited for, never slept for.
 */
export class AlpacaWorld implements BrokerWorld {
  readonly #desk: DeskWorld;
  readonly #hub: TradeHub;
  readonly #time = new ManualTime();
  readonly #reports: OrderReport[] = [];
  readonly #answers: (Answer | undefined)[] = [];
  readonly #queue: (() => Promise<void>)[] = [];
  readonly #wrong: string[] = [];
  #provider: Promise<Provider> | undefined;

  constructor({ startingCash, isPartial }: BrokerSetup) {
    const clock = new VenueClock({ startUs: at(10), speed: 1, wallMs: () => 0, epochMs: () => 0 });
    const marketTimers = new MarketTimers(clock, wallTimers);
    this.#hub = new TradeHub({ timers: wallTimers, marketTimers, frames: 'binary' });
    onTestFinished(() => marketTimers.close());
    this.#desk = new DeskWorld({
      startingCash: money(startingCash),
      times: 'varied',
      tell: (update) => this.#hub.publish(update),
      rules: {
        partialFillChance: isPartial ? 1 : 0,
        multiplier: 1,
        isShortingAllowed: false,
      },
    });
  }

  quote(symbol: SymbolId, bid: number, ask: number, size?: number): void {
    this.#desk.quote(bid / DOLLAR, ask / DOLLAR, symbol, size);
  }

  halt(symbol: SymbolId): void {
    this.#desk.status(STATUS_HALTED, symbol);
  }

  resume(symbol: SymbolId): void {
    this.#desk.status(STATUS_TRADING, symbol);
  }

  closeSession(): void {
    this.#desk.to(at(16, 1));
  }

  openSession(): void {
    this.#desk.to(at(9, 31, DATE + 1));
  }

  request(effect: Effect): number {
    const index = this.#answers.push(undefined) - 1;
    this.#queue.push(async () => {
      this.#provider ??= this.#start();
      const provider = await this.#provider;
      const requested = { input: 1, index, requestedUs: this.#desk.nowUs, effect };
      const answer = await provider.perform(requested);
      this.#answers[index] = { kind: 'answered', effectInput: 1, effectIndex: index, ...answer };
    });
    return index;
  }

  async settle(): Promise<void> {
    this.#provider ??= this.#start();
    await this.#provider;
    await Promise.all(this.#queue.splice(0).map((send) => send()));
    this.#desk.pass();
    await this.#until(() => this.#reports.length >= this.#hub.updates);
  }

  answersTo(request: number): readonly Answer[] {
    const answer = this.#answers[request];
    return answer === undefined ? [] : [answer];
  }

  /** Words that last for the time of a message are the real venue's own (venues.md 3.2). */
  updates(): readonly OrderReport[] {
    return this.#reports.filter(({ event }) => !PASSING.has(event));
  }

  allOrders(): readonly OrderReport[] {
    const orders = list(this.#desk.desk.orders({ status: 'all', limit: '500' }).body).map(object);
    return orders.map((order) => {
      const successor = orders.find(({ id }) => id === order['replaced_by']);
      return {
        account: textId('contract'),
        clientOrderId: textId(text(order, 'client_order_id')),
        venueOrderId: textId(text(order, 'id')),
        event: 'snapshot',
        status: order['status'] === 'replaced' ? 'replaced' : 'unrecognised',
        symbol: symbolId(NAMES.indexOf(text(order, 'symbol'))),
        side: order['side'] === 'buy' ? 'buy' : 'sell',
        quantity: wholeShares(text(order, 'qty')),
        filledQuantity: wholeShares(text(order, 'filled_qty')),
        executions: [],
        ...(successor === undefined
          ? {}
          : { successor: textId(text(successor, 'client_order_id')) }),
        venueUs: 0,
      };
    });
  }

  cash(): number {
    return parseMoney(text(this.#desk.account(), 'cash')) ?? Number.NaN;
  }

  positionOf(symbol: SymbolId): number {
    const { status, body } = this.#desk.desk.position(NAMES[symbol] ?? '');
    return status === 404 ? 0 : Number(text(body, 'qty'));
  }

  async #start(): Promise<Provider> {
    const parts = createVenueParts(completeVenueOptions({ symbols: 2, isPaused: true }));
    const desk = this.#desk;
    const { http } = createRestServer({
      desk: desk.desk,
      archive: parts.archive,
      clock: { nowUs: () => desk.nowUs, speed: 1 },
      timers: wallTimers,
      requestsPerMinute: REQUESTS_PER_MINUTE,
    });
    const router = new SocketRouter(
      { data: parts.data, trading: this.#hub, timers: wallTimers },
      () => 0,
    );
    router.attach(http);
    const port = await listen(http, 0);
    const provider = this.#service(`127.0.0.1:${port}`);
    onTestFinished(async () => {
      await provider.stop();
      router.close();
      parts.marketTimers.close();
      await closeServer(http);
    });
    await provider.start();
    return provider;
  }

  #service(host: string): Provider {
    const clock: Clock = {
      nowUs: () => this.#desk.nowUs,
      wallMs: () => this.#time.wallMs(),
      speed: 1,
    };
    const broker = createAlpacaBroker({
      ...ALPACA_DEFAULTS,
      account: textId<AccountId>('contract'),
      tradingUrl: `http://${host}`,
      streamUrl: `ws://${host}/stream`,
      symbols: {
        size: NAMES.length,
        idOf: (name) => (NAMES.includes(name) ? symbolId(NAMES.indexOf(name)) : undefined),
        nameOf: (symbol) => NAMES[symbol] ?? '',
      },
      clock,
      timers: this.#time,
      requestsPerMinute: REQUESTS_PER_MINUTE,
    });
    return broker.make({
      enter: (input) => {
        if (input.kind === 'orderUpdated') this.#reports.push(input.report);
      },
      health: (state, reason) => this.#wrong.push(`${state}: ${reason}`),
      failed: (error) => this.#wrong.push(error.message),
      log: () => {},
    });
  }

  /** Turns of the event loop until it holds. */
  async #until(holds: () => boolean): Promise<void> {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      if (this.#wrong.length > 0) throw new Error(this.#wrong.join('; '));
      if (holds()) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`${this.#reports.length} of ${this.#hub.updates} updates were heard`);
  }
}

/** The words that the simulated venue does not say: they last for the time of a message. */
const PASSING: ReadonlySet<OrderReport['event']> = new Set([
  'accepted',
  'pendingNew',
  'pendingCancel',
  'pendingReplace',
]);

/** The suite asks more in a moment than an account may in a minute. */
const REQUESTS_PER_MINUTE = 100_000;
const TURNS_MAX = 500_000;

function wholeShares(amount: string): Shares {
  return shares(Number(amount));
}
