import { describe, expect, it } from 'vitest';
import { compareSessions } from '../../../src/cli/parity.ts';
import { renderParity } from '../../../src/cli/parity-text.ts';
import { riskFold } from '../../../src/compose/risk-fold.ts';
import { money } from '../../../src/core/money.ts';
import { MS, SECOND } from '../../../src/core/time.ts';
import { BAR } from '../../../src/domain/market/event-batch.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import {
  filled,
  moved,
  ordered,
  readerOf,
  SessionScript,
  signalled,
  stood,
} from './session-script.ts';
import {
  AAPL,
  BAC,
  ORDER,
  account,
  answer,
  approved,
  ask,
  bought,
  enquired,
  explain,
  infer,
  intended,
  liveOne,
  nothing,
  refusal,
  replayOne,
  score,
  scored,
  whyOf,
} from './parity-scene.ts';

describe('a live session and its replay', () => {
  it('are equal where both decided the same', () => {
    const parity = explain(
      (script) => ask(script, ...bought),
      (script) => ask(script, ...bought),
    );

    expect(parity).toMatchObject({ counted: 0, classes: {}, events: 5, differences: [] });
    expect(renderParity(parity)).toContain('No difference in what was decided.');
  });

  it('start: what was decided before the first session edge', () => {
    const live = liveOne().wait(50 * SECOND);
    const replay = replayOne();
    live.open();
    replay.open().wait(50 * SECOND);
    for (const script of [live, replay]) script.market(1);
    const { description: left } = live;
    const options = { isStrict: false, riskFold };
    const reader = readerOf(live, replay);
    const parity = compareSessions(reader, left, replay.description, options);

    expect(whyOf(parity)).toEqual(['moves: start', 'moves: start', 'moves: start']);
    expect(parity.counted).toBe(0);
  });

  it('end: what was decided after the last event that both have had', () => {
    const scripts = [liveOne(), replayOne()] as const;
    for (const script of scripts) script.open().wait(SECOND).market(1);
    scripts[0].wait(SECOND).facts(moved(2, BAC, true, 'score', 1, scripts[0].nowUs));
    const [left, right] = scripts.map(({ description }) => description);
    if (left === undefined || right === undefined) throw new Error('there are two');
    const options = { isStrict: false, riskFold };

    expect(whyOf(compareSessions(readerOf(...scripts), left, right, options))).toEqual([
      'moves: end',
    ]);
  });

  it('waiting: the same move later, or with other events seen', () => {
    const move = (script: SessionScript) =>
      script.facts(moved(2, AAPL, true, 'score', 1.7, script.nowUs));
    const later = explain(move, (script) => move(script.wait(3 * MS)));
    const waited = explain(
      (script) => {
        const frameUs = script.wait(SECOND).nowUs;
        move(script.wait(MS)).frame({ frameUs });
      },
      (script) => void script.wait(SECOND).market(1),
    );

    expect(whyOf(later)).toEqual(['moves: waiting']);
    expect(whyOf(waited)).toEqual(['moves: waiting']);
  });

  it('waiting: an age that counts from when a frame was taken', () => {
    const stale = (lateUs: number) => (script: SessionScript) => {
      const frameUs = script.wait(SECOND).nowUs;
      script.wait(lateUs).frame({ frameUs });
      script.wait(10 * SECOND - lateUs);
      ask(script, refusal('QUOTE_STALE', [10_000 - lateUs / MS, 5_000]));
    };

    expect(whyOf(explain(stale(40 * MS), stale(0)))).toEqual(['refusals: waiting']);
  });

  it('model: a score that came later, expired, or found the next bar', () => {
    const later = (us: number) => (script: SessionScript) => {
      const asked = infer(script);
      scored(script.wait(us), asked, score(script), approved, intended);
    };
    const parity = explain(later(300 * MS), later(20 * MS));
    const expired = explain(
      (script) => void script.wait(SECOND).input(answer('expired', infer(script))),
      later(20 * MS),
    );
    const stale = explain(
      (script) => {
        const asked = infer(script);
        scored(script.wait(SECOND).frame({ kind: BAR }), asked);
      },
      (script) => {
        later(20 * MS)(script);
        script.wait(SECOND - 20 * MS).frame({ kind: BAR });
      },
    );

    expect(whyOf(parity)).toEqual(['signals: model', 'intents: consequence']);
    expect(parity.differences[1]?.why).toMatchObject({ cause: 0 });
    expect(whyOf(expired)).toEqual(['signals: model', 'intents: consequence']);
    expect(whyOf(stale)).toEqual(['signals: model', 'intents: consequence']);
  });

  it('quote: looked at when it was older', () => {
    const parity = explain(
      (script) => void ask(script.wait(10 * MS), refusal('QUOTE_STALE', [5_009, 5_000])),
      (script) => void ask(script, ...bought),
    );

    expect(whyOf(parity)).toEqual(['signals: waiting', 'intents: quote', 'refusals: quote']);
  });

  it('subscription: the slot was held in one session', () => {
    const parity = explain(
      (script) => void ask(script, refusal('NO_SLOT')),
      (script) => void ask(script.facts({ kind: 'slotsHeld', symbols: [AAPL] }), ...bought),
    );

    expect(whyOf(parity)).toEqual(['refusals: subscription', 'intents: subscription']);
  });

  it('reconciliation: the books were not compared, or said otherwise', () => {
    const reconciled: Fact = { kind: 'reconciled', account, attempt: 1, atUs: 1 };
    const refused = explain(
      (script) => void ask(script, refusal('NOT_RECONCILED')),
      (script) => void ask(script.facts(reconciled), ...bought),
    );
    const adopted = explain((script) => {
      script.facts({ kind: 'reconcile', account, sinceUs: 0, attempt: 1 });
      const cash: Fact = { kind: 'cashAdjusted', account, amount: money(500), origin: 'opening' };
      script.input(answer('done', script.lastInput), cash);
    }, nothing);

    expect(whyOf(refused)).toEqual(['refusals: reconciliation', 'intents: reconciliation']);
    expect(whyOf(adopted)).toEqual(['adoptions: reconciliation']);
  });

  it('service: it was down, and risk or the router refused', () => {
    const down = { kind: 'serviceChanged', service: 'broker', state: 'down', reason: 'x' } as const;
    const reduced = explain(
      (script) => void ask(script.input(down), refusal('REDUCE_ONLY')),
      (script) => void ask(script, ...bought),
    );
    const unsent = explain(
      (script) => {
        ask(script, ...bought);
        const reason = 'SERVICE_DOWN: never sent';
        script.facts(stood(ORDER, AAPL, 'rejected', script.nowUs, reason));
      },
      (script) => {
        ask(script, ...bought);
        script.facts(stood(ORDER, AAPL, 'working', script.nowUs));
      },
    );

    expect(whyOf(reduced)).toEqual(['refusals: service', 'intents: service']);
    expect(whyOf(unsent)).toEqual(['standings: service']);
  });

  it('answer: the order was in doubt while nobody had answered', () => {
    const parity = explain(
      (script) => {
        const asked = ask(script, ...bought).lastInput;
        script
          .wait(5 * SECOND)
          .facts(stood(ORDER, AAPL, 'unknown', script.nowUs), enquired(script));
        script
          .wait(SECOND)
          .input(answer('done', asked), stood(ORDER, AAPL, 'working', script.nowUs));
      },
      (script) => {
        const asked = ask(script, ...bought).lastInput;
        script.wait(MS).input(answer('done', asked), stood(ORDER, AAPL, 'working', script.nowUs));
      },
    );

    expect(new Set(whyOf(parity))).toEqual(new Set(['standings: answer', 'enquiries: answer']));
  });

  it('fill: another price within the limit, and none outside of it', () => {
    const fill = (unit: number) => (script: SessionScript) => {
      ask(script, ...bought);
      script.facts(filled(ORDER, AAPL, 'buy', 100, unit, script.nowUs));
    };

    expect(whyOf(explain(fill(1_892_000), fill(1_892_500)))).toEqual(['fills: fill']);
    expect(whyOf(explain(fill(1_893_500), fill(1_892_500)))).toEqual(['fills: unexplained']);
  });

  it('venue: it refused the order', () => {
    const parity = explain(
      (script) => {
        ask(script, ...bought);
        const reason = 'BUYING_POWER: insufficient buying power';
        script.facts(stood(ORDER, AAPL, 'rejected', script.nowUs, reason));
      },
      (script) => void ask(script, ...bought),
    );

    expect(whyOf(parity)).toEqual(['standings: venue']);
  });

  it('crash: the row lost what it had learned', () => {
    const crashed: Fact = { kind: 'crashed', actor: 'symbols', row: 0, code: 'X', message: 'x' };
    const parity = explain(
      (script) => void script.facts(crashed).wait(SECOND),
      (script) => void ask(script.wait(SECOND), ...bought),
    );

    expect(whyOf(parity)).toEqual(['signals: crash', 'intents: consequence']);
  });
});

