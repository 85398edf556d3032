import { expect, it } from 'vitest';
import { type AccountId, symbolId, textId } from '../../../src/core/ids.ts';
import { factLog } from '../../../src/compose/fact-log.ts';
import type { Fact } from '../../../src/ports/fact.ts';

const account = textId<AccountId>('PAPER');
const said = { by: 'operator', reason: 'lunch' };
const symbol = symbolId(3);

it.each<[string, Fact, object]>([
  [
    'halted',
    { kind: 'tradingHalted', account, level: 'noEntries', code: 'OPERATOR', ...said },
    { account, step: 'noEntries', reason: 'lunch' },
  ],
  ['resumed', { kind: 'tradingResumed', account, ...said }, { account, ...said }],
  [
    'restricted',
    { kind: 'symbolBanned', symbol, isBanned: true, ...said },
    { symbol: 'AAPL', what: 'banned', ...said },
  ],
  [
    'restricted',
    { kind: 'symbolBanned', symbol, isBanned: false, ...said },
    { symbol: 'AAPL', what: 'unbanned', ...said },
  ],
  [
    'restricted',
    { kind: 'handsOff', symbol, isOff: true, ...said },
    { symbol: 'AAPL', what: 'handsOff', ...said },
  ],
  [
    'restricted',
    { kind: 'handsOff', symbol, isOff: false, ...said },
    { symbol: 'AAPL', what: 'handsOn', ...said },
  ],
])('logs %s', (name, fact, fields) => {
  const logged: unknown[] = [];
  const log = factLog({ event: (event, given) => void logged.push([event, given]) }, (at) =>
    at === symbol ? 'AAPL' : '?',
  );
  log.turn(1, 0, { items: [{ type: 'fact', actor: 0, fact }], timers: [], crashes: [] });

  expect(logged).toEqual([[name, fields]]);
});
