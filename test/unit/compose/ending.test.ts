import { expect, it, onTestFinished } from 'vitest';
import { SessionView } from '../../../src/cli/session-view.ts';
import { Ending } from '../../../src/compose/live/ending.ts';
import { CollectingTerminal } from '../cli/collecting-terminal.ts';

function ending(): Ending {
  const made = new Ending({
    view: new SessionView(),
    terminal: new CollectingTerminal(),
    ordersAtStop: 'cancel',
  });
  onTestFinished(() => made.close());
  return made;
}

it('ends as it was asked to before it began', () => {
  const asked = ending();
  expect(asked.wanted).toBeUndefined();
  expect(asked.ask({ verb: 'stop', isKeepingOrders: true })).toBeUndefined();
  asked.want('stopped by a signal');

  const request = { reason: 'stopped by a person', isFlattening: false, ordersAtStop: 'keep' };
  expect(asked.wanted).toEqual(request);
  expect(asked.begin('the market closed')).toEqual(request);
});

it('ends as configured where nobody asked', () => {
  expect(ending().begin('the market closed')).toEqual({
    reason: 'the market closed',
    isFlattening: false,
    ordersAtStop: 'cancel',
  });
});

it('refuses what it cannot do any more, and a plain stop is what it does', () => {
  const begun = ending();
  begun.begin('the market closed');

  expect(begun.ask({ verb: 'stop' })).toBeUndefined();
  expect(begun.ask({ verb: 'stop', isFlattening: true })).toContain('ending already');
});

it('takes a Ctrl-C for itself only while it ends', () => {
  const before = process.listenerCount('SIGINT');
  const made = ending();
  made.hurry();
  made.begin('the market closed');
  expect(process.listenerCount('SIGINT')).toBe(before + 1);

  made.close();
  expect(process.listenerCount('SIGINT')).toBe(before);
});
