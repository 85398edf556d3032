import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChaosSession } from './rig/chaos-session.ts';
import { healed } from './rig/health.ts';
import { factsOf } from './rig/journal-story.ts';

const SEED = 51;

describe(`a market that halts, corrects itself and has another clock, seed ${SEED}`, () => {
  let session: ChaosSession;

  beforeAll(async () => {
    session = await ChaosSession.start({ seed: SEED });
    await session.trading(5);
  }, 60_000);
  afterAll(async () => {
    await session.end();
  });

  it('I7: nothing is entered in a symbol that is halted with an order on its way', async () => {
    const { symbol } = session.view.fills.last(1)[0] ?? {};
    const name = session.view.nameOf(symbol ?? -1);
    const entries = () =>
      factsOf(session.witness.facts, 'intended').filter(
        (intent) => intent.symbol === symbol && intent.purpose === 'entry',
      ).length;
    await session.chaos('halt', { symbol: name });
    await session.until('the word of it', async () => {
      const [data] = session.live.services.health();
      const { events } = (await session.state()).market;
      return events > 0 && (data?.lagUs ?? Number.NaN) < 30_000_000;
    });
    // What was decided before the word of the halt came is on its way.
    await session.trading(3);
    const before = entries();
    await session.trading(8);
    const inHalt = entries();
    await session.chaos('resume', { symbol: name });
    await session.settled();

    expect(inHalt).toBe(before);
  });

  it('D8: corrections, cancels, late prints and stale quotes break nothing', async () => {
    const names = session.symbols.slice(0, 6).map(({ name }) => name);
    let touched = 0;
    for (const symbol of names) {
      touched += await session.chaos('correction', { symbol, size: 7 });
      touched += await session.chaos('cancelTrade', { symbol });
      touched += await session.chaos('lateTrade', { symbol, ageMs: 1_500 });
    }
    await session.chaos('staleQuotes', { forUs: 20_000_000 });
    await session.trading(5);
    await session.settled();

    expect(touched).toBe(3 * names.length);
    expect(factsOf(session.witness.facts, 'crashed')).toEqual([]);
  });

  it('D11: a venue whose clock is stepped by two seconds, either way, is traded on', async () => {
    for (const us of [2_000_000, -2_000_000]) {
      await session.chaos('clockStep', { us });
      await session.trading(3);
    }
    await session.settled();

    expect(factsOf(session.witness.facts, 'crashed')).toEqual([]);
  });

  it('D11: a wall clock set by two seconds, either way, is drawn to, not followed', async () => {
    const { time } = session;
    for (const [ms, state] of [
      [2_000, 'began'],
      [-2_000, 'ended'],
    ] as const) {
      const beforeUs = time.clock.nowUs();
      const beganMs = performance.now();
      time.stepWall(ms);
      await session.until(`news that it ${state}`, () => time.skews.at(-1)?.state === state);
      await session.trading(1);
      const passedUs = time.clock.nowUs() - beforeUs;
      const owedUs = (performance.now() - beganMs) * 1_000 * 120;

      expect(Math.abs(passedUs / owedUs - 1)).toBeLessThan(0.02);
    }
    await session.settled();

    expect(Math.round((time.skews[0]?.skewMs ?? 0) / 100)).toBe(20);
  });

  it('E3: messages that nobody knows, and text where msgpack was agreed, are counted', async () => {
    const unknown = () => session.live.services.health()[0]?.unknown ?? 0;
    const before = unknown();
    expect(await session.chaos('unknownMessage', { kind: 'zz', stream: 'data' })).toBe(1);
    expect(await session.chaos('textOnMsgpack', { stream: 'data' })).toBe(1);
    await session.until('a count', () => unknown() > before);
    await healed(session);
    await session.trading(2);
    await session.settled();
  });

  it('I1 to I9 hold over the whole session', async () => {
    const data = await session.finish();

    expect(data.trades.size).toBeGreaterThan(20);
  });
});
