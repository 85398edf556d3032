import { describe, expect, it } from 'vitest';
import type { Timers } from '../../src/ports/clock.ts';
import { ClosingTimers } from '../../src/venue/clock/closing-timers.ts';
import { ManualTime } from '../manual-time.ts';

const KINDS: readonly (readonly [string, (time: ManualTime) => Timers])[] = [
  ['the time of the tests', (time) => time],
  ['timers that end with what they belong to', (time) => new ClosingTimers(time)],
];

describe.each(KINDS)('%s', (_, timersOf) => {
  it('runs once, when its time has come and not in the call', () => {
    const time = new ManualTime();
    const timers = timersOf(time);
    const ran: string[] = [];
    timers.after(20, () => ran.push('twenty'));
    timers.after(0, () => ran.push('none'));
    const atOnce = [...ran];
    time.advance(19);
    const before = [...ran];
    time.advance(100);

    expect([atOnce, before, ran]).toEqual([[], ['none'], ['none', 'twenty']]);
  });

  it('does not run what was cancelled, and takes a cancel more or too late', () => {
    const time = new ManualTime();
    const timers = timersOf(time);
    const ran: string[] = [];
    const first = timers.after(10, () => ran.push('first'));
    const second = timers.after(10, () => ran.push('second'));
    first.cancel();
    first.cancel();
    time.advance(10);
    second.cancel();

    expect(ran).toEqual(['second']);
    expect(time.pending).toBe(0);
  });
});

describe('timers that end with what they belong to', () => {
  it('are forgotten when they have run or are cancelled', () => {
    const time = new ManualTime();
    const timers = new ClosingTimers(time);
    timers.after(10, () => {});
    timers.after(20, () => {}).cancel();
    expect(timers.waiting).toBe(1);
    time.advance(30);

    expect(timers.waiting).toBe(0);
  });

  it('leave none behind when closed, and begin none after it', () => {
    const time = new ManualTime();
    const timers = new ClosingTimers(time);
    const ran: string[] = [];
    timers.after(600_000, () => ran.push('before'));
    timers.close();
    timers.after(1, () => ran.push('after')).cancel();
    time.advance(600_000);

    expect([timers.waiting, time.pending]).toEqual([0, 0]);
    expect(ran).toEqual([]);
  });
});
