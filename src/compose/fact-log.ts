import type { TurnObserver } from '../actors/runtime/sequencer.ts';
import type { Log } from '../cli/log.ts';

/** Logs the few facts that somebody should see without asking. Facts are rare; events are not. */
export function factLog(log: Log): TurnObserver {
  return {
    turn(_sequence, _nowUs, { items }) {
      for (const item of items) {
        if (item.type !== 'fact') continue;
        const { fact } = item;
        if (fact.kind === 'crashed') {
          log.event('crashHealed', { actor: fact.actor, row: fact.row, error: fact.code });
        } else if (fact.kind === 'tradingHalted') {
          const { account, level, reason } = fact;
          log.event('halted', { account, step: level, reason });
        }
      }
    },
  };
}
