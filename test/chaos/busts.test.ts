import { describe, expect, it } from 'vitest';
import { ChaosSession } from './rig/chaos-session.ts';
import { factsOf } from './rig/journal-story.ts';

describe('executions that are taken back, or had another price', () => {
  it('C5 I3: end as drift and a banned symbol, never as an order, seed 71', async () => {
    await using session = await ChaosSession.start({ seed: 71 });
    await session.trading(5);
    session.command('halt');
    await session.until('the halt', () => session.view.health.halt !== undefined);
    await session.until('quiet', () => session.view.orders.open().length === 0);
    const [corrected, busted] = session.view.fills.last(2);
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