describe('a consequence', () => {
  /** Bought here and there; the exit falls into the time in which only one of them holds. */
  const exitAfter = (us: number) => (script: SessionScript) => {
    const asked = ask(script, ...bought).lastInput;
    const fill = (): SessionScript =>
      script.input(
        answer('done', asked),
        filled(ORDER, AAPL, 'buy', 100, 1_892_500, script.nowUs),
        stood(ORDER, AAPL, 'filled', script.nowUs),
      );
    if (us < SECOND) fill();
    script.wait(SECOND);
    const exit = { side: 'sell', purpose: 'exit', reason: 'back at the mean' } as const;
    if (us < SECOND) script.facts(signalled(2, AAPL, script.nowUs, exit));
    script.wait(SECOND);
    if (us >= SECOND) fill();
  };

  it('follows from an earlier difference in the symbol, and names it', () => {
    const parity = explain(exitAfter(2 * SECOND), exitAfter(0));
    const at = parity.differences.findIndex(({ kind }) => kind === 'signals');
    const { cause = at } = parity.differences[at]?.why ?? {};

    expect(parity.counted).toBe(0);
    expect(parity.differences[at]?.why?.class).toBe('consequence');
    expect(cause).toBeLessThan(at);
    expect(parity.differences[cause]?.stream).toBe('mr AAPL 0');
  });

  it('follows through the account in another symbol', () => {
    const other = ordered('mr.BAC.0', 2, BAC);
    const second = (script: SessionScript, ...said: readonly (Fact | Effect)[]) =>
      script.wait(SECOND).facts(signalled(2, BAC, script.nowUs), ...said);
    const parity = explain(
      (script) => {
        ask(script, ...bought);
        script.facts(filled(ORDER, AAPL, 'buy', 100, 1_890_000, script.nowUs));
        second(script, refusal('SECTOR_MAX', [2, 1], 2, BAC));
      },
      (script) => {
        ask(script, ...bought);
        second(script, ...other);
      },
    );

    expect(parity.counted).toBe(0);
    expect(whyOf(parity)).toEqual(['fills: fill', 'refusals: consequence', 'intents: consequence']);
  });
});
