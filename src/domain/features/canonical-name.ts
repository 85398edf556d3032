import type { ConfiguredIndicator } from '../indicators/declaration.ts';
import { parseIndicator } from '../indicators/parse-indicator.ts';
import type { FeatureRegistry } from './registry.ts';
import { splitTimeframe, USUAL_TIMEFRAME } from './timeframe.ts';

/**
 * The one name of a column that may be written in many ways: `sma(5, close)` and `sma5:1m` are
 * `sma5` where `1m` is what a name without a timeframe means. A name that nothing is known by stays
 * as it is, for whoever says so.
 */
export function canonicalName(
  { features, sources }: FeatureRegistry,
  name: string,
  usual = USUAL_TIMEFRAME,
): string {
  const { bare, timeframe } = splitTimeframe(name.trim(), usual);
  const suffix = timeframe === usual ? '' : `:${timeframe}`;
  if (features.has(bare)) return bare + suffix;
  const dot = bare.lastIndexOf('.');
  const source = dot > 0 ? sources.get(bare.slice(0, dot)) : undefined;
  if (source !== undefined) return source.isTimeframed ? bare + suffix : bare;
  const whole = parseIndicator(bare);
  if (whole.isOk) return whole.indicator.label + suffix;
  const part = dot > 0 ? parseIndicator(bare.slice(0, dot)) : whole;
  if (!part.isOk) return name;
  return outputName(part.indicator, bare.slice(dot + 1)) + suffix;
}

/** An indicator's first output is what its label means. */
function outputName({ label, outputs }: ConfiguredIndicator, output: string): string {
  return output === outputs[0] ? label : `${label}.${output}`;
}
