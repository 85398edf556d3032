import { describe, expect, it } from 'vitest';
import { EXECUTION } from '../../../src/actors/kernel/actor-table.ts';
import { execution } from '../../../src/actors/kernel/execution.ts';
import { shares } from '../../../src/core/money.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import type { KernelHarness } from '../../kernel-harness.ts';
import {
  ACCOUNT,
  done,
  executionOf,
  intentOf,
  last,
  orderId,
  orderPath,
  place,
  reportOf,
  standingIn,
  TIMES,
} from './orders-fixture.ts';

const ORDER = orderId('order-0');
const intent = intentOf(0, { type: 'market', purpose: 'exit' });
const filled = reportOf(intent, {
  event: 'snapshot',
  status: 'filled',
  filledQuantity: shares(100),
  executions: [executionOf('fill-1', 100)],
});

function opened(life: number) {
  const session = { account: ACCOUNT, startingCash: 0, buildId: 'b', configHash: 'c', actors: [] };
  return { kind: 'opened', life, ...session } as const;
}

/** A market order that the venue works on. */
function working(harness = orderPath()): KernelHarness {
  const submitted = place(harness, intent);
  harness.answer(submitted, done(reportOf(intent)));
  return harness;
}

describe('a start', () => {
  it('asks at once about every order that is open, also about one that was heard of', () => {
    const harness = working();

    harness.input(opened(2));

    expect(last(harness, 'enquireOrder').requestedUs).toBe(harness.nowUs);
  });

  it('of a session that has no past asks nothing', () => {
    const harness = working();

    harness.input(opened(1));

    expect(harness.pending('enquireOrder')).toHaveLength(0);
  });
});

describe('an order whose update was lost', () => {
  it('is found within a minute, though it was asked about before', () => {
    const harness = working();
    harness.advance(2 * TIMES.orderDeadlineUs);
    harness.answer(last(harness, 'enquireOrder'), done(reportOf(intent)));
    expect(harness.pending('enquireOrder')).toHaveLength(0);

    harness.advance(50 * SECOND);
    harness.answer(last(harness, 'enquireOrder'), done(filled));

    expect(standingIn(harness, ORDER)).toBe('filled');
  });

  it('is asked about again and again as long as it is open', () => {
    const harness = working();
    let asked = 0;
    for (let passed = 0; passed < 10; passed += 1) {
      harness.advance(MINUTE);
      for (const enquiry of harness.pending('enquireOrder')) {
        asked += 1;
        harness.answer(enquiry, done(reportOf(intent)));
      }
    }

    expect(asked).toBeGreaterThanOrEqual(10);
  });

  it('is not looked for once all is over', () => {
    const harness = working();
    harness.input({ kind: 'orderUpdated', report: filled });
    harness.advance(10 * MINUTE);

    expect(harness.effects.filter(({ effect }) => effect.kind === 'enquireOrder')).toHaveLength(0);
  });
});

describe('a question whose answer met a crash', () => {
  it('is asked again: no single loss ends the looking', () => {
    const definition = execution(TIMES);
    let crashes = 0;
    const crashing = {
      ...definition,
      decide: (...[state, message, turn]: Parameters<typeof definition.decide>) => {
        const isAnswer = message.kind === 'replied' && message.effect.kind === 'enquireOrder';
        if (isAnswer && crashes < 1) {
          crashes += 1;
          throw new Error('a planned fault');
        }
        return definition.decide(state, message, turn);
      },
    };
    const harness = orderPath({ actors: [[EXECUTION, crashing]], mayCrash: true });
    const submitted = place(harness, intent);
    harness.answer(submitted, { outcome: 'unknown', code: 'DEADLINE' });

    harness.answer(last(harness, 'enquireOrder'), done(filled));
    expect(standingIn(harness, ORDER)).toBe('unknown');
    harness.advance(MINUTE);
    harness.answer(last(harness, 'enquireOrder'), done(filled));

    expect(crashes).toBe(1);
    expect(standingIn(harness, ORDER)).toBe('filled');
  });
});
