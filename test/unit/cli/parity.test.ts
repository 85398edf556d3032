import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align } from '../../../src/cli/align.ts';
import { renderParity } from '../../../src/cli/parity-text.ts';
import { compareSessions, type Parity } from '../../../src/cli/parity.ts';
import { symbolId, textId } from '../../../src/core/ids.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import {
  filled,
  moved,
  ordered,
  readerOf,
  SessionScript,
  signalled,
  smallDay,
  stood,
} from './session-script.ts';

const [AAPL, BAC] = [symbolId(0), symbolId(1)];

function parityOf(left: SessionScript, right: SessionScript, isStrict = false): Parity {
  return compareSessions(readerOf(left, right), left.description, right.description, { isStrict });
}

const other = (changes = {}) => new SessionScript('s-2', changes);

describe('compareSessions', () => {
  it('finds no difference between a session and its repetition', () => {
    const parity = parityOf(smallDay(), smallDay(other()));

    expect(parity.counted).toBe(0);
    expect(parity.counts).toMatchObject({
      moves: { left: 8, equal: 8 },
      signals: { left: 3, equal: 3 },
      refusals: { equal: 1 },
      intents: { equal: 2 },
      standings: { equal: 3 },
      fills: { equal: 2 },
    });
  });

  it('compares symbols and orders by what they are, not by the numbers of their session', () => {
    const trade = (script: SessionScript, names: readonly string[], order: string) => {
      const symbol = symbolId(names.indexOf('AAPL'));
      script
        .open(names)
        .market(2, signalled(1, symbol, script.nowUs), ...ordered(order, 1, symbol));
      return script.facts(filled(order, symbol, 'buy', 100, 1_892_500, script.nowUs));
    };
    const left = trade(new SessionScript(), ['AAPL', 'BAC'], 'mr.AAPL.aaaa.0');
    const right = trade(other(), ['BAC', 'AAPL'], 'mr.AAPL.bbbb.0');

    expect(parityOf(left, right).counted).toBe(0);
  });

  it('names the fields of a decision that was taken differently, and the one before it', () => {
    const left = smallDay();
    const right = smallDay(other());
    left.wait(MINUTE).facts(moved(2, BAC, true, 'score', 1.5, left.nowUs));
    right.wait(MINUTE).facts(moved(2, BAC, true, 'floor', 1.4, right.nowUs));
    const { differences, counted } = parityOf(left, right);

    expect(counted).toBe(1);
    expect(differences).toMatchObject([
      {
        kind: 'moves',
        stream: 'BAC, layer 2',
        fields: ['reason', 'score'],
        left: { fields: { reason: 'score' } },
        right: { fields: { reason: 'floor' } },
        before: { fields: { reason: 'score', isMember: 'false' } },
      },
    ]);
  });

  it('tells a decision that only one took, without calling those after it different', () => {
    const left = new SessionScript().open();
    const right = other();
    right.open();
    for (const script of [left, right]) {
      for (let minute = 0; minute < 5; minute += 1) {
        script.wait(MINUTE);
        if (script === right && minute === 1) continue;
        script.facts(signalled(minute, AAPL, script.nowUs));
      }
    }
    const { counts, differences } = parityOf(left, right);

    expect(counts.signals).toMatchObject({ equal: 4, onlyLeft: 1, changed: 0, onlyRight: 0 });
    expect(differences).toHaveLength(1);
    expect(differences[0]?.right).toBeUndefined();
  });

  it('sees that the same was decided at another time', () => {
    const left = new SessionScript().open();
    const right = other().open();
    left.facts(signalled(1, AAPL, left.nowUs));
    right.wait(1).facts(signalled(1, AAPL, right.nowUs));

    expect(parityOf(left, right).differences).toMatchObject([{ fields: ['time'] }]);
  });

  it('tells NaN from a number and finds it equal to itself', () => {
    const left = new SessionScript().open().facts(signalled(1, AAPL, 1, { bid: Number.NaN }));
    const same = other()
      .open()
      .facts(signalled(1, AAPL, 1, { bid: Number.NaN }));
    const not = other()
      .open()
      .facts(signalled(1, AAPL, 1, { bid: 5 }));

    expect(parityOf(left, same).counted).toBe(0);
    expect(parityOf(left, not).differences).toMatchObject([{ fields: ['bid'] }]);
  });
});

