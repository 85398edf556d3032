import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RISK } from '../../../src/actors/kernel/actor-table.ts';
import { money } from '../../../src/core/money.ts';
import {
  followed,
  policyFault,
  RISK_POLICIES,
  type TakenPolicy,
  tightened,
} from '../../../src/domain/risk/policies.ts';
import type { Input } from '../../../src/ports/input.ts';
import { KernelHarness } from '../../kernel-harness.ts';
import { HUNDRED, LIMITS } from './scene.ts';
import { cancelled, open, sent, tradingDesk, wish } from './trading-desk.ts';

const SAID = { by: 'anna', reason: 'a storm' };

function policy(name: string, version: number, value: unknown): Input {
  const changeId = `${name}-${version}`;
  return { kind: 'policyChanged', changeId, name, version, value: JSON.stringify(value), ...SAID };
}

function taken(name: string, value: unknown): TakenPolicy {
  return { name, version: 1, value: JSON.stringify(value), ...SAID };
}

function refusals(desk: KernelHarness): readonly string[] {
  return desk.factsOf('refused').map(({ code }) => code);
}

describe('policies in risk', () => {
  it('open nothing while entries are stopped, and take back what is being opened', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    desk.input(policy('risk.entries', 1, 'stopped'));
    wish(desk, 1);

    expect(refusals(desk)).toEqual(['POLICY']);
    expect(cancelled(desk)).toHaveLength(1);
    expect(desk.factsOf('policyTaken')).toEqual([
      { kind: 'policyTaken', name: 'risk.entries', version: 1, value: '"stopped"', ...SAID },
    ]);

    desk.input(policy('risk.entries', 2, 'allowed'));
    wish(desk, 2);
    expect(refusals(desk)).toEqual(['POLICY']);
    expect(sent(desk)).toHaveLength(2);
  });

  it('make positions smaller and fewer', () => {
    const desk = tradingDesk();
    desk.input(policy('risk.positionNotionalMax', 1, '1000.00'));
    desk.input(policy('risk.positionsMax', 1, 1));
    desk.takeFacts();
    wish(desk, 0);
    wish(desk, 1);

    expect(desk.factsOf('reserved')).toMatchObject([{ quantity: 10, price: HUNDRED }]);
    expect(refusals(desk)).toEqual(['POSITIONS_MAX']);
  });

  it('never loosen what the configuration says', () => {
    const values = fc.record({ notional: fc.integer({ min: 1 }), positions: fc.nat() });
    fc.assert(
      fc.property(values, ({ notional, positions }) => {
        const dollars = (notional / 10_000).toFixed(4);
        const policies = new Map([
          ['risk.positionNotionalMax', taken('risk.positionNotionalMax', dollars)],
          ['risk.positionsMax', taken('risk.positionsMax', positions)],
        ]);
        expect(tightened(LIMITS, policies)).toEqual({
          ...LIMITS,
          positionNotionalMax: money(Math.min(LIMITS.positionNotionalMax, notional)),
          positionsMax: Math.min(LIMITS.positionsMax, positions),
        });
      }),
    );
  });

  it('hear a version once: the same again, or an older one, says nothing', () => {
    const desk = tradingDesk();
    desk.input(policy('risk.entries', 2, 'stopped'));
    desk.takeFacts();
    const { hash } = desk;
    desk.input(policy('risk.entries', 2, 'stopped'));
    desk.input(policy('risk.entries', 1, 'allowed'));

    expect(desk.takeFacts()).toEqual([]);
    expect(desk.hash).toBe(hash);
  });

  it.each([
    ['risk.entries', 'stpped', 'allowed or stopped'],
    ['risk.positionNotionalMax', '0.00', 'dollars'],
    ['risk.positionNotionalMax', 5_000, 'dollars'],
    ['risk.positionsMax', -1, 'whole number'],
    ['risk.positionsMax', 1.5, 'whole number'],
    ['risk.fractionPerTrade', 0.5, 'no policy of this name'],
  ])('say of %s as %s why nothing follows', (name, value, why) => {
    const desk = tradingDesk();
    desk.input(policy(name, 1, value));

    const [fact] = desk.factsOf('policyTaken');
    expect(fact?.unheeded).toContain(why);
    expect(policyFault(name, JSON.stringify(value))).toBe(fact?.unheeded);
  });

  it('keep what was stopped where a later version cannot be read', () => {
    const desk = tradingDesk();
    desk.input(policy('risk.entries', 1, 'stopped'));
    desk.input(policy('risk.entries', 2, 'alowed'));
    wish(desk, 0);
    expect(refusals(desk)).toEqual(['POLICY']);

    const before = taken('risk.entries', 'stopped');
    const typo = { ...before, version: 2, value: '"alowed"', unheeded: 'what?' };
    expect(followed(before, typo)).toEqual({ ...typo, value: '"stopped"' });
  });

  it('are what they were after a recovery', () => {
    const desk = tradingDesk();
    desk.input(policy('risk.entries', 1, 'stopped'));
    desk.input(policy('risk.entries', 2, 'nonsense'));
    desk.input(policy('risk.positionsMax', 4, 3));

    const later = desk.restarted();
    expect(later.condensed(RISK)).toEqual(desk.condensed(RISK));
    expect(desk.reloadedSnapshot()).toEqual(desk.snapshot());
    open(later, 2);
    wish(later, 0);
    expect(refusals(later)).toContain('POLICY');
  });

  it('are listed with what they take', () => {
    expect(Object.keys(RISK_POLICIES)).toEqual([
      'risk.entries',
      'risk.positionNotionalMax',
      'risk.positionsMax',
    ]);
  });
});
