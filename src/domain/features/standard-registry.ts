import { MICROSTRUCTURE } from './families/microstructure.ts';
import { PRICE_VOLUME } from './families/price-volume.ts';
import { TECHNICAL } from './families/technical.ts';
import { createRegistry, type FeatureRegistry } from './registry.ts';
import { barSource } from './sources/bar-source.ts';
import { flowSource } from './sources/flow-source.ts';
import { illiquiditySource } from './sources/illiquidity-source.ts';
import { quoteSource } from './sources/quote-source.ts';

/** Every feature and source that comes with the house. */
export const STANDARD_REGISTRY: FeatureRegistry = createRegistry(
  [...PRICE_VOLUME, ...TECHNICAL, ...MICROSTRUCTURE],
  [barSource, flowSource, illiquiditySource, quoteSource],
);
