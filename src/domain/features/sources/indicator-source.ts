import type { ConfiguredIndicator, Units } from '../../indicators/declaration.ts';
import { VOLUME } from '../../indicators/indicator.ts';
import type { FeatureUnits } from '../feature.ts';
import type { SourceDeclaration } from '../registry.ts';
import { type FeatureSource, PRICE_SCALE } from '../source.ts';

/** Any indicator as a source: its outputs are the columns, prices in dollars. */
export function indicatorSource(indicator: ConfiguredIndicator): SourceDeclaration {
  return { name: indicator.label, isTimeframed: true, build: () => build(indicator) };
}

function build(indicator: ConfiguredIndicator): FeatureSource {
  const { declaration, label, width, warmupBars, places } = indicator;
  const isOfPrices = places.every((place) => place < VOLUME);
  const outputs = declaration.outputs.map(({ name, units }) => ({
    name,
    scale: scaleOf(units, isOfPrices),
    units: unitsOf(units, isOfPrices),
  }));

  return {
    name: label,
    scope: 'symbol',
    areColumnsSlots: true,
    columns: outputs.map(({ name, units }) => ({ name, units, tells: declaration.tells })),
    version: declaration.version ?? 1,
    width,
    warmupBars,
    reset: indicator.reset,
    bar: indicator.update,

    read(state, at, _nowUs, out, outAt) {
      for (let slot = 0; slot < outputs.length; slot += 1) {
        out[outAt + slot] = (state[at + slot] ?? NaN) / (outputs[slot]?.scale ?? NaN);
      }
    },
  };
}

/** What an output is divided by to be in dollars; 1 where it is no price. */
function scaleOf(units: Units, isOfPrices: boolean): number {
  switch (units) {
    case 'price':
    case 'money':
      return PRICE_SCALE;
    case 'price2':
      return PRICE_SCALE * PRICE_SCALE;
    case 'series':
      return isOfPrices ? PRICE_SCALE : 1;
    default:
      return 1;
  }
}

function unitsOf(units: Units, isOfPrices: boolean): FeatureUnits {
  switch (units) {
    case 'price':
    case 'money':
      return 'dollars';
    case 'price2':
      return 'dollars2';
    case 'series':
      return isOfPrices ? 'dollars' : 'number';
    case 'bars':
      return 'count';
    case 'pattern':
      return 'score';
    default:
      return units;
  }
}
