import type { Probe } from '../actors/runtime/handling.ts';

/** Makes rows and a strategy throw now and then. */
export function plantedCrashes(): Probe {
  let symbols = 0;
  let strategies = 0;
  return (site, actor) => {
    if (site !== 'entry') return;
    if (actor === 'symbols') {
      symbols += 1;
      if (isTurn(symbols, SYMBOLS_FIRST, SYMBOL_HANDLINGS))
        throw new PlantedCrash('planted by --crash');
    } else if (actor === 'strategy/momentum') {
      strategies += 1;
      if (isTurn(strategies, STRATEGIES_FIRST, STRATEGY_HANDLINGS))
        throw new PlantedCrash('planted by --crash');
    }
  };
}

/** Early enough for a small market too; then a few a minute of a compressed session. */
const SYMBOLS_FIRST = 20_000;
const SYMBOL_HANDLINGS = 700_000;
const STRATEGIES_FIRST = 1_000;
const STRATEGY_HANDLINGS = 30_000;

function isTurn(handlings: number, first: number, period: number): boolean {
  return handlings >= first && (handlings - first) % period === 0;
}

class PlantedCrash extends Error {
  override readonly name = 'PlantedCrash';
  readonly code = 'PLANTED_CRASH';
}
