import { describe, expect, it, onTestFinished } from 'vitest';
import { createAlpacaBroker } from '../../../src/brokers/alpaca/alpaca-broker.ts';
import { type AccountId, type ClientOrderId, symbolId, textId } from '../../../src/core/ids.ts';
import { shares } from '../../../src/core/money.ts';
import { Random } from '../../../src/core/random.ts';
import type { OrderReport } from '../../../src/domain/orders/report.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import type { EffectAnswer, Provider } from '../../../src/ports/service.ts';
import { wallTimers } from '../../../src/venue/clock/wall-timers.ts';
import { DEMO_CREDENTIALS } from '../../../src/venue/process/venue-options.ts';
import { runVenue } from '../../../src/venue/process/run-venue.ts';
import { cancel, enquire, submit } from '../../order-effects.ts';
import { VenueAdmin } from '../../venue-client.ts';
import { until } from '../../venue-socket.ts';
import { ALPACA_DEFAULTS } from './alpaca-defaults.ts';

const ORDERS = 60;
const SYMBOLS = 4;

describe('the adapter over a venue that misbehaves', () => {
  it.each([1, 2])(
    "B9 B11 B13 C1 ends with the venue's own books, seed %i",
    async (seed) => {
      const world = await open(seed);
      const random = new Random(seed);
      const ids: string[] = [];
      for (let at = 0; at < ORDERS; at += 1) {
        const chaos = CHAOS[Math.floor(random.unit() * CHAOS.length * 2)];
        if (chaos !== undefined) await world.admin.chaos(chaos[0], chaos[1]);
        if (at === ORDERS / 2) await world.admin.chaos('drop', { stream: 'trading' });
        const id = `c${seed}-${at}`;
        ids.push(id);
        const terms = {
          symbol: symbolId(Math.floor(random.unit() * SYMBOLS)),
          quantity: shares(1 + Math.floor(random.unit() * 20)),
        };
        const asked = [world.ask(submit(id, terms)), world.ask(submit(id, terms))];
        const victim = ids[Math.floor(random.unit() * ids.length)];
        if (random.unit() < 0.3 && victim !== undefined) asked.push(world.ask(cancel(victim)));
        await Promise.all(asked);
      }
      await world.admin.chaos('clearRestFaults');
      await until(() => world.health.at(-1) !== 'degraded', 'a broker that is up again');
      for (const id of ids) await world.settled(id);

      const statement = await world.statement();
      const { account } = await world.admin.state();
      // No id has two orders, whatever was answered.
      const placed = account.orders.map((order) => String(order['client_order_id']));
      expect(new Set(placed).size).toBe(placed.length);
      const venueFilled = new Map(
        account.orders.map((order) => [
          String(order['client_order_id']),
          Number(order['filled_qty']),
        ]),
      );
      for (const id of ids) expect([id, world.booked(id)]).toEqual([id, venueFilled.get(id) ?? 0]);
      const held = new Map(statement?.positions.map(({ symbol, quantity }) => [symbol, quantity]));
      for (const position of account.positions) {
        const symbol = symbolId(world.names.indexOf(String(position['symbol'])));
        expect(held.get(symbol)).toBe(Number(position['qty']));
      }
      expect(placed.length).toBeGreaterThan(ORDERS / 3);
      expect(world.health).toContain('degraded');
    },
    60_000,
  );
});

/** Twice as many draws as these: half of the time all is well. */
const CHAOS: readonly (readonly [string, Record<string, unknown>])[] = [
  ['loseAnswer', {}],
  ['failAfter', { status: 504 }],
  ['failBefore', { status: 503 }],
  ['garbageAnswer', {}],
  ['fillBeforeAnswer', { ms: 20 }],
  ['duplicateUpdates', { count: 5 }],
  ['replayFill', {}],
  ['unknownUpdate', {}],
  ['drop', { stream: 'trading' }],
];

