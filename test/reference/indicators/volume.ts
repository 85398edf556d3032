import {
  mean,
  pick,
  powers,
  shifted,
  smoothed,
  sum,
  windows,
  type Columns,
  type Judged,
  type Series,
} from './series.ts';

/** By the indicator's name. */
export const VOLUME_JUDGED: Readonly<Record<string, Judged>> = {
  accumulationDistribution: { reference: line, scale: 'volume', isEndless: true },
  chaikinMoneyFlow: { reference: chaikinMoneyFlow, scale: 1 },
  chaikinOscillator: { reference: chaikinOscillator, scale: 'volume' },
  easeOfMovement: { reference: easeOfMovement, scale: 1, most: [30, 1e9] },
  forceIndex: { reference: forceIndex, scale: 'turnover' },
  negativeVolumeIndex: { reference: negativeVolumeIndex, scale: 'none', isEndless: true },
  obv: { reference: obv, scale: 'none', isEndless: true },
  positiveVolumeIndex: { reference: positiveVolumeIndex, scale: 'none', isEndless: true },
  relativeVolume: { reference: relativeVolume, scale: 'none' },
  volumePriceTrend: { reference: volumePriceTrend, scale: 'volume', isEndless: true },
  volumeRateOfChange: { reference: volumeRateOfChange, scale: 100 },
};

function obv({ close, volume }: Series): Columns {
  const signed = close.map((value, at) =>
    at === 0 ? pick(volume, 0) : Math.sign(value - pick(close, at - 1)) * pick(volume, at),
  );
  return [signed.map((_, at) => sum(signed.slice(0, at + 1)))];
}

/** Volume times the close's place in the range, from -1 at the low to 1 at the high. */
function flows({ high, low, close, volume }: Series): number[] {
  return close.map((value, at) => {
    const range = pick(high, at) - pick(low, at);
    return range === 0 ? 0 : pick(volume, at) * ((2 * (value - pick(low, at))) / range - 1);
  });
}

function line(series: Series): Columns {
  const moved = flows(series);
  return [moved.map((_, at) => sum(moved.slice(0, at + 1)))];
}

function chaikinMoneyFlow(series: Series, period: number): Columns {
  const moved = windows(flows(series), period, sum);
  const shares = windows(series.volume, period, sum);
  return [moved.map((flow, at) => (pick(shares, at) > 0 ? flow / pick(shares, at) : Number.NaN))];
}

/** Averages that begin at the first value: it weighs what no later one takes away. */
function begunAtFirst(values: readonly number[], period: number): number[] {
  const alpha = 2 / (period + 1);
  const keep = powers(1 - alpha, values.length);
  return values.map((_, at) => {
    let total = pick(values, 0) * pick(keep, at);
    for (let from = 1; from <= at; from += 1) {
      total += alpha * pick(keep, at - from) * pick(values, from);
    }
    return total;
  });
}

function chaikinOscillator(series: Series, fast: number, slow: number): Columns {
  const [values = []] = line(series);
  const slows = begunAtFirst(values, slow);
  return [
    begunAtFirst(values, fast).map((value, at) =>
      at + 1 < Math.max(fast, slow) ? Number.NaN : value - pick(slows, at),
    ),
  ];
}

function forceIndex({ close, volume }: Series, period: number): Columns {
  const forces = close
    .slice(1)
    .map((value, at) => (value - pick(close, at)) * pick(volume, at + 1));
  return [shifted(smoothed(forces, period, 2 / (period + 1)), 1)];
}

function easeOfMovement({ high, low, volume }: Series, period: number, scale: number): Columns {
  const middles = high.map((value, at) => mean([value, pick(low, at)]));
  const moves = middles.slice(1).map((middle, at) => {
    const shares = pick(volume, at + 1) / scale;
    if (shares === 0) return 0;
    const boxRatio = shares / (pick(high, at + 1) - pick(low, at + 1));
    return (middle - pick(middles, at)) / boxRatio;
  });
  return [shifted(windows(moves, period, mean), 1)];
}

function volumePriceTrend({ close, volume }: Series): Columns {
  const parts = close.map((value, at) =>
    at === 0 ? 0 : pick(volume, at) * ((value - pick(close, at - 1)) / pick(close, at - 1)),
  );
  return [parts.map((_, at) => sum(parts.slice(0, at + 1)))];
}

/** Product of the moves of all bars whose volume differs from the last one's in that direction. */
function volumeIndex({ close, volume }: Series, direction: number): number[] {
  const moves = close.map((price, at) => {
    const isCounted = at > 0 && Math.sign(pick(volume, at) - pick(volume, at - 1)) === direction;
    return isCounted ? price / pick(close, at - 1) : 1;
  });
  return moves.map((_, at) => moves.slice(0, at + 1).reduceRight((all, move) => all * move, 1_000));
}

function negativeVolumeIndex(series: Series): Columns {
  return [volumeIndex(series, -1)];
}

function positiveVolumeIndex(series: Series): Columns {
  return [volumeIndex(series, 1)];
}

function relativeVolume({ volume }: Series, period: number): Columns {
  const usual = shifted(windows(volume, period, mean), 1);
  return [volume.map((value, at) => (pick(usual, at) > 0 ? value / pick(usual, at) : Number.NaN))];
}

function volumeRateOfChange({ volume }: Series, period: number): Columns {
  return [
    volume.map((value, at) => {
      const before = pick(volume, at - period);
      return before > 0 ? 100 * (value / before - 1) : Number.NaN;
    }),
  ];
}
