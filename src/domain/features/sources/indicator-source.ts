import { DAY } from '../../../core/time.ts';
import type { ConfiguredIndicator, Units } from '../../indicators/declaration.ts';
import { SESSION, VOLUME } from '../../indicators/indicator.ts';
import { newYorkDayNumber } from '../../market/calendar.ts';
import type { FeatureUnits } from '../feature.ts';
import type { SourceDeclaration } from '../registry.ts';
import type { FeatureSource, SymbolSource } from '../source.ts';

/**
 * Raised when what all indicators are told, or tell, changes: since 1, prices are in dollars; since
 * 2, what is of a session is told of today's alone.
 */
const BARS_VERSION = 2;

/** Any indicator as a source: its outputs are the columns, as they are. */
export function indicatorSource(indicator: ConfiguredIndicator): SourceDeclaration {
  return {
    name: indicator.label,
    isTimeframed: true,
    build: ({ spanUs }) => build(indicator, spanUs),
  };
}

function build(indicator: ConfiguredIndicator, spanUs: number): FeatureSource {
  if (spanUs < DAY && indicator.declaration.inputs.includes('session')) return ofSession(indicator);
  return plain(indicator);
}

function plain(indicator: ConfiguredIndicator): SymbolSource {
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

/**
 * What begins anew with each session is nothing before the first bar of today's: until then it
 * still holds yesterday's, which would pass for a number of today.
 */
function ofSession(indicator: ConfiguredIndicator): SymbolSource {
  const source = plain(indicator);
  const own = indicator.declaration.sessionSlot;
  const slot = own ?? source.width;
  const columns = source.columns.length;
  return {
    ...source,
    width: own === undefined ? source.width + 1 : source.width,

    reset(state, at) {
      source.reset(state, at);
      if (own === undefined) state[at + slot] = NaN;
    },

    bar(state, at, bar) {
      indicator.update(state, at, bar);
      if (own === undefined) state[at + slot] = bar[SESSION] ?? NaN;
    },

    read(state, at, nowUs, out, outAt) {
      source.read(state, at, nowUs, out, outAt);
      if (newYorkDayNumber(nowUs) > (state[at + slot] ?? NaN))
        out.fill(NaN, outAt, outAt + columns);
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
