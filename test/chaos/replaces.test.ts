import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { shares } from '../../src/core/money.ts';
import { cancel, enquire, limit, replace } from '../order-effects.ts';
import { AdapterScene } from './rig/adapter-scene.ts';
import { booksOf, isOver } from './rig/venue-books.ts';

const ORDERS = 40;
const QUANTITY = 90;
const WANTED = 60;
const SEED = 85;

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
    const ids = Array.from({ length: ORDERS }, (_, at) => `o${at}`);
    for (let at = 0; at < ids.length; at += 8) await Promise.all(ids.slice(at, at + 8).map(race));
    const all = ids.flatMap((id) => [id, `${id}-r`]);
    await Promise.all(all.map((id) => endOf(scene, id)));

    const books = booksOf(await scene.admin.state());
    const filled = new Map(books.orders.map((order) => [order.clientOrderId, order.filled]));
    const placed = books.orders.map(({ clientOrderId }) => clientOrderId);
    expect(new Set(placed).size).toBe(placed.length);
    for (const id of all) expect([id, scene.booked(id)]).toEqual([id, filled.get(id) ?? 0]);
    for (const id of ids) {
      const sum = (filled.get(id) ?? 0) + (filled.get(`${id}-r`) ?? 0);
      // What was filled beyond the new quantity before the venue heard of it stays bought.
      expect(sum).toBeLessThanOrEqual(Math.max(WANTED, filled.get(id) ?? 0));
    }
    const both = ids.filter((id) => scene.booked(id) > 0 && scene.booked(`${id}-r`) > 0);
    const total = all.reduce((sum, id) => sum + scene.booked(id), 0);
    expect(books.positions.get('SEMKT')).toBe(total);
    expect(outcomes.get('done') ?? 0).toBeGreaterThan(1);
    expect(both.length).toBeGreaterThan(1);
  }, 60_000);
});

/** Cancels what is left of an order, and asks until the venue says that it is over. */
async function endOf(scene: AdapterScene, id: string): Promise<void> {
  for (let attempt = 1; attempt < 200; attempt += 1) {
    const { code, order } = await scene.ask(enquire(id, attempt));
    if (code === 'ORDER_NOT_FOUND') return;
    const here = booksOf(await scene.admin.state()).orders.find(
      ({ clientOrderId }) => clientOrderId === id,
    );
    const isWhole = order !== undefined && order.filledQuantity === scene.booked(id);
    if (here !== undefined && isOver(here) && isWhole) return;
    await scene.ask(cancel(id));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${id} does not end`);
}