describe('recovery in parity', () => {
  const id = 'mr.BAC.0';

  function plain(): SessionScript {
    const script = smallDay();
    script.market(1, signalled(9, BAC, script.nowUs), ...ordered(id, 9, BAC));
    script.wait(SECOND).facts(stood(id, BAC, 'working', script.nowUs));
    script.wait(SECOND).facts(filled(id, BAC, 'buy', 100, 250_000, script.nowUs));
    return script.facts(stood(id, BAC, 'filled', script.nowUs));
  }

  /** The same, killed after the intent: the second life asks and learns of it later. */
  function recovered(fillPrice = 250_000): SessionScript {
    const script = smallDay(other());
    script.market(1, signalled(9, BAC, script.nowUs), ...ordered(id, 9, BAC));
    script.open([], 2).facts(stood(id, BAC, 'unknown', script.nowUs, 'recovered'), {
      kind: 'enquired',
      clientOrderId: textId(id),
      attempt: 1,
      atUs: script.nowUs,
    });
    script.wait(SECOND + 7).facts(stood(id, BAC, 'working', script.nowUs));
    script.wait(SECOND - 7);
    script.facts(filled(id, BAC, 'buy', 100, fillPrice, script.nowUs));
    return script.facts(stood(id, BAC, 'filled', script.nowUs));
  }

  it('reports what only the recovery did apart, and does not count it', () => {
    const parity = parityOf(plain(), recovered());

    expect(parity.counted).toBe(0);
    expect(parity.differences.map(({ kind, isRecovery }) => [kind, isRecovery])).toEqual([
      ['standings', true],
      ['enquiries', true],
      ['standings', true],
    ]);
    expect(renderParity(parity)).toContain('3 differences caused by recovery alone, not counted.');
  });

  it('counts it where one is strict', () => {
    expect(parityOf(plain(), recovered(), true).counted).toBe(3);
  });

  it('counts what a recovery must not change', () => {
    const { differences, counted } = parityOf(plain(), recovered(250_100));

    expect(counted).toBe(1);
    expect(differences.find(({ isRecovery }) => !isRecovery)).toMatchObject({
      kind: 'fills',
      fields: ['price'],
    });
  });

  it('counts an enquiry of a session that was never recovered', () => {
    const right = smallDay(other());
    right.market(1, signalled(9, BAC, right.nowUs), ...ordered(id, 9, BAC));
    const left = smallDay();
    left.market(1, signalled(9, BAC, left.nowUs), ...ordered(id, 9, BAC));
    right.facts(stood(id, BAC, 'unknown', right.nowUs));

    expect(parityOf(left, right).counted).toBe(1);
  });
});

describe('renderParity', () => {
  it('shows a table by kind and the first differences with both sides', () => {
    const left = smallDay();
    const right = smallDay(other({ configHash: 'd'.repeat(64) }));
    left.wait(MINUTE).facts(moved(2, BAC, true, 'score', 1.5, left.nowUs));

    expect(renderParity(parityOf(left, right))).toMatchInlineSnapshot(`
      "A s-1 (demo: seed 7, 3 symbols)
      B s-2 (demo: seed 7, 3 symbols)
      config differs: A cccccccccccc, B dddddddddddd

      decisions          A         B     equal   changed    only A    only B
      moves              9         8         8         0         1         0
      signals            3         3         3         0         0         0
      refusals           1         1         1         0         0         0
      intents            2         2         2         0         0         0
      standings          3         3         3         0         0         0
      fills              2         2         2         0         0         0
      cancels            0         0         0         0         0         0
      halts              0         0         0         0         0         0
      enquiries          0         0         0         0         0         0
      adoptions          0         0         0         0         0         0

      1 difference; the first may have caused the others:

      2013-10-07 09:36:03.030000  moves, BAC, layer 2
        = 09:35:03.030000  isMember=false reason=score score=0.4
        A 09:36:03.030000  isMember=true reason=score score=1.5
        B nothing
      "
    `);
  });

  it('shows ten differences and counts the rest', () => {
    const left = new SessionScript().open();
    for (let at = 0; at < 30; at += 1) left.wait(1).facts(signalled(at, AAPL, left.nowUs));
    const text = renderParity(parityOf(left, other().open()));

    expect(text).toContain('30 differences');
    expect(text).toContain('... and 20 more');
    expect(text.match(/ {2}B nothing/g)).toHaveLength(10);
  });
});

describe('align', () => {
  const row = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  const steps = (left: readonly string[], right: readonly string[]) =>
    align(left, right, (item) => item);

  it('leaves out nothing and keeps the order of both sides', () => {
    fc.assert(
      fc.property(row, row, (left, right) => {
        const aligned = steps(left, right);
        expect(aligned.flatMap((step) => step.left ?? [])).toEqual(left);
        expect(aligned.flatMap((step) => step.right ?? [])).toEqual(right);
        for (const step of aligned) expect(step.isEqual).toBe(step.left === step.right);
      }),
    );
  });

  it('compares place by place what is too long to align', () => {
    const long = Array.from({ length: 2_500 }, (_, at) => String(at));
    const changed = ['x', ...long.slice(1, -1), 'y'];

    expect(steps(long, changed).filter(({ isEqual }) => !isEqual)).toHaveLength(2);
    const shifted = steps(['x', ...long, 'y'], ['z', ...long.map((key) => `${key}!`), 'w']);
    expect(shifted.every((step) => step.isEqual === (step.left === step.right))).toBe(true);
  });

  it('finds a longest common subsequence', () => {
    const longest = (left: string, right: string): number => {
      if (left === '' || right === '') return 0;
      if (left[0] === right[0]) return 1 + longest(left.slice(1), right.slice(1));
      return Math.max(longest(left.slice(1), right), longest(left, right.slice(1)));
    };
    const short = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 7 });

    fc.assert(
      fc.property(short, short, (left, right) => {
        const equal = steps(left, right).filter(({ isEqual }) => isEqual).length;
        expect(equal).toBe(longest(left.join(''), right.join('')));
      }),
    );
  });
});
