import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { shares } from '../../src/core/money.ts';
import { cancel, enquire, limit, replace } from '../order-effects.ts';
import { AdapterScene } from './rig/adapter-scene.ts';
import { ChaosSession } from './rig/chaos-session.ts';
import { factsOf } from './rig/journal-story.ts';
import { booksOf, isOpen } from '../venue-books.ts';

const SPEED = 120;
/** What the venue takes to cancel, in its own time: long enough for fills to come in between. */
const CANCEL_US = 20_000_000;

/** Of the orders that are replaced. */
const ORDERS = 40;
const QUANTITY = 90;
const WANTED = 60;
const SEED = 85;

describe('fills that race cancels', () => {
  it('B13 I4 I5: partial fills overtake the cancels of what is left, seed 81', async () => {
    await using session = await ChaosSession.start({
      seed: 81,
      speed: SPEED,
      venue: { rules: { partialFillChance: 1, cancelUs: CANCEL_US } },
      // Nothing is given time to be filled: every order is cancelled while it works.
      config: {
        execution: {
          orderDeadlineMs: 60_000,
          settlingMs: 120_000,
          enquiryRetryMs: 18_000,
          unfilledCancelMs: 500,
          reconcileMs: 120_000,
          limitOffsetBps: 0,
        },
      },
    });
    const cancels = () => new Set(factsOf(session.witness.facts, 'cancelAsked').map(idOf));
    const standings = (id: string) =>
      factsOf(session.witness.facts, 'stood').filter(({ clientOrderId }) => clientOrderId === id);
    const executions = (id: string) =>
      factsOf(session.witness.facts, 'filled').filter(({ clientOrderId }) => clientOrderId === id);
    await session.until('twenty cancels', () => cancels().size >= 20, 30_000);
    await session.settled();
    await session.finish();

    const raced = [...cancels()];
    const ends = raced.map((id) => standings(id).at(-1)?.standing);
    expect(raced.filter((id) => executions(id).length > 1).length).toBeGreaterThan(3);
    expect(ends.filter((end) => end === 'filled').length).toBeGreaterThan(0);
    expect(ends.filter((end) => end === 'canceled').length).toBeGreaterThan(0);
  }, 60_000);
});

describe('replacements that race partial fills, at the adapter', () => {
  it(`B13 I1 I4 I5: no more is ever bought than either order wanted, seed ${SEED}`, async () => {
    const random = new Random(SEED);
    await using scene = await AdapterScene.start('SEMKT', {
      seed: SEED,
      symbols: 4,
      speed: 2,
      tradesPerDay: 5_000,
      cash: 100_000_000,
      rules: { partialFillChance: 1, replaceUs: 200_000, cancelUs: 200_000 },
    });
    const outcomes = new Map<string, number>();
    const race = async (id: string): Promise<void> => {
      const price = await scene.offer();
      await scene.ask(limit(id, price, { quantity: shares(QUANTITY) }));
      // At once, or while it is being filled.
      const untilMs = performance.now() + (random.chance(0.3) ? 0 : 400);
      while (scene.booked(id) === 0 && performance.now() < untilMs) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      const answer = await scene.ask(replace(id, `${id}-r`, WANTED, price));
      const what = answer.code ?? answer.outcome;
      outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
    };
    const ids: string[] = [];
    const filledTwice = () =>
      ids.filter((id) => scene.booked(id) > 0 && scene.booked(`${id}-r`) > 0).length;
    // On a busy machine the fills come all before or all after: then it is raced again.
    while (ids.length < ORDERS || (filledTwice() < 2 && ids.length < 5 * ORDERS)) {
      const next = Array.from({ length: 8 }, (_, at) => `o${ids.length + at}`);
      ids.push(...next);
      await Promise.all(next.map(race));
      await Promise.all(next.flatMap((id) => [endOf(scene, id), endOf(scene, `${id}-r`)]));
    }
    const all = ids.flatMap((id) => [id, `${id}-r`]);

    const books = booksOf(await scene.admin.state());
    const filled = new Map(
      books.orders.map((order) => [order.clientOrderId, order.filledQuantity]),
    );
    const placed = books.orders.map(({ clientOrderId }) => clientOrderId);
    expect(new Set(placed).size).toBe(placed.length);
    for (const id of all) expect([id, scene.booked(id)]).toEqual([id, filled.get(id) ?? 0]);
    for (const id of ids) {
      const sum = (filled.get(id) ?? 0) + (filled.get(`${id}-r`) ?? 0);
      // What was filled beyond the new quantity before the venue heard of it stays bought.
      expect(sum).toBeLessThanOrEqual(Math.max(WANTED, filled.get(id) ?? 0));
    }
    const total = all.reduce((sum, id) => sum + scene.booked(id), 0);
    expect(books.positions.get('SEMKT')).toBe(total);
    expect(outcomes.get('done') ?? 0).toBeGreaterThan(1);
    expect(filledTwice()).toBeGreaterThan(1);
  }, 60_000);
});

describe('executions that are taken back, or had another price', () => {
  it('C5 I3: end as drift and a banned symbol, never as an order, seed 71', async () => {
    await using session = await ChaosSession.start({ seed: 71 });
    await session.trading(5);
    session.command('halt');
    await session.until('the halt', () => session.view.health.halt !== undefined);
    await session.until('quiet', () => session.view.orders.open().length === 0);
    // Of what is flat nothing is due to be sold.
    const { fills, ledger } = session.view;
    const flat = () =>
      fills.last(fills.total).filter(({ symbol }) => ledger.position(symbol).quantity === 0);
    await session.until('a flat symbol', () => flat().length > 0);
    const [busted] = flat();
    const corrected = fills.last(fills.total).find(({ symbol }) => symbol !== busted?.symbol);
    if (busted === undefined || corrected === undefined) throw new Error('there were fills');
    session.busted.add(busted.clientOrderId);
    const orders = () =>
      factsOf(session.witness.facts, 'intended').filter(({ symbol }) => symbol === busted.symbol);
    const before = orders().length;

    const { clientOrderId } = corrected;
    const price = corrected.price / 10_000 + 0.25;
    expect(await session.chaos('correctFill', { clientOrderId, price })).toBe(1);
    expect(await session.chaos('bustFill', { clientOrderId: busted.clientOrderId })).toBe(1);
    const drift = () =>
      factsOf(session.witness.facts, 'driftFound').filter(({ symbol }) => symbol === busted.symbol);
    await session.until('drift', () => drift().length > 0);
    const after = orders().length;
    await session.settled();
    await session.finish();

    expect(drift()).toHaveLength(1);
    expect(after).toBe(before);
    expect(session.view.health.banned).toContain(busted.symbol);
    expect(session.said.map(({ event }) => event)).toContain('DRIFT');
    expect(session.said.map(({ event }) => event)).toContain('CASH_ADJUSTED');
  }, 60_000);
});

function idOf({ clientOrderId }: { readonly clientOrderId: string }): string {
  return clientOrderId;
}

/** Cancels what is left of an order, and asks until the venue says that it is over. */
async function endOf(scene: AdapterScene, id: string): Promise<void> {
  for (let attempt = 1; attempt < 200; attempt += 1) {
    const { code, order } = await scene.ask(enquire(id, attempt));
    if (code === 'ORDER_NOT_FOUND') return;
    const here = booksOf(await scene.admin.state()).orders.find(
      ({ clientOrderId }) => clientOrderId === id,
    );
    const isWhole = order !== undefined && order.filledQuantity === scene.booked(id);
    if (here !== undefined && !isOpen(here) && isWhole) return;
    await scene.ask(cancel(id));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${id} does not end`);
}
