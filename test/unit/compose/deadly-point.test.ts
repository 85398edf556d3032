import { describe, expect, it } from 'vitest';
import { deadlyPoint } from '../../../src/compose/live/deadly-point.ts';

describe('the point at which a process is made to die', () => {
  it('is no point where nothing is set', () => {
    expect([deadlyPoint(undefined), deadlyPoint('')]).toEqual([undefined, undefined]);
  });

  it('is the n-th passing of a point, and of no other', () => {
    let deaths = 0;
    const pass = deadlyPoint('turnFinished:2', () => (deaths += 1));
    pass?.('turnFinished');
    pass?.('turnAppended');
    expect(deaths).toBe(0);
    pass?.('turnFinished');
    expect(deaths).toBe(1);
  });

  it('may come after another: the first end of a turn after the third order', () => {
    let deaths = 0;
    const pass = deadlyPoint('blockFlushed:3,turnFinished', () => (deaths += 1));
    for (let order = 0; order < 2; order += 1) {
      pass?.('blockFlushed');
      pass?.('turnFinished');
    }
    pass?.('blockFlushed');
    expect(deaths).toBe(0);
    pass?.('turnFinished');
    expect(deaths).toBe(1);
  });

  it.each(['nowhere:1', 'turnFinished:0', 'turnFinished:x', 'turnFinished:1,'])(
    'refuses %j and lists what it knows',
    (text) => {
      const list = expect.objectContaining({
        code: 'LIVE_FAULT_POINT',
        message: expect.stringContaining('blockFlushed'),
      });
      expect(() => deadlyPoint(text)).toThrow(list);
    },
  );
});
