import { describe, expect, it } from 'vitest';
import { explain, renderStory, type Story } from '../../../src/cli/explain.ts';
import { symbolId, textId } from '../../../src/core/ids.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import {
  filled,
  moved,
  ordered,
  readerOf,
  refused,
  SessionScript,
  signalled,
  smallDay,
  stood,
} from './session-script.ts';

const [AAPL, BAC, XOM] = [symbolId(0), symbolId(1), symbolId(2)];

function storyOf(script: SessionScript, target: string): Story {
  const explanation = explain(readerOf(script), script.description.sessionId, target);
  if (!explanation.isFound) throw new Error(`${target} was not found`);
  return explanation.story;
}

describe('explain', () => {
  it('tells an order from its signal to its last fill, in order, with times', () => {
    expect(renderStory(storyOf(smallDay(), 'mr.AAPL.0'))).toMatchInlineSnapshot(`
      "order mr.AAPL.0 in session s-1, New York time

      09:32:01.000000  #15       signal    mr-1, mean reversion: buy to open
                                           -2.31 / -2 (measure / threshold), below the mean
                                           bid 189.20, ask 189.25, last 189.23
                                           wrong 1.20 away
      09:32:01.000000  #15       approved  risk let it pass: at most $18,925.00
      09:32:01.000000  #15       intent    buy 100 to open at 189.34 or better, day
                                           reckoned at 189.25
                                           mr.AAPL.0
      09:32:01.000000  #15       sent      order sent once record 15 was safe
      09:32:01.030000  #16       answer    submitOrder: done after 30 ms
      09:32:01.030000  #17       stands    working
      09:32:02.030000  #19       fill      bought 100 at 189.25 (x-mr.AAPL.0-100)
      09:32:02.030000  #19       stands    filled

      => mr.AAPL.0 is filled: 100 of 100 at 189.25 on average, 1.0 s after the intent
      "
    `);
  });

  it('tells a refusal with the numbers that decided it', () => {
    const story = storyOf(smallDay(), 'mr-2');

    expect(story.steps.map(({ kind }) => kind)).toEqual(['signal', 'refused']);
    expect(story.steps[1]?.text).toBe('SPREAD_WIDE: the spread was 62.5 bps, limit 50 bps');
    expect(story.conclusion).toEqual(['risk refused SPREAD_WIDE 1']);
  });

  it('tells of a symbol all that was decided about it, and what came of it', () => {
    const story = storyOf(smallDay(), 'aapl');

    expect(story.name).toBe('AAPL');
    expect(story.steps.map(({ kind }) => kind).join(' ')).toBe(
      'layer layer layer signal approved intent sent answer stands fill stands ' +
        'signal approved intent sent fill stands',
    );
    expect(story.conclusion).toEqual(['it traded: 2 orders filled, 200 shares, of 2 signals']);
  });

  it.each([
    ['XOM', 'it never entered layer 1 liquid, which ended with 2 of 3 symbols'],
    ['BAC', 'risk refused SPREAD_WIDE 1'],
  ])('says why %s did not trade', (name, why) => {
    const [conclusion = ''] = storyOf(smallDay(), name).conclusion;

    expect(conclusion).toContain('it did not trade: ');
    expect(conclusion).toContain(why);
  });

  it('says that no strategy saw its condition, and for how long it could have', () => {
    const script = smallDay();
    script.facts(moved(1, XOM, true, 'score', 2, script.nowUs));
    script.facts(moved(2, XOM, true, 'score', 2, script.nowUs));
    script.wait(7 * MINUTE).facts(moved(2, BAC, true, 'score', 2, script.nowUs));

    expect(storyOf(script, 'XOM').conclusion).toEqual([
      'it did not trade: it was in layer 2 active for 7 min 0 s and no strategy saw its condition',
    ]);
  });

  it('says that an order of unknown fate is not known, not that it was rejected', () => {
    const script = smallDay();
    script.market(1, signalled(7, BAC, script.nowUs), ...ordered('mr.BAC.0', 7, BAC));
    const asked = script.lastInput;
    script.wait(5 * SECOND).input(
      {
        kind: 'answered',
        effectInput: asked,
        effectIndex: 0,
        outcome: 'unknown',
        code: 'DEADLINE',
      },
      stood('mr.BAC.0', BAC, 'unknown', script.nowUs, 'DEADLINE'),
      { kind: 'enquired', clientOrderId: textId('mr.BAC.0'), attempt: 1, atUs: script.nowUs },
    );
    const story = storyOf(script, 'BAC');

    expect(story.steps.map(({ text }) => text)).toContain(
      'submitOrder: unknown (DEADLINE) after 5.0 s',
    );
    expect(story.conclusion[0]).toContain('mr.BAC.0 is unknown (DEADLINE): 0 of 100 filled');
  });

  it('follows an order through its replacements, from either end', () => {
    const script = smallDay();
    script.market(1, ...ordered('mr.BAC.0', 7, BAC), ...ordered('mr.BAC.1', 7, BAC));
    script.facts(
      { ...stood('mr.BAC.0', BAC, 'replaced', script.nowUs), successor: textId('mr.BAC.1') },
      filled('mr.BAC.1', BAC, 'buy', 100, 250_000, script.nowUs),
    );

    for (const id of ['mr.BAC.0', 'mr.BAC.1']) {
      expect(storyOf(script, id).steps.map(({ kind }) => kind)).toContain('fill');
      expect(storyOf(script, id).conclusion).toHaveLength(2);
    }
  });

  it('finds an order by a beginning that only one has', () => {
    const script = smallDay();
    script.market(1, ...ordered('mr.BAC.0', 7, BAC));

    expect(storyOf(script, 'mr.B').name).toBe('mr.BAC.0');
  });

  it('names what may have been meant where nothing is found', () => {
    const near = (target: string) => explain(readerOf(smallDay()), 's-1', target);

    expect(near('AALP')).toEqual({ isFound: false, target: 'AALP', near: ['AAPL'] });
    expect(near('mr.A')).toMatchObject({ near: ['mr.AAPL.0', 'mr.AAPL.1'] });
    expect(near('')).toMatchObject({ isFound: false });
    expect(near('something else')).toMatchObject({ near: [] });
  });

  it('keeps the beginning and the end of a story without end', () => {
    const script = smallDay();
    for (let at = 0; at < 3_000; at += 1) {
      script.facts(moved(1, AAPL, at % 2 === 0, `m${at}`, 1, script.nowUs));
    }
    const story = storyOf(script, 'AAPL');

    expect(story.steps).toHaveLength(2_000);
    expect(story.stepsLeftOut).toBe(3_017 - 2_000);
    expect(story.steps.at(-1)?.text).toContain('m2999');
    expect(renderStory(story)).toContain('... 1017 steps left out ...');
  });

  it('tells a signal refused for a symbol only in that signal', () => {
    const script = smallDay();
    script.market(1, signalled(20, XOM, script.nowUs), refused(20, XOM));

    expect(storyOf(script, 'mr-20').steps).toHaveLength(2);
    expect(storyOf(script, 'mr-2').steps).toHaveLength(2);
  });
});
