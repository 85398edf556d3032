import type { Probe } from '../actors/runtime/handling.ts';

/** Makes rows and a strategy throw now and then. */
export function plantedCrashes(): Probe {
  let symbols = 0;
  let strategies = 0;
  return (site, actor) => {
    if (site !== 'entry') return;
    if (actor === 'symbols') {
      symbols += 1;
      if (symbols % SYMBOL_HANDLINGS === 0) throw new PlantedCrash('planted by --crash');
    } else if (actor === 'strategy/momentum') {
      strategies += 1;
      if (strategies % STRATEGY_HANDLINGS === 0) throw new PlantedCrash('planted by --crash');
    }
  };
}

/** Handlings between two planted crashes: a few a minute of a compressed session. */
const SYMBOL_HANDLINGS = 700_000;
const STRATEGY_HANDLINGS = 30_000;

class PlantedCrash extends Error {
  override readonly name = 'PlantedCrash';
  readonly code = 'PLANTED_CRASH';
}
