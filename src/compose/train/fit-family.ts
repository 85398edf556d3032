import type { FitOptions, Fitted, STOPPED } from './fit.ts';
import { fitForest } from './fit-forest.ts';
import { fitNetwork } from './fit-network.ts';
import { fitBoosted } from './fit-trees.ts';

/** Trains one family; `STOPPED` where it was asked to end, with its checkpoint written. */
export async function fitFamily(options: FitOptions): Promise<Fitted | typeof STOPPED> {
  const { family } = options;
  switch (family) {
    case 'mlp':
    case 'dlinear':
    case 'lstm':
    case 'transformer':
    case 'nhits':
    case 'patchtst':
      return await fitNetwork(family, options);
    case 'xgboost':
    case 'lightgbm':
      return fitBoosted(family, options);
    case 'forest':
      return fitForest(options);
  }
}
