import { pick, sum, type Columns, type Judged, type Series } from './series.ts';

/** By the indicator's name. */
export const SESSION_JUDGED: Readonly<Record<string, Judged>> = {
  anchoredVwap: {
    reference: anchoredVwap,
    scale: 'none',
    most: [30_000 * 86_400e6],
    isEndless: true,
  },
  averageSessionRange: {
    reference: averageSessionRange,
    scale: 'none',
    most: [5],
    isEndless: true,
  },
  openingRange: { reference: openingRange, scale: 'none' },
  overnightGap: { reference: overnightGap, scale: 1 },
  pivotPoints: { reference: pivotPoints, scale: 'price' },
  previousSession: { reference: previousSession, scale: 'none' },
  relativeVolumeByTime: {
    reference: relativeVolumeByTime,
    scale: 'none',
    most: [4, 20],
    isEndless: true,
  },
  sessionRange: { reference: sessionRange, scale: 'none' },
  vwap: { reference: vwap, scale: 'none', isEndless: true },
  vwapBands: { reference: vwapBands, scale: 'price', isEndless: true },
};

const MINUTE_US = 60_000_000;
const CORE_MINUTES = 390;

function typicals({ high, low, close }: Series): number[] {
  return close.map((value, at) => (pick(high, at) + pick(low, at) + value) / 3);
}

/** Bars up to `at` of its session. */
function sessionSoFar({ session }: Series, at: number): number[] {
  const from = session.indexOf(pick(session, at));
  return Array.from({ length: at + 1 - from }, (_, index) => from + index);
}

/** Bars of a session that began in its core hours. */
function coreBars({ session, sinceOpenUs }: Series, day: number): number[] {
  return session.flatMap((value, at) => {
    const minutes = pick(sinceOpenUs, at) / MINUTE_US;
    return value === day && minutes >= 0 && minutes < CORE_MINUTES ? [at] : [];
  });
}

function vwap(series: Series): Columns {
  const prices = typicals(series);
  const values = prices.map((_, at) => {
    const bars = sessionSoFar(series, at);
    const shares = sum(bars.map((bar) => pick(series.volume, bar)));
    const turnover = sum(bars.map((bar) => pick(prices, bar) * pick(series.volume, bar)));
    return shares > 0 ? turnover / shares : Number.NaN;
  });
  return [values];
}

function vwapBands(series: Series, deviations: number): Columns {
  const prices = typicals(series);
  const [middle = []] = vwap(series);
  const distance = middle.map((centre, at) => {
    const bars = sessionSoFar(series, at);
    const squares = bars.map((bar) => pick(series.volume, bar) * (pick(prices, bar) - centre) ** 2);
    return deviations * Math.sqrt(sum(squares) / sum(bars.map((bar) => pick(series.volume, bar))));
  });
  return [
    middle.map((centre, at) => centre + pick(distance, at)),
    middle,
    middle.map((centre, at) => centre - pick(distance, at)),
  ];
}

function anchoredVwap(series: Series, anchorUs: number): Columns {
  const prices = typicals(series);
  const values = prices.map((_, at) => {
    let turnover = 0;
    let shares = 0;
    for (let bar = 0; bar <= at; bar += 1) {
      if (pick(series.startUs, bar) < anchorUs) continue;
      turnover += pick(prices, bar) * pick(series.volume, bar);
      shares += pick(series.volume, bar);
    }
    return shares > 0 ? turnover / shares : Number.NaN;
  });
  return [values];
}

/** One row of outputs a bar, as columns. */
function columnsOf(rows: readonly (readonly number[])[], outputs: number): Columns {
  return Array.from({ length: outputs }, (_, slot) => rows.map((row) => pick(row, slot)));
}

function sessionRange(series: Series): Columns {
  const rows = series.close.map((_, at) => {
    const bars = coreBars(series, pick(series.session, at)).filter((bar) => bar <= at);
    if (bars.length === 0) return [];
    const high = Math.max(...bars.map((bar) => pick(series.high, bar)));
    const low = Math.min(...bars.map((bar) => pick(series.low, bar)));
    return [high, low, high - low];
  });
  return columnsOf(rows, 3);
}

/** Core bars of the last session before this bar's that has any. */
function barsBefore(series: Series, at: number): number[] {
  const days = [...new Set(series.session.slice(0, at + 1))].slice(0, -1);
  return days.map((day) => coreBars(series, day)).findLast((bars) => bars.length > 0) ?? [];
}

