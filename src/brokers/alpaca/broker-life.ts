import { unreachable } from '../../core/assert.ts';
import type { VenueOrderId } from '../../core/ids.ts';
import { MS } from '../../core/time.ts';
import type { OrderReport } from '../../domain/orders/report.ts';
import { EFFECT_TRAITS, type Requested } from '../../ports/effect.ts';
import type { EffectAnswer, Provider, ServiceContext } from '../../ports/service.ts';
import { AlpacaError } from './alpaca-error.ts';
import type { AlpacaBrokerOptions } from './alpaca-options.ts';
import { Commands } from './commands.ts';
import { Holdings } from './holdings.ts';
import { KnownOrders } from './known-orders.ts';
import { Listening } from './listening.ts';
import { findOrder, type QueryOptions, snapshotOf } from './order-queries.ts';
import type { Priority, RateBudget } from './rate-budget.ts';
import { stateAccount } from './statements.ts';
import { Updates } from './updates.ts';
import { type Call, VenueCalls } from './venue-calls.ts';
import { Waits } from './waits.ts';
import type { WireOrder } from './wire-order.ts';

/** One life of the broker service: its parts, and how they hear of one another. */
export class BrokerLife implements Provider {
  readonly #options: AlpacaBrokerOptions;
  readonly #context: ServiceContext;
  readonly #known = new KnownOrders();
  readonly #holdings = new Holdings(this.#known);
  readonly #query: QueryOptions;
  readonly #listening: Listening;
  readonly #updates: Updates;
  readonly #waits: Waits;
  readonly #commands: Commands;
  readonly #heldBack = new Set<VenueOrderId>();
  readonly #asking = new Set<VenueOrderId>();
  readonly #unlisted = new Set<string>();
  #started: { resolve(): void; reject(error: Error): void } | undefined;
  #isStopped = false;
  #fills = 0;
  #unreadable = 0;