async function open(seed: number): Promise<World> {
  const knobs = { requestsPerMinute: REQUESTS };
  const venue = await runVenue({ seed, symbols: SYMBOLS, speed: 5, knobs });
  const names = await listed(venue.tradingUrl);
  const admin = new VenueAdmin(venue.adminUrl);
  const { clock } = await admin.state();
  const fromMs = performance.now();
  const wallMs = () => performance.now() - fromMs;
  const world = new World(admin, names, clock.marketUs);
  world.provider = createAlpacaBroker({
    ...ALPACA_DEFAULTS,
    account: textId<AccountId>('contract'),
    tradingUrl: venue.tradingUrl,
    streamUrl: venue.streamUrl,
    keyId: DEMO_CREDENTIALS.key,
    secret: DEMO_CREDENTIALS.secret,
    symbols: {
      size: names.length,
      idOf: (name) => (names.includes(name) ? symbolId(names.indexOf(name)) : undefined),
      nameOf: (symbol) => names[symbol] ?? '',
    },
    clock: {
      nowUs: () => Math.floor(clock.marketUs + wallMs() * 1_000 * clock.speed),
      wallMs,
      speed: clock.speed,
    },
    timers: wallTimers,
    requestsPerMinute: REQUESTS,
    stream: { ...ALPACA_DEFAULTS.stream, backoffMinMs: 5, backoffMaxMs: 50 },
  }).make({
    enter: (input) => {
      if (input.kind === 'orderUpdated') world.reports.push(input.report);
    },
    health: (state) => void world.health.push(state),
    failed: (error) => expect.fail(error.message),
    log: () => {},
  });
  onTestFinished(async () => {
    await world.provider?.stop();
    await venue.close();
  });
  await world.provider.start();
  return world;
}

class World {
  readonly reports: OrderReport[] = [];
  readonly health: string[] = [];
  readonly admin: VenueAdmin;
  readonly names: readonly string[];
  readonly sinceUs: number;
  provider: Provider | undefined;
  #effects = 0;

  constructor(admin: VenueAdmin, names: readonly string[], sinceUs: number) {
    this.admin = admin;
    this.names = names;
    this.sinceUs = sinceUs;
  }

  async ask(effect: Effect): Promise<EffectAnswer> {
    this.#effects += 1;
    const requested = { input: 1, index: this.#effects, requestedUs: 0, effect };
    const answer = await this.provider?.perform(requested);
    if (answer?.order !== undefined) this.reports.push(answer.order);
    return answer ?? expect.fail('a provider');
  }

  /** What a ledger that books each execution once holds of an order. */
  booked(id: string): number {
    const byId = new Map<string, number>();
    for (const { clientOrderId, executions } of this.reports) {
      if (clientOrderId !== textId<ClientOrderId>(id)) continue;
      for (const { executionId, quantity } of executions) byId.set(executionId, quantity);
    }
    return [...byId.values()].reduce((sum, quantity) => sum + quantity, 0);
  }

  /** Asks until the order is over, or the venue never had it. */
  async settled(id: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const { order, code } = await this.ask(enquire(id, attempt));
      if (code === 'ORDER_NOT_FOUND') return;
      const isOver = order !== undefined && ENDED.has(order.status);
      if (isOver && order.filledQuantity === this.booked(id)) return;
      if (attempt > 200) expect.fail(`${id} does not end: ${order?.status} ${order?.reason}`);
      if (!isOver) await this.ask(cancel(id));
    }
  }

  async statement() {
    const account = textId<AccountId>('contract');
    const { sinceUs } = this;
    return (await this.ask({ kind: 'reconcile', account, sinceUs, attempt: 1 })).statement;
  }
}

const REQUESTS = 1_000_000;
const ENDED: ReadonlySet<string> = new Set(['filled', 'canceled', 'expired', 'rejected']);

async function listed(url: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/v2/assets?status=active`, {
    headers: {
      'APCA-API-KEY-ID': DEMO_CREDENTIALS.key,
      'APCA-API-SECRET-KEY': DEMO_CREDENTIALS.secret,
    },
  });
  const rows: { readonly symbol: string; readonly tradable: boolean }[] = JSON.parse(
    await response.text(),
  );
  return rows.filter(({ tradable }) => tradable).map(({ symbol }) => symbol);
}
