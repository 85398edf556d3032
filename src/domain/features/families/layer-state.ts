import type { FeatureDeclaration, FeatureUnits } from '../feature.ts';

/** What the scan knows of a symbol: through which layers it came, and when. */
export const LAYER_STATE: readonly FeatureDeclaration[] = [
  ...[0, 1, 2, 3].map((layer) =>
    feature(
      `layer${layer}Qualified`,
      `1 where the symbol is in layer ${layer} or above.`,
      'share',
      `layer.qualified${layer}`,
    ),
  ),
  feature('currentLayer', 'The highest layer that has the symbol.', 'count', 'layer.current'),
  feature(
    'minutesSinceQualified',
    'Since the symbol last came into a higher layer.',
    'minutes',
    'layer.sinceRise',
  ),
  feature('layerDwell', 'How long the symbol has been in its layer.', 'minutes', 'layer.dwell'),
  feature(
    'layerDwellBefore',
    'How long the symbol was in the layer before.',
    'minutes',
    'layer.dwellBefore',
  ),
  feature('layerMovesToday', 'Changes of layer on this day.', 'count', 'layer.movesToday'),
];

function feature(
  name: string,
  tells: string,
  units: FeatureUnits,
  input: string,
): FeatureDeclaration {
  const rest = { layer: 0, version: 1, isCritical: false, imputed: 0 } as const;
  return {
    name,
    family: 'layer',
    tells,
    units,
    inputs: [input],
    formula: (x) => x[0] ?? NaN,
    ...rest,
  };
}
