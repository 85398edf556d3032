import { describe, expect, it } from 'vitest';
import { renderParity } from '../../../src/cli/parity-text.ts';
import { shares } from '../../../src/core/money.ts';
import { MS } from '../../../src/core/time.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import { filled, moved, ordered, SessionScript, signalled } from './session-script.ts';
import {
  AAPL,
  ORDER,
  account,
  ask,
  bought,
  explain,
  liveOne,
  nothing,
  refusal,
  replayOne,
  whyOf,
} from './parity-scene.ts';

describe('nothing explains', () => {
  it('a signal that only one session made where both stood alike, nor what follows', () => {
    const parity = explain((script) => {
      ask(script, ...bought);
      script.facts(filled(ORDER, AAPL, 'buy', 100, 1_892_500, script.nowUs));
    }, nothing);
    const text = renderParity(parity);

    expect(whyOf(parity)).toEqual([
      'signals: unexplained',
      'intents: unexplained',
      'fills: unexplained',
    ]);
    expect(parity.counted).toBe(3);
    expect(text).toContain('  ? the other session stood where this one did');
    expect(text).toContain('3 are not.');
  });

  it('an answer that one session alone gave to the signal of both', () => {
    const silent = (script: SessionScript) => void ask(script.wait(3 * MS));
    const answers: readonly (readonly Parameters<typeof ask>[1][])[] = [
      bought,
      [refusal('QUOTE_STALE', [6_000, 5_000])],
    ];
    for (const given of answers) {
      const parity = explain((script) => void ask(script, ...given), silent);

      expect(whyOf(parity)[0]).toBe('signals: waiting');
      expect(whyOf(parity)[1]).toMatch(/^(intents|refusals): unexplained$/);
      expect(parity.counted).toBe(1);
    }
  });

  it('a threshold, a limit, a size or a move of its own', () => {
    const refused = (limit: number) => (script: SessionScript) =>
      void ask(script, refusal('QUOTE_STALE', [6_000, limit]));
    const sized = (quantity: number) => (script: SessionScript) =>
      void ask(script, ...ordered(ORDER, 1, AAPL, { quantity: shares(quantity) }));
    const signal = (threshold: number) => (script: SessionScript) =>
      void script.facts(signalled(1, AAPL, script.nowUs, { threshold }));
    const move = (script: SessionScript) =>
      void script.facts(moved(2, AAPL, true, 'score', 1.5, script.nowUs));
    const all = [
      explain(refused(5_000), refused(4_950)),
      explain(sized(100), sized(99)),
      explain(signal(-2), signal(-2.02)),
      explain(move, nothing),
    ];

    expect(all.map(({ counted }) => counted)).toEqual([1, 1, 1, 1]);
  });

  it('a halt of its own', () => {
    const halt: Fact = {
      kind: 'tradingHalted',
      account,
      level: 'noEntries',
      code: 'COMMAND',
      reason: 'x',
      by: 'x',
    };

    expect(whyOf(explain((script) => void script.facts(halt), nothing))).toEqual([
      'halts: unexplained',
    ]);
  });
});

describe('what must be equal before anything is explained', () => {
  it('is the market: one tick in one price is named', () => {
    const parity = explain(
      (script) => void ask(script.frame({ price: 1_892_500 }), ...bought),
      (script) => void ask(script.frame({ price: 1_892_501 }), refusal('SPREAD_WIDE')),
    );

    expect(parity.marketDiffers).toBe('09:30:01.000000, up to event 4');
    expect(parity.classes).toBeUndefined();
    expect(parity.counted).toBeGreaterThan(0);
    expect(renderParity(parity)).toContain('the market differs: 09:30:01.000000');
  });

  it('is the market, however its frames were cut', () => {
    const parity = explain(
      (script) => void script.frame({ events: 4 }),
      (script) => void script.frame({ events: 3 }).frame({ events: 1 }),
    );

    expect(parity).toMatchObject({ counted: 0, events: 9 });
    expect(parity.marketDiffers).toBeUndefined();
  });

  it('is the configuration', () => {
    const replay = replayOne({ configHash: 'd'.repeat(64) });
    const parity = explain((script) => void ask(script, ...bought), nothing, [liveOne(), replay]);

    expect(parity.classes).toBeUndefined();
    expect(parity.counted).toBe(2);
  });

  it('and between two that should be equal nothing is', () => {
    const virtual = new SessionScript('s-1');
    const move = (script: SessionScript) =>
      void script.facts(moved(2, AAPL, true, 'score', 1.7, script.nowUs));
    const later = (script: SessionScript) => move(script.wait(3 * MS));

    expect(explain(move, later, [virtual, replayOne()]).counted).toBe(1);
    expect(explain(move, later).counted).toBe(0);
  });
});
