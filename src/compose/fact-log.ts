import type { TurnObserver } from '../actors/runtime/sequencer.ts';
import type { Log } from '../cli/log.ts';
import type { Fact } from '../ports/fact.ts';

/** Logs the few facts that somebody should see without asking. Facts are rare; events are not. */
export function factLog(
  log: Pick<Log, 'event'>,
  nameOf: (symbol: number) => string = (symbol) => `#${symbol}`,
): TurnObserver {
  return {
    turn(_sequence, _nowUs, { items }) {
      for (const item of items) if (item.type === 'fact') logFact(log, item.fact, nameOf);
    },
  };
}

function logFact(log: Pick<Log, 'event'>, fact: Fact, nameOf: (symbol: number) => string): void {
  if (fact.kind === 'crashed') {
    log.event('crashHealed', { actor: fact.actor, row: fact.row, error: fact.code });
  } else if (fact.kind === 'tradingHalted') {
    const { account, level, reason } = fact;
    log.event('halted', { account, step: level, reason });
  } else if (fact.kind === 'tradingResumed') {
    const { account, by, reason } = fact;
    log.event('resumed', { account, by, reason });
  } else if (fact.kind === 'policyTaken') {
    const { name, version, value, by, reason, unheeded = '' } = fact;
    log.event('policyTaken', { name, version, value, by, reason, unheeded });
  } else if (fact.kind === 'symbolBanned') {
    const { isBanned, by, reason } = fact;
    const symbol = nameOf(fact.symbol);
    log.event('restricted', { symbol, what: isBanned ? 'banned' : 'unbanned', by, reason });
  } else if (fact.kind === 'handsOff') {
    const { isOff, by, reason } = fact;
    const symbol = nameOf(fact.symbol);
    log.event('restricted', { symbol, what: isOff ? 'handsOff' : 'handsOn', by, reason });
  }
}
