import { money } from '../../src/core/money.ts';
import { SimulatedWorld } from '../simulated-world.ts';
import { describeBroker } from './broker.ts';

for (const mode of ['paper', 'realistic'] as const) {
  describeBroker(`the simulated venue, ${mode}`, ({ startingCash, isPartial }) => {
    const partialFillChance = isPartial ? 1 : 0;
    return new SimulatedWorld({ mode, startingCash: money(startingCash), partialFillChance });
  });
}
