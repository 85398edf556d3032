import { describe, expect, it } from 'vitest';
import { postOrder } from '../venue-orders.ts';
import { ChaosSession } from './rig/chaos-session.ts';
import { foundMs, healed } from './rig/health.ts';
import { factsOf } from './rig/journal-story.ts';

describe('a venue that is gone, and a broker that cannot say', () => {
  it('D3 I6: ten seconds out of reach make no storm and no entry, seed 61', async () => {
    const haste = 5;
    await using session = await ChaosSession.start({ seed: 61, haste });
    await session.trading(3);

    const beganMs = performance.now();
    session.way.mode = 'refusing';
    session.way.cut();
    await Promise.all([foundMs(session, 'market', beganMs), foundMs(session, 'broker', beganMs)]);
    const blindMs = performance.now();
    await session.until('ten seconds', () => performance.now() > beganMs + 10_000 / haste);
    session.way.mode = 'open';
    const backMs = performance.now();
    await healed(session, 20_000);
    const tookMs = performance.now() - backMs;
    await session.trading(2);
    const entries = new Set<string>(
      factsOf(session.witness.facts, 'intended')
        .filter(({ purpose }) => purpose === 'entry')
        .map(({ clientOrderId }) => clientOrderId),
    );
    const blind = session.requests.orders.filter(
      ({ sentMs, clientOrderId = '' }) =>
        sentMs > blindMs + 100 && sentMs < backMs && entries.has(clientOrderId),
    );
    const tries = session.way.attempts.filter(({ beganMs: at }) => at > beganMs && at < backMs);
    await session.finish();

    expect(blind).toEqual([]);
    // Full jitter from 250 ms, doubled: two streams and the service above one of them.
    expect(tries.length).toBeLessThanOrEqual(40);
    expect(session.way.overlaps()).toEqual([]);
    expect(tookMs).toBeLessThan(30_000 / haste);
  }, 60_000);

  it('C4 B11: a broker that cannot be asked is unknown, not flat, seed 62', async () => {
    await using session = await ChaosSession.start({ seed: 62 });
    await session.trading(5);
    const adopted = factsOf(session.witness.facts, 'positionAdopted').length;
    await session.chaos('failBefore', { method: 'GET', path: '/v2/*', status: 500, count: 12 });
    await session.chaos('garbageAnswer', { method: 'GET', path: '/v2/*', count: 3 });
    await session.until(
      'all of them',
      async () => ((await session.state()).counters['restFaults'] ?? 0) > 14,
    );
    await session.trading(1);
    await session.settled();

    const failed = factsOf(session.witness.facts, 'reconcileAsked').map(({ failures }) => failures);
    expect(Math.max(...failed)).toBeGreaterThan(0);
    expect(factsOf(session.witness.facts, 'positionAdopted')).toHaveLength(adopted);
    await session.finish();
  }, 60_000);

  it('C2 C3: an order made by hand is adopted within a cycle, seed 63', async () => {
    await using session = await ChaosSession.start({ seed: 63 });
    await session.trading(3);
    const id = 'made-by-hand';
    session.others.add(id);
    const symbol = session.symbols.find(({ name }) => name === 'SEMKT')?.name ?? '';
    const posted = await postOrder(session.venue.tradingUrl, {
      symbol,
      client_order_id: id,
      qty: '3',
    });
    expect(posted.status).toBe(200);
    const isKnown = () =>
      factsOf(session.witness.facts, 'externalOrder').some(
        ({ clientOrderId }) => clientOrderId === id,
      );
    // A cycle of reconciliation is a second here.
    await session.until('the order to be known', isKnown, 5_000);
    await session.settled();
    await session.finish();

    const adoptions = factsOf(session.witness.facts, 'positionAdopted');
    expect(adoptions.filter(({ origin }) => origin === 'external').length).toBeGreaterThan(0);
  }, 60_000);

  it('B11 G8: answers that never come are given up in time and named, seed 65', async () => {
    const haste = 4;
    await using session = await ChaosSession.start({ seed: 65, haste });
    await session.trading(3);
    const beganMs = performance.now();
    await session.chaos('delayAnswer', { ms: 30_000, count: 2 });
    const given = () =>
      session.requests.orders.filter(({ status, endedMs }) => status === 0 && endedMs > beganMs);
    await session.until('two given up', () => given().length >= 2);
    await session.settled();
    await session.finish();

    const tookMs = given().map(({ sentMs, endedMs }) => endedMs - sentMs);
    expect(Math.max(...tookMs)).toBeLessThanOrEqual(5_000 / haste + 250);
    const named = session.said.filter(
      ({ event, text }) => event === 'serviceHung' && text.includes('perform submitOrder'),
    );
    expect(named.length).toBeGreaterThanOrEqual(2);
  }, 60_000);

  it('H2 I6: a halt in the middle of it all is in force within 100 ms, seed 66', async () => {
    await using session = await ChaosSession.start({ seed: 66 });
    await session.trading(5);
    await session.chaos('loseAnswer', { count: 2 });
    await session.chaos('failAfter', { count: 2, status: 504 });
    await session.chaos('drop', { stream: 'trading' });
    const tookMs: number[] = [];
    for (let at = 0; at < 3; at += 1) {
      session.command('resume');
      await session.until('resumption', () => session.view.health.halt === undefined);
      const beganMs = performance.now();
      session.command('halt');
      await session.until('the halt', () => session.view.health.halt !== undefined);
      tookMs.push(performance.now() - beganMs);
    }
    const intents = () => factsOf(session.witness.facts, 'intended');
    const entries = () => intents().filter(({ purpose }) => purpose === 'entry').length;
    const before = entries();
    await healed(session);
    await session.until('exits', () => intents().at(-1)?.purpose === 'exit');
    const after = entries();
    await session.settled();
    await session.finish();

    // A machine that is shared may be late once.
    expect(Math.min(...tookMs)).toBeLessThan(100);
    expect(after).toBe(before);
  }, 60_000);

  it('G1 G4: services that are killed again and again come back, seed 64', async () => {
    // The bars of the model: on others nobody is asked for scores.
    const config = { market: { bars: 'trades', barSpanMs: 60_000, slots: 30 } };
    await using session = await ChaosSession.start({ seed: 64, haste: 4, config });
    await session.trading(3);
    for (const name of ['broker', 'market-data', 'inference', 'broker']) {
      expect(session.live.tree.kill(name)).toBe(true);
      await session.until(
        `${name} to be down`,
        () => JSON.stringify(session.live.tree.describe()).includes('"state":"waiting"'),
        5_000,
      );
      await healed(session, 20_000);
      await session.trading(1);
    }
    await session.finish();

    expect(session.live.tree.outstanding).toBe(0);
  }, 60_000);
});
