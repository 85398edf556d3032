import { configure, type ConfiguredIndicator } from '../src/domain/indicators/declaration.ts';
import { createIndicatorSet } from '../src/domain/indicators/indicator-set.ts';
import { INDICATORS } from '../src/domain/indicators/registry.ts';
import { standardTen } from '../src/domain/indicators/standard-ten.ts';
import type { Outcome } from './bench.ts';
import { OwnSet } from './own-set.ts';
import { Stopwatch } from './stopwatch.ts';
import { walkOfBars } from './ten-bars.ts';

const EACH_SYMBOLS = 1_000;
const EACH_MINUTES = 400;
/** Indicators are timed in passes, and the cheapest counts, so that a hiccup names no culprit. */
const PASSES = 3;

/** Every indicator there is, at its usual parameters. */
function registered(hasCandles: boolean): readonly ConfiguredIndicator[] {
  return INDICATORS.filter(({ family }) => hasCandles || family !== 'candles').map((declaration) =>
    configure(declaration),
  );
}

/** All of them side by side; so many minutes are timed. */
export function together(hasCandles: boolean, symbols: number, minutes: number): Outcome {
  standardTen();
  const walk = walkOfBars();
  const indicators = registered(hasCandles);
  const own = new OwnSet(createIndicatorSet(indicators), symbols);
  own.run(walk, Math.max(own.set.warmupBars, minutes));
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

export function eachOfRegistry(): Outcome {
  const walk = walkOfBars();
  const sets = registered(true).map((indicator) => {
    const own = new OwnSet(createIndicatorSet([indicator]), EACH_SYMBOLS);
    own.run(walk, own.set.warmupBars + EACH_MINUTES);
    return { label: indicator.label, own, cpuNs: Infinity };
  });
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const one of sets) {
      const watch = new Stopwatch();
      one.own.run(walk, EACH_MINUTES);
      const { cpuMs } = watch.read();
      one.cpuNs = Math.min(one.cpuNs, (cpuMs / (EACH_SYMBOLS * EACH_MINUTES)) * 1e6);
    }
  }
  sets.sort((left, right) => right.cpuNs - left.cpuNs);
  return { figures: Object.fromEntries(sets.map(({ label, cpuNs }) => [`${label} ns`, cpuNs])) };
}
