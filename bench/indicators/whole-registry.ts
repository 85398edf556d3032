import { type ConfiguredIndicator, configure } from '../../src/domain/indicators/declaration.ts';
import { INDICATORS } from '../../src/domain/indicators/registry.ts';
import type { Outcome, Scale } from '../harness/suite.ts';
import { OwnSet } from './own-set.ts';
import { rowsOf } from './rows-of.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import { walkOfBars } from './ten-bars.ts';

const EACH: Readonly<Record<Scale, { readonly symbols: number; readonly minutes: number }>> = {
  full: { symbols: 1_000, minutes: 400 },
  quick: { symbols: 50, minutes: 40 },
};
/** Indicators are timed in passes, and the cheapest counts, so that a hiccup names no culprit. */
const PASSES = 3;

/** Every indicator there is, at its usual parameters. */
function registered(hasCandles: boolean): readonly ConfiguredIndicator[] {
  return INDICATORS.filter(({ family }) => hasCandles || family !== 'candles').map((declaration) =>
    configure(declaration),
  );
}

/** As a feature's name: that of its only output, or of its first. */
function nameOf({ label, outputs: [first = '', ...others] }: ConfiguredIndicator): string {
  return others.length === 0 ? label : `${label}.${first}`;
}

/** All of them side by side in one row; so many minutes are timed. */
export function together(hasCandles: boolean, symbols: number, minutes: number): Outcome {
  const walk = walkOfBars();
  const indicators = registered(hasCandles);
  const warmupBars = Math.max(...indicators.map((indicator) => indicator.warmupBars));
  const own = new OwnSet(rowsOf(indicators.map(nameOf)), symbols);
  own.run(walk, Math.max(warmupBars, minutes));
  const bars = symbols * minutes;
  const passes = Array.from({ length: PASSES }, () => {
    const watch = new Stopwatch();
    own.run(walk, minutes);
    return watch.read();
  });
  const cpuNs = (Math.min(...passes.map(({ cpuMs }) => cpuMs)) / bars) * 1e6;
  const wallNs = (Math.min(...passes.map(({ wallMs }) => wallMs)) / bars) * 1e6;
  return {
    figures: {
      indicators: indicators.length,
      ownCpuNs: cpuNs,
      ownWallNs: wallNs,
      cpuNsAnIndicator: cpuNs / indicators.length,
      bytesASymbol: own.set.width * Float64Array.BYTES_PER_ELEMENT,
    },
  };
}

export function eachOfRegistry(scale: Scale): Outcome {
  const { symbols, minutes } = EACH[scale];
  const walk = walkOfBars();
  const sets = registered(true).map((indicator) => {
    const own = new OwnSet(indicator, symbols);
    own.run(walk, indicator.warmupBars + minutes);
    return { label: indicator.label, own, cpuNs: Infinity };
  });
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const one of sets) {
      const watch = new Stopwatch();
      one.own.run(walk, minutes);
      const { cpuMs } = watch.read();
      one.cpuNs = Math.min(one.cpuNs, (cpuMs / (symbols * minutes)) * 1e6);
    }
  }
  sets.sort((left, right) => right.cpuNs - left.cpuNs);
  return { figures: Object.fromEntries(sets.map(({ label, cpuNs }) => [`${label} ns`, cpuNs])) };
}
