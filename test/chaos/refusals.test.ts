import { describe, expect, it } from 'vitest';
import { ChaosSession } from './rig/chaos-session.ts';
import { foundMs, healed } from './rig/health.ts';
import { factsOf } from './rig/journal-story.ts';
import type { WatchedRequest } from './rig/request-watch.ts';

/** Half a minute of the engine's wall is a second and a half of ours. */
const HASTE = 20;
/** So that nothing else ends a connection on a slow machine. */
const config = { market: { bars: 'trades', barSpanMs: 10_000, slots: 30, silenceMsMax: 30_000 } };
const SLOW_MS = 30_000 / HASTE;

const SPEED = 20;
const LIMIT_US = 60_000_000;
const LIMIT_MS = LIMIT_US / 1_000 / SPEED;
/** A busy machine reads the first refusal a while after it came: what left by then may come. */
const HEARD_MS = 250;

describe('a venue that refuses (D4)', () => {
  it('D4: 406 that stays, closes or becomes 404 is left for half a minute, seed 31', async () => {
    await using session = await ChaosSession.start({ seed: 31, haste: HASTE, config });
    await session.trading(2);
    for (const then of ['stay', 'close', 'timeout'] as const) {
      const beganMs = performance.now();
      await session.chaos('nextAuth', { code: 406, then });
      await session.chaos('drop', { stream: 'data' });
      await foundMs(session, 'market', beganMs);
      await healed(session, 20_000);
      const tries = session.way.attempts.filter(
        ({ path, beganMs: at }) => path === '/v2/sip' && at >= beganMs,
      );

      expect([then, tries.length]).toEqual([then, 2]);
      const [first, second] = tries;
      expect((second?.beganMs ?? 0) - (first?.beganMs ?? 0)).toBeGreaterThanOrEqual(SLOW_MS);
    }
    await session.finish();

    expect(session.way.overlaps()).toEqual([]);
  }, 60_000);

  it('D4: upgrades answered with 429 wait as long, on both streams, seed 32', async () => {
    await using session = await ChaosSession.start({ seed: 32, haste: HASTE, config });
    await session.trading(2);
    const beganMs = performance.now();
    await session.chaos('refuseUpgrades', { forMs: 1.5 * SLOW_MS });
    await session.chaos('drop', { stream: 'all' });
    await Promise.all([foundMs(session, 'market', beganMs), foundMs(session, 'broker', beganMs)]);
    await healed(session, 20_000);
    await session.finish();

    for (const path of ['/v2/sip', '/stream']) {
      const tries = session.way.attempts.filter(
        ({ path: at, beganMs: since }) => at === path && since >= beganMs,
      );
      expect(tries.length).toBeGreaterThanOrEqual(2);
      expect(tries.length).toBeLessThanOrEqual(6);
    }
    expect(session.way.overlaps()).toEqual([]);
  }, 60_000);

  it('D4 D5: 405 on resubscribing bars and trades is come back from, seed 33', async () => {
    await using session = await ChaosSession.start({ seed: 33, haste: HASTE, config });
    await session.trading(2);
    const beganMs = performance.now();
    await session.chaos('nextSubscribe', { code: 405, count: 2 });
    await session.chaos('drop', { stream: 'data' });
    await foundMs(session, 'market', beganMs);
    await healed(session, 20_000);
    const subscriptions = (await session.state()).connections.data.map(
      (connection) => connection.subscriptions,
    );
    await session.trading(1);
    await session.finish();

    expect(subscriptions.map(({ bars }) => bars)).toContainEqual(['*']);
    expect(subscriptions.some(({ trades = [] }) => trades.length > 0)).toBe(true);
    expect(session.said.some(({ text }) => text.includes('refuses bars'))).toBe(true);
    expect(session.way.overlaps()).toEqual([]);
  }, 60_000);

  it('D4: a key that is refused is tried no more than its budget allows, seed 34', async () => {
    await using session = await ChaosSession.start({ seed: 34, haste: HASTE, config });
    await session.trading(2);
    const beganMs = performance.now();
    await session.chaos('nextAuth', { code: 402, then: 'close', count: 1_000 });
    await session.chaos('drop', { stream: 'data' });
    const isGivenUp = () =>
      session.view.health.services.get('market')?.reason === 'budget' ||
      session.said.some(({ event }) => event === 'serviceGivenUp');
    await session.until('its end', isGivenUp, 20_000);
    const tries = () =>
      session.way.attempts.filter(({ path, beganMs: at }) => path === '/v2/sip' && at >= beganMs)
        .length;
    const before = tries();
    await session.settled();

    expect(before).toBeLessThanOrEqual(session.config.services.restartsMax + 1);
    expect(tries()).toBe(before);
  }, 60_000);
});

describe('a venue that answers 429', () => {
  it('B11 I6: exits go first after a minute of 429, and no entry left in it, seed 41', async () => {
    await using session = await ChaosSession.start({
      seed: 41,
      speed: SPEED,
      venue: { tradesPerDay: 20_000 },
      config: { market: { bars: 'trades', barSpanMs: 2_000, slots: 30 } },
    });
    await session.until('five positions', () => session.view.heldPositions().length >= 5, 20_000);

    await session.chaos('rateLimit', { forUs: LIMIT_US });
    const limited = () => session.requests.requests.filter(({ status }) => status === 429);
    await session.until('the first 429', () => limited().length > 0);
    const firstMs = limited()[0]?.endedMs ?? 0;
    // An exit is waited with for five seconds of the market: it is due just before the end.
    const dueMs = firstMs + LIMIT_MS - 150;
    await session.until('the last moments of it', () => performance.now() >= dueMs);
    session.command('flatten');
    await session.until(
      'all positions to be closed',
      () => session.view.heldPositions().length === 0,
    );
    await session.settled();
    const data = await session.finish();

    const intents = new Map(
      factsOf(session.witness.facts, 'intended').map((intent) => [
        String(intent.clientOrderId),
        intent,
      ]),
    );
    const after = session.requests.orders.filter(({ sentMs }) => sentMs > firstMs);
    const during = after.filter(({ sentMs }) => sentMs < firstMs + LIMIT_MS * 0.98);
    const isEntry = ({ clientOrderId = '' }: WatchedRequest): boolean =>
      intents.get(clientOrderId)?.purpose === 'entry';
    const first = after.find(({ status }) => status === 200);
    // The venue says when its minute is over, which may be before its refusals are: once more then.
    const heard = during.filter(({ sentMs }) => sentMs > firstMs + HEARD_MS);
    expect(heard.filter(isEntry)).toEqual([]);
    expect(during.length).toBeLessThanOrEqual(10);
    expect(limited().length).toBeLessThanOrEqual(30);
    expect(first && isEntry(first)).toBe(false);
    expect(first?.sentMs).toBeGreaterThanOrEqual(firstMs + LIMIT_MS * 0.98);
    expect(data.breaches).toEqual([]);
  }, 60_000);
});
