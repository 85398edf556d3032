import type { FeatureDeclaration } from '../feature.ts';
import { featuresOf } from './parts.ts';

const feature = featuresOf({ family: 'layer', layer: 0, imputed: 0 });

/** What the scan knows of a symbol: through which layers it came, and when. */
export const LAYER_STATE: readonly FeatureDeclaration[] = [
  ...[0, 1, 2, 3].map((layer) =>
    feature({
      name: `layer${layer}Qualified`,
      tells: `1 where the symbol is in layer ${layer} or above.`,
      units: 'flag',
      version: 2,
      inputs: [`layer.qualified${layer}`],
    }),
  ),
  feature({
    name: 'currentLayer',
    tells: 'The highest layer that has the symbol.',
    units: 'count',
    inputs: ['layer.current'],
  }),
  feature({
    name: 'minutesSinceQualified',
    tells: 'Since the symbol last came into a higher layer.',
    units: 'minutes',
    inputs: ['layer.sinceRise'],
  }),
  feature({
    name: 'layerDwell',
    tells: 'How long the symbol has been in its layer.',
    units: 'minutes',
    inputs: ['layer.dwell'],
  }),
  feature({
    name: 'layerDwellBefore',
    tells: 'How long the symbol was in the layer before.',
    units: 'minutes',
    inputs: ['layer.dwellBefore'],
  }),
  feature({
    name: 'layerMovesToday',
    tells: 'Changes of layer on this day.',
    units: 'count',
    inputs: ['layer.movesToday'],
  }),
];
