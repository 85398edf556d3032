import { describe, expect, it } from 'vitest';
import { compareSessions, type Parity } from '../../../src/cli/parity.ts';
import { renderParity } from '../../../src/cli/parity-text.ts';
import { riskFold } from '../../../src/compose/risk-fold.ts';
import { price } from '../../../src/core/money.ts';
import { MINUTE, MS, SECOND } from '../../../src/core/time.ts';
import { BAR } from '../../../src/domain/market/event-batch.ts';
import { moved, ordered, readerOf, SessionScript, signalled } from './session-script.ts';
import { AAPL, infer, ORDER, scored, whyOf } from './parity-scene.ts';

interface Life {
  /** Everything comes so much later. */
  readonly lateUs: number;
  readonly prices: readonly number[];
  readonly decide: (script: SessionScript) => void;
}

/** A live session that hears bars of one symbol, decides, and hears another. */
function lived(sessionId: string, { lateUs, prices, decide }: Life): SessionScript {
  const script = new SessionScript(sessionId, { isLive: true }).open().wait(SECOND);
  const startUs = script.nowUs;
  for (const [at, unit] of prices.entries()) {
    const frameUs = startUs + at * MINUTE;
    script.wait(frameUs + lateUs - script.nowUs);
    script.frame({ kind: BAR, frameUs, price: unit });
    if (at === 1) decide(script);
  }
  return script;
}

function pair(left: Life, right: Life): Parity {
  const [one, other] = [lived('a-1', left), lived('a-2', right)];
  const options = { isStrict: false, riskFold };
  return compareSessions(readerOf(one, other), one.description, other.description, options);
}

const BARS = [1_892_000, 1_892_500, 1_892_700];

/** An order at a quote that has moved on with the moment, so many basis points above it. */
function buys(offsetBps: number, ask: number) {
  return (script: SessionScript): void => {
    const limit = Math.round((ask * (1 + offsetBps / 10_000)) / 100) * 100;
    const prices = { limitPrice: price(limit), referencePrice: price(ask) };
    const signal = signalled(1, AAPL, script.nowUs, { ask });
    script.facts(signal, ...ordered(ORDER, 1, AAPL, prices));
  };
}

describe('two live sessions', () => {
  it('are explained where they had the same bars, each at moments of its own', () => {
    const parity = pair(
      { lateUs: 20 * MS, prices: BARS, decide: buys(5, 1_892_500) },
      { lateUs: 95 * MS, prices: BARS, decide: buys(5, 1_893_100) },
    );

    expect(whyOf(parity)).toEqual(['signals: waiting', 'intents: consequence']);
    expect(parity.counted).toBe(0);
    expect(renderParity(parity)).toContain('the same market: 3 bars');
  });

  it('are not where one asks for another distance to its price', () => {
    const parity = pair(
      { lateUs: 20 * MS, prices: BARS, decide: buys(5, 1_892_500) },
      { lateUs: 95 * MS, prices: BARS, decide: buys(25, 1_893_100) },
    );

    expect(whyOf(parity)).toEqual(['signals: waiting', 'intents: unexplained']);
    expect(parity.counted).toBe(1);
  });

  it('are not where one makes a signal of the same score that the other does not make', () => {
    const asks = (script: SessionScript, isMade: boolean): void => {
      const signal = signalled(1, AAPL, script.nowUs, { value: 0.6, reason: 'score' });
      scored(script, infer(script), ...(isMade ? [signal] : []));
    };
    const life = (lateUs: number, isMade: boolean, decide = asks): Life => ({
      lateUs,
      prices: BARS,
      decide: (script) => decide(script, isMade),
    });
    // Unless the symbol came to its layer otherwise, and with it the window of the model.
    const joins = (script: SessionScript, isMade: boolean): void => {
      script.facts(moved(2, AAPL, true, 'score', isMade ? 1.6 : 1.5, script.nowUs));
      asks(script.wait(MS), isMade);
    };

    expect(whyOf(pair(life(20 * MS, true), life(95 * MS, false)))).toEqual([
      'signals: unexplained',
    ]);
    const joined = whyOf(pair(life(20 * MS, true, joins), life(95 * MS, false, joins)));
    expect(joined).toContain('signals: consequence');
    expect(joined.filter((why) => why.includes('unexplained'))).toEqual([]);
  });

  it('are not where one makes a signal of a bar that the other has too, a moment later', () => {
    const holds = (script: SessionScript): void => void script;
    const parity = pair(
      { lateUs: 20 * MS, prices: BARS, decide: buys(5, 1_892_500) },
      { lateUs: 95 * MS, prices: BARS, decide: holds },
    );

    expect(whyOf(parity)).toEqual(['signals: unexplained', 'intents: unexplained']);
    expect(parity.counted).toBe(2);
  });

  it('are compared no further where a bar of one is not a bar of the other', () => {
    const parity = pair(
      { lateUs: 20 * MS, prices: BARS, decide: buys(5, 1_892_500) },
      { lateUs: 95 * MS, prices: [1_892_000, 1_892_501, 1_892_700], decide: buys(5, 1_893_100) },
    );

    expect(parity.marketDiffers).toMatch(/up to event 2$/);
    expect(parity.classes).toBeUndefined();
    expect(parity.counted).toBeGreaterThan(0);
  });
});