  constructor(options: AlpacaBrokerOptions, budget: RateBudget, context: ServiceContext) {
    this.#options = options;
    this.#context = context;
    const { account, symbols, tradingUrl } = options;
    const calls = new VenueCalls({ ...options, url: tradingUrl, budget });
    this.#query = { account, symbols, known: this.#known, calls };
    this.#waits = this.#makeWaits();
    this.#updates = this.#makeUpdates();
    this.#commands = this.#makeCommands();
    this.#listening = this.#makeListening();
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
      this.#listening.open();
    });
  }

  async perform({ effect }: Requested): Promise<EffectAnswer> {
    if (this.#isStopped) return { outcome: 'refused', code: 'SERVICE_DOWN', message: 'stopped' };
    if ('account' in effect && effect.account !== this.#options.account) {
      const message = `${effect.account} is not the account of this service`;
      return { outcome: 'refused', code: 'ACCOUNT_UNKNOWN', message };
    }
    switch (effect.kind) {
      case 'submitOrder':
        return this.#watchKey(await this.#commands.submit(effect));
      case 'cancelOrder':
        return this.#watchKey(await this.#commands.cancel(effect));
      case 'replaceOrder':
        return this.#watchKey(await this.#commands.replace(effect));
      case 'enquireOrder':
        return this.#watchKey(await this.#commands.enquire(effect));
      case 'reconcile':
        return this.#reconcile(effect.sinceUs);
      case 'infer':
      case 'writeRows':
      case 'alert':
      case 'subscribe':
        throw new TypeError(`${effect.kind} is not a broker's business`);
      default:
        return unreachable(effect);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#listening.close();
    this.#waits.close();
    this.#query.calls.close();
    this.#started?.reject(new AlpacaError('BROKER_UNREACHABLE', 'stopped before it had begun'));
  }

  #makeWaits(): Waits {
    const { clock, timers, firstWordMsMax } = this.#options;
    return new Waits({
      known: this.#known,
      clock,
      timers,
      firstWordMsMax,
      look: (venueOrderId, call) => this.#look(venueOrderId, call),
      onMute: (order) => {
        this.#context.log('warn', 'brokerUpdatesMute', { order: order.clientOrderId });
        this.#listening.restart(`nothing was said of ${order.clientOrderId}`);
      },
    });
  }

  #makeUpdates(): Updates {
    return new Updates({
      ...this.#query,
      holdings: this.#holdings,
      newCall: () => this.#newCall('enquiry'),
      enter: (report) => this.#enter(report),
      askAbout: (order) => void this.#askAbout(order),
      onOrder: (order) => this.#waits.heard(order),
      onFill: () => {
        this.#fills += 1;
      },
      isHeldBack: ({ venueOrderId }) => this.#heldBack.has(venueOrderId),
      onUnreadable: (reason) => this.#countUnreadable(reason),
      onUnlisted: (symbolName) => this.#tellUnlisted(symbolName),
    });
  }

  #makeCommands(): Commands {
    return new Commands({
      ...this.#query,
      holdings: this.#holdings,
      newCall: (priority) => this.#newCall(priority),
      isHearing: () => this.#listening.isHearing,
      expectWord: (order) => this.#waits.expectWord(order),
      untilEnded: (order, call) => this.#waits.untilEnded(order, call),
      holdBack: ({ venueOrderId }) => {
        this.#heldBack.add(venueOrderId);
        return () => void this.#heldBack.delete(venueOrderId);
      },
      enter: (report) => this.#enter(report),
    });
  }

  #makeListening(): Listening {
    return new Listening({
      ...this.#query,
      broker: this.#options,
      holdings: this.#holdings,
      take: (data) => this.#updates.take(data),
      enter: (report) => this.#enter(report),
      onUp: () => this.#beUp(),
      onDown: (reason) => {
        this.#context.log('warn', 'brokerUpdatesDown', { reason });
        this.#context.health('degraded', `updates: ${reason}`);
      },
      onEnd: (error) => this.#fail(error),
      onUnreadable: (reason) => this.#countUnreadable(reason),
    });
  }

  #beUp(): void {
    const started = this.#started;
    this.#started = undefined;
    if (started !== undefined) return started.resolve();
    this.#context.log('info', 'brokerUpdatesUp', {});
    this.#context.health('up', 'updates are heard again');
  }

  #fail(error: AlpacaError): void {
    if (this.#isStopped) return;
    const started = this.#started;
    this.#started = undefined;
    if (started === undefined) this.#context.failed(error);
    else started.reject(error);
  }

  async #reconcile(sinceUs: number): Promise<EffectAnswer> {
    const { clock, statementMsMax } = this.#options;
    const options = {
      ...this.#query,
      clock,
      holdings: this.#holdings,
      fillsHeard: () => this.#fills,
    };
    const deadlineMs = clock.wallMs() + statementMsMax;
    return stateAccount(options, sinceUs, { priority: 'enquiry', deadlineMs });
  }

  /** A key that is refused now will be refused again: it is no order's refusal. */
  #watchKey(answer: EffectAnswer): EffectAnswer {
    if (answer.outcome === 'refused' && answer.code === 'ACCOUNT_UNKNOWN') {
      this.#fail(new AlpacaError('BROKER_KEY_REFUSED', answer.message ?? 'refused'));
    }
    return answer;
  }

  /** One question about an order at a time, however much does not fit. */
  async #askAbout({ venueOrderId }: WireOrder): Promise<void> {
    if (this.#asking.has(venueOrderId)) return;
    this.#asking.add(venueOrderId);
    const call = this.#newCall('enquiry');
    const order = await this.#look(venueOrderId, call);
    const report = order === undefined ? undefined : await snapshotOf(this.#query, order, call);
    this.#asking.delete(venueOrderId);
    if (report !== undefined && !this.#heldBack.has(venueOrderId)) this.#enter(report);
  }

  async #look(
    venueOrderId: VenueOrderId,
    call = this.#newCall('enquiry'),
  ): Promise<WireOrder | undefined> {
    const question = this.#query.calls.orderById(venueOrderId, call);
    const found = await findOrder(this.#known, question);
    return found.reply === undefined ? found.order : undefined;
  }

  #newCall(priority: Priority): Call {
    const { clock, orderMsMax } = this.#options;
    const deadlineMs = clock.wallMs() + orderMsMax;
    if (priority !== 'exit') return { priority, deadlineMs };
    // The kernel's patience is in market time: an order that it gave up is not sent any more.
    const patienceMs = EFFECT_TRAITS.submitOrder.deadlineUs / MS / clock.speed;
    return { priority, deadlineMs, sendByMs: clock.wallMs() + patienceMs };
  }

  #enter(report: OrderReport): void {
    if (!this.#isStopped) this.#context.enter({ kind: 'orderUpdated', report });
  }

  #countUnreadable(reason: string): void {
    this.#unreadable += 1;
    // Each power of two is told: the first, and that it goes on.
    if (Math.log2(this.#unreadable) % 1 !== 0) return;
    this.#context.log('warn', 'brokerUnreadable', { count: this.#unreadable, reason });
  }

  #tellUnlisted(symbolName: string): void {
    if (this.#unlisted.has(symbolName) || this.#unlisted.size >= UNLISTED_MAX) return;
    this.#unlisted.add(symbolName);
    this.#context.log('warn', 'brokerUnlisted', { symbol: symbolName });
  }
}

/** Told once each; a venue that names more has another fault. */
const UNLISTED_MAX = 1_000;
