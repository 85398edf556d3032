import { describe, expect, it } from 'vitest';
import { ACTORS } from '../../../src/actors/kernel/actor-table.ts';
import { monitor } from '../../../src/actors/kernel/monitor.ts';
import { type AccountId, textId } from '../../../src/core/ids.ts';
import type { Input } from '../../../src/ports/input.ts';
import { KernelHarness } from '../../kernel-harness.ts';

const PLACE = ACTORS.indexOf('monitor');

function watching(): KernelHarness {
  return new KernelHarness({ actors: [[PLACE, monitor()]] });
}

function alertsOf(harness: KernelHarness): readonly (readonly string[])[] {
  return harness.effects.flatMap(({ effect }) =>
    effect.kind === 'alert' ? [[effect.severity, effect.code, effect.text]] : [],
  );
}

function session(phase: 'pre' | 'core' | 'post' | 'closed'): Input {
  return { kind: 'sessionChanged', phase, date: 20240603, openUs: 1, closeUs: 2 };
}

describe('the monitor', () => {
  it.each([
    ['up', 'info'],
    ['degraded', 'warn'],
    ['overloaded', 'warn'],
    ['down', 'error'],
  ] as const)('says that a service is %s: %s', (state, severity) => {
    const harness = watching();
    harness.input({ kind: 'serviceChanged', service: 'broker', state, reason: 'a cable' });
    expect(alertsOf(harness)).toEqual([[severity, `broker.${state}`, 'a cable']]);
  });

  it('tells people of a halt and of a crash budget that is used up, once', () => {
    const harness = watching();
    const account = textId<AccountId>('PAPER');
    const halted = {
      kind: 'tradingHalted',
      account,
      level: 'noEntries',
      code: 'RATE_MAX',
    } as const;
    harness.record(
      { ...halted, reason: 'a loop', by: 'risk' },
      { kind: 'quarantined', actor: 'symbols', row: 3, untilUs: 5 },
    );
    harness.advance(1_000_000);

    expect(alertsOf(harness)).toEqual([
      ['error', 'trading.halted', 'noEntries, RATE_MAX by risk: a loop'],
      ['warn', 'actor.quarantined', 'row 3 of symbols crashed too often'],
    ]);
  });

  it('counts what went wrong and says so when the session ends', () => {
    const harness = watching();
    const crashed = { kind: 'crashed', actor: 'x', row: -1, code: 'C', message: '' } as const;
    const account = textId<AccountId>('PAPER');
    harness.record(
      crashed,
      crashed,
      crashed,
      { kind: 'quarantined', actor: 'x', row: 0, untilUs: 5 },
      { kind: 'quarantined', actor: 'x', row: 1, untilUs: 5 },
      { kind: 'tradingHalted', account, level: 'noEntries', code: 'C', reason: '', by: 'x' },
      { kind: 'strayReported', clientOrderId: textId('o'), venueOrderId: 'v', detail: '' },
    );
    harness.input(session('core'));
    harness.input(session('post'));
    harness.takeEffects();
    harness.input(session('closed'));

    const text = '3 crashes, 2 quarantines, 1 halts, 1 strays';
    expect(harness.takeEffects().map(({ effect }) => effect)).toEqual([
      { kind: 'alert', severity: 'info', code: 'session.closed', text },
    ]);
    expect(harness.condensed(PLACE)).toEqual([
      { kind: 'healthCarried', crashes: 3, quarantines: 2, halts: 1, strays: 1 },
    ]);
    expect(harness.reloadedSnapshot()).toEqual(harness.snapshot());
  });
});
