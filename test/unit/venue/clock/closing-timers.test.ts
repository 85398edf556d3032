import { describe, expect, it } from 'vitest';
import { ClosingTimers } from '../../../../src/venue/clock/closing-timers.ts';
import { ManualTime } from '../../../manual-time.ts';

describe('timers that end with what they belong to', () => {
  it('run as the timers under them do, and are forgotten then', () => {
    const time = new ManualTime();
    const timers = new ClosingTimers(time);
    const ran: string[] = [];
    timers.after(10, () => ran.push('ten'));
    timers.after(20, () => ran.push('twenty')).cancel();
    time.advance(30);

    expect(ran).toEqual(['ten']);
    expect([timers.waiting, time.pending]).toEqual([0, 0]);
  });

  it('leave none behind when closed, and begin none after it', () => {
    const time = new ManualTime();
    const timers = new ClosingTimers(time);
    const ran: string[] = [];
    timers.after(600_000, () => ran.push('before'));
    timers.close();
    timers.after(1, () => ran.push('after')).cancel();

    expect([timers.waiting, time.pending]).toEqual([0, 0]);
    expect(ran).toEqual([]);
  });
});
