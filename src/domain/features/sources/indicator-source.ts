import type { ConfiguredIndicator, Units } from '../../indicators/declaration.ts';
import { VOLUME } from '../../indicators/indicator.ts';
import type { FeatureUnits } from '../feature.ts';
import type { SourceDeclaration } from '../registry.ts';
import type { FeatureSource } from '../source.ts';

/** Raised when what all indicators are told changes: since 1, prices are in dollars. */
const BARS_VERSION = 1;

/** Any indicator as a source: its outputs are the columns, as they are. */
export function indicatorSource(indicator: ConfiguredIndicator): SourceDeclaration {
  return { name: indicator.label, isTimeframed: true, build: () => build(indicator) };
}

function build(indicator: ConfiguredIndicator): FeatureSource {
  const { declaration, label, width, warmupBars, places } = indicator;
  const { tells, takesAnySeries } = declaration;
  const of = takesAnySeries ? seriesOf(places) : 'prices';
  const columns = declaration.outputs.map(({ name, units }) => ({
    name,
    units: unitsOf(units, of),
    tells,
  }));

  return {
    name: label,
    scope: 'symbol',
    areColumnsSlots: true,
    columns,
    version: BARS_VERSION + (declaration.version ?? 1),
    width,
    warmupBars,
    reset: indicator.reset,
    bar: indicator.update,

    read(state, at, _nowUs, out, outAt) {
      for (let slot = 0; slot < columns.length; slot += 1) {
        out[outAt + slot] = state[at + slot] ?? NaN;
      }
    },
  };
}

type Series = 'prices' | 'volumes' | 'mixed';

/** What an indicator that takes any series was given. */
function seriesOf(places: readonly number[]): Series {
  if (places.every((place) => place < VOLUME)) return 'prices';
  return places.every((place) => place === VOLUME) ? 'volumes' : 'mixed';
}

function unitsOf(units: Units, of: Series): FeatureUnits {
  switch (units) {
    case 'price':
    case 'money':
      return of === 'prices' ? 'dollars' : 'number';
    case 'price2':
      return of === 'prices' ? 'dollars2' : 'number';
    case 'series':
      return of === 'prices' ? 'dollars' : of === 'volumes' ? 'shares' : 'number';
    case 'shares':
    case 'percent':
    case 'sign':
    case 'flag':
    case 'bits':
    case 'radians':
    case 'degrees':
    case 'ratio':
    case 'number':
      return units;
    case 'bars':
      return 'count';
    case 'pattern':
      return 'score';
  }
}
