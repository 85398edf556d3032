import { describe, expect, it } from 'vitest';
import { asLate, delaysOf } from '../../../src/compose/recorded-delays.ts';
import { wholeMarket } from '../../../src/compose/small-services.ts';
import { symbolId } from '../../../src/core/ids.ts';
import { MS, SECOND } from '../../../src/core/time.ts';
import { EFFECT_TRAITS } from '../../../src/ports/effect.ts';
import type { Answer } from '../../../src/ports/input.ts';
import type { Agenda } from '../../../src/ports/simulated-world.ts';
import { OPEN_US, SessionScript } from '../cli/session-script.ts';

const features = Float64Array.from([1]);
const INFER = { kind: 'infer', model: 'm', rows: [symbolId(0)], width: 1, features } as const;

function recorded(...answers: readonly (readonly [us: number, outcome: Answer['outcome']])[]) {
  const script = new SessionScript().open();
  for (const [us, outcome] of answers) {
    script.wait(10 * SECOND - ((script.nowUs - OPEN_US) % (10 * SECOND))).facts(INFER);
    const effectInput = script.lastInput;
    script.wait(us).input({ kind: 'answered', effectInput, effectIndex: 0, outcome });
  }
  return delaysOf(script.records);
}

describe('the delays of a recorded session', () => {
  const delays = recorded([40 * MS, 'done'], [900 * MS, 'done'], [700 * MS, 'expired']);

  it('are those of the last question by then, and of the first before it', () => {
    const at = [0, 10, 19, 20, 45].map((s) => delays.at('infer', OPEN_US + s * SECOND));

    expect(at).toEqual([40, 40, 40, 900, 900].map((ms) => ms * MS));
  });

  it('know nothing of what was never answered', () => {
    expect(delays.at('subscribe', OPEN_US)).toBeUndefined();
    expect(delays.median('submitOrder')).toBeUndefined();
  });

  it('make no deadline shorter, and let in what was in time', () => {
    expect(delays.deadlineUs('infer')).toBe(900 * MS + 1);
    expect(delays.deadlineUs('subscribe')).toBe(EFFECT_TRAITS.subscribe.deadlineUs);
    expect(recorded([1, 'done']).deadlineUs('infer')).toBe(EFFECT_TRAITS.infer.deadlineUs);
  });

  it('move the answers of a part, and nothing where there were none', () => {
    const dueOf = (given: Parameters<typeof asLate>[1]): number => {
      let due = 0;
      const agenda: Agenda = {
        enter: (dueUs) => void (due = dueUs),
        reserve: () => ({ fill: () => undefined }),
        happen: () => undefined,
      };
      const requested = { input: 1, index: 0, requestedUs: OPEN_US, effect: INFER };
      asLate({ ...wholeMarket(), handles: () => true }, given).request(requested, agenda);
      return due - OPEN_US;
    };

    expect(dueOf(delays)).toBe(40 * MS);
    expect(dueOf(undefined)).toBe(0);
  });
});