function previousSession(series: Series): Columns {
  const rows = series.close.map((_, at) => {
    const bars = barsBefore(series, at);
    if (bars.length === 0) return [];
    const high = Math.max(...bars.map((bar) => pick(series.high, bar)));
    const low = Math.min(...bars.map((bar) => pick(series.low, bar)));
    return [high, low, pick(series.close, bars.at(-1) ?? -1)];
  });
  return columnsOf(rows, 3);
}

function pivotPoints(series: Series): Columns {
  const [high = [], low = [], close = []] = previousSession(series);
  const rows = high.map((top, at) => {
    const bottom = pick(low, at);
    const pivot = (top + bottom + pick(close, at)) / 3;
    return [pivot, 2 * pivot - bottom, 2 * pivot - top, pivot + top - bottom, pivot - top + bottom];
  });
  return columnsOf(rows, 5);
}

function averageSessionRange(series: Series, sessions: number): Columns {
  const days = [...new Set(series.session)];
  const [, , today = []] = sessionRange(series);
  const rows = series.session.map((day, at) => {
    const earlier = days
      .slice(0, days.indexOf(day))
      .map((before) => coreBars(series, before))
      .filter((bars) => bars.length > 0)
      .slice(-sessions)
      .map((bars) => pick(today, bars.at(-1) ?? -1));
    const mean = earlier.length < sessions ? Number.NaN : sum(earlier) / sessions;
    return [mean, mean > 0 ? pick(today, at) / mean : Number.NaN];
  });
  return columnsOf(rows, 2);
}

function overnightGap(series: Series): Columns {
  const rows = series.close.map((_, at) => {
    const [first = Number.NaN] = coreBars(series, pick(series.session, at));
    const last = barsBefore(series, at).at(-1) ?? -1;
    if (!(first <= at)) return [];
    const before = pick(series.close, last);
    return [(100 * (pick(series.open, first) - before)) / before];
  });
  return columnsOf(rows, 1);
}

function openingRange(series: Series, minutes: number): Columns {
  const rows = series.close.map((close, at) => {
    if (pick(series.sinceOpenUs, at) < minutes * MINUTE_US) return [];
    const bars = coreBars(series, pick(series.session, at)).filter(
      (bar) => pick(series.sinceOpenUs, bar) < minutes * MINUTE_US,
    );
    if (bars.length === 0) return [];
    const high = Math.max(...bars.map((bar) => pick(series.high, bar)));
    const low = Math.min(...bars.map((bar) => pick(series.low, bar)));
    return [high, low, high > low ? (close - low) / (high - low) : Number.NaN];
  });
  return columnsOf(rows, 3);
}

function relativeVolumeByTime(series: Series, sessions: number, barMinutes: number): Columns {
  const { session, sinceOpenUs, volume } = series;
  const bucketOf = (bar: number) => Math.floor(pick(sinceOpenUs, bar) / (barMinutes * MINUTE_US));
  const volumeOf = (bars: readonly number[], bucket: number) =>
    sum(bars.filter((bar) => bucketOf(bar) === bucket).map((bar) => pick(volume, bar)));
  const days = [...new Set(session)].map((day) => coreBars(series, day));
  const usual = (earlier: readonly (readonly number[])[], bucket: number) => {
    // A session that ended before this bucket says nothing of it.
    const plain = earlier.slice(0, sessions);
    let value = 0;
    for (const [at, bars] of earlier.entries()) {
      if (Math.max(...bars.map(bucketOf)) < bucket) continue;
      const share = at < plain.length ? 1 / (at + 1) : 2 / (sessions + 1);
      value += share * (volumeOf(bars, bucket) - value);
    }
    return value;
  };
  const rows = session.map((day, at) => {
    const today = coreBars(series, day).filter((bar) => bar <= at);
    const earlier = days.filter((bars) => bars.length > 0 && (bars.at(-1) ?? at) < at);
    const complete = earlier.filter((bars) => pick(session, bars[0] ?? -1) !== day);
    if (today.length === 0 || complete.length < sessions) return [];
    const bucket = bucketOf(today.at(-1) ?? -1);
    const buckets = Array.from({ length: bucket + 1 }, (_, index) => index);
    const expected = sum(buckets.map((index) => usual(complete, index)));
    const now = usual(complete, bucket);
    return [
      now > 0 ? volumeOf(today, bucket) / now : Number.NaN,
      expected > 0 ? sum(today.map((bar) => pick(volume, bar))) / expected : Number.NaN,
    ];
  });
  return columnsOf(rows, 2);
}
