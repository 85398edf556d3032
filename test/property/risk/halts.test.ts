import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RISK } from '../../../src/actors/kernel/actor-table.ts';
import { SECOND } from '../../../src/core/time.ts';
import type { KernelHarness } from '../../kernel-harness.ts';
import { symbol } from '../../unit/risk/scene.ts';
import {
  acceptAll,
  close,
  command,
  fillAll,
  open,
  refuseAll,
  sent,
  tradingDesk,
  wish,
} from '../../unit/risk/trading-desk.ts';

const isLong = process.env['STRATA_LONG'] === '1';

const at = fc.nat(5);
const verb = fc.constantFrom(
  'halt' as const,
  'resume' as const,
  'cancelAll' as const,
  'flatten' as const,
);
const step = fc.oneof(
  fc.record({ kind: fc.constant('entry' as const), at }),
  fc.record({ kind: fc.constant('exit' as const), at }),
  fc.record({
    kind: fc.constant('close' as const),
    at,
    ticks: fc.integer({ min: 700_000, max: 1_200_000 }),
  }),
  fc.record({ kind: fc.constantFrom('fill' as const, 'accept' as const, 'refuse' as const) }),
  fc.record({ kind: fc.constant('command' as const), verb }),
  fc.record({ kind: fc.constantFrom('ban' as const, 'handsOff' as const), at }),
  fc.record({
    kind: fc.constant('service' as const),
    service: fc.constantFrom('broker' as const, 'journal' as const),
    state: fc.constantFrom('up' as const, 'degraded' as const),
  }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(10) }),
  fc.record({ kind: fc.constant('restart' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('I6: after a halt', () => {
  it('no entry leaves until a person resumes, whatever happens and through restarts', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let desk = tradingDesk({ dailyLossMax: 0.01, dailyLossHalt: 'flatten' });
        let life = 1;
        for (const one of steps) {
          const wasHalted = isHalted(desk);
          const resumes = one.kind === 'command' && one.verb === 'resume';
          if (one.kind === 'restart') {
            life += 1;
            desk = desk.restarted();
            open(desk, life);
            expect(isHalted(desk)).toBe(wasHalted);
            continue;
          }
          const before = entries(desk);
          take(desk, one);
          if (!wasHalted) continue;
          expect(isHalted(desk)).toBe(!resumes);
          expect(entries(desk)).toBe(before);
        }
      }),
      { numRuns: isLong ? 20_000 : 150 },
    );
  });
});

function isHalted(desk: KernelHarness): boolean {
  return desk.condensed(RISK).some(({ kind }) => kind === 'tradingHalted');
}

/** Orders of this life that make exposure: nothing here is sold short. */
function entries(desk: KernelHarness): number {
  return sent(desk).filter(({ side }) => side === 'buy').length;
}

function take(desk: KernelHarness, one: Step): void {
  switch (one.kind) {
    case 'entry':
      return wish(desk, one.at);
    case 'exit':
      return wish(desk, one.at, { purpose: 'exit', side: 'sell' });
    case 'close':
      return close(desk, one.at, one.ticks);
    case 'fill':
      return fillAll(desk);
    case 'accept':
      return acceptAll(desk);
    case 'refuse':
      return refuseAll(desk);
    case 'command':
      return command(desk, one.verb);
    case 'ban':
    case 'handsOff':
      return command(desk, one.kind, { symbol: symbol(one.at) });
    case 'service': {
      const { service, state } = one;
      return desk.input({ kind: 'serviceChanged', service, state, reason: 'test' });
    }
    case 'wait':
      return desk.advance(one.seconds * SECOND);
    case 'restart':
  }
}
