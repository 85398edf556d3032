import { MINUTE } from '../../../core/time.ts';
import {
  CLOSE,
  HIGH,
  LOW,
  OPEN,
  SESSION,
  SINCE_OPEN_US,
  VOLUME,
} from '../../indicators/indicator.ts';
import { newYorkDayNumber } from '../../market/calendar.ts';
import type { SourceDeclaration } from '../registry.ts';
import type { ColumnDeclaration, FeatureSource } from '../source.ts';

/** The last closed bar, those before it as far as returns look back, and the session so far. */
export const barSource: SourceDeclaration = { name: 'bar', isTimeframed: true, build };

/** How many bars ago the closes are told. */
const BEFORE = [1, 5, 15, 30, 60] as const;
const CLOSES = 61;
const VOLUMES = 20;

const BAR = 0; // The last bar's open, high, low, close, volume.
const SINCE_OPEN = 5;
const DAY_NUMBER = 6;
const DAY_OPEN = 7; // The session's open, high, low and volume so far.
const DAY_HIGH = 8;
const DAY_LOW = 9;
const DAY_VOLUME = 10;
const PRIOR_CLOSE = 11; // The close of the session before.
const PLACE = 12; // Bars so far modulo the ring of closes, and that of volumes.
const VOLUME_PLACE = 13;
const CLOSE_RING = 14;
const VOLUME_RING = CLOSE_RING + CLOSES;
const WIDTH = VOLUME_RING + VOLUMES;

const dollars = (name: string, tells: string, bars = 1): ColumnDeclaration => ({
  name,
  units: 'dollars',
  tells,
  bars,
});

const COLUMNS: readonly ColumnDeclaration[] = [
  dollars('open', 'First price of the last closed bar.'),
  dollars('high', 'Highest price of the last closed bar.'),
  dollars('low', 'Lowest price of the last closed bar.'),
  dollars('close', 'Last price of the last closed bar.'),
  {
    name: 'volume',
    units: 'shares',
    tells: 'Shares that changed hands in the last closed bar.',
    bars: 1,
  },
  {
    name: 'sinceOpen',
    units: 'minutes',
    tells: 'Start of the last closed bar after the open.',
    bars: 1,
  },
  ...BEFORE.map((bars) =>
    dollars(`closeBefore${bars}`, `The close ${bars} bars before the last.`, bars + 1),
  ),
  { name: 'meanVolume5', units: 'shares', tells: 'Mean volume of the last 5 bars.', bars: 5 },
  {
    name: 'meanVolume20',
    units: 'shares',
    tells: 'Mean volume of the last 20 bars.',
    bars: VOLUMES,
  },
  dollars('sessionOpen', "First price of the session's bars."),
  dollars('sessionHigh', "Highest price of the session's bars so far."),
  dollars('sessionLow', "Lowest price of the session's bars so far."),
  { name: 'sessionVolume', units: 'shares', tells: 'Shares of the session so far.', bars: 1 },
  dollars('priorClose', 'Last close of the session before.'),
];

function build(): FeatureSource {
  return {
    name: 'bar',
    scope: 'symbol',
    columns: COLUMNS,
    version: 2,
    width: WIDTH,
    warmupBars: CLOSES,

    reset(state, at) {
      state.fill(NaN, at, at + WIDTH);
      state[at + PLACE] = 0;
      state[at + VOLUME_PLACE] = 0;
    },

    bar(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      const session = bar[SESSION] ?? NaN;
      if (state[at + DAY_NUMBER] !== session) beginSession(state, at, bar);
      for (let place = OPEN; place <= VOLUME; place += 1)
        state[at + BAR + place] = bar[place] ?? NaN;
      state[at + SINCE_OPEN] = bar[SINCE_OPEN_US] ?? NaN;
      state[at + DAY_HIGH] = Math.max(state[at + DAY_HIGH] ?? NaN, bar[HIGH] ?? NaN);
      state[at + DAY_LOW] = Math.min(state[at + DAY_LOW] ?? NaN, bar[LOW] ?? NaN);
      state[at + DAY_VOLUME] = (state[at + DAY_VOLUME] ?? NaN) + (bar[VOLUME] ?? NaN);
      const place = (state[at + PLACE] ?? NaN) | 0;
      const volumePlace = (state[at + VOLUME_PLACE] ?? NaN) | 0;
      state[at + CLOSE_RING + place] = close;
      state[at + VOLUME_RING + volumePlace] = bar[VOLUME] ?? NaN;
      state[at + PLACE] = place + 1 === CLOSES ? 0 : place + 1;
      state[at + VOLUME_PLACE] = volumePlace + 1 === VOLUMES ? 0 : volumePlace + 1;
    },

    read(state, at, nowUs, out, outAt) {
      let to = outAt;
      for (let place = OPEN; place <= CLOSE; place += 1) {
        out[to++] = state[at + BAR + place] ?? NaN;
      }
      out[to++] = state[at + BAR + VOLUME] ?? NaN;
      out[to++] = (state[at + SINCE_OPEN] ?? NaN) / MINUTE;
      for (let of = 0; of < BEFORE.length; of += 1) {
        out[to++] = closeBefore(state, at, BEFORE[of] ?? 0);
      }
      out[to++] = meanVolume(state, at, 5);
      out[to++] = meanVolume(state, at, VOLUMES);
      if (newYorkDayNumber(nowUs) > (state[at + DAY_NUMBER] ?? NaN)) {
        // Today has no bar yet: what stands there is of an earlier day.
        out.fill(NaN, to, to + 4);
        out[to + 4] = state[at + BAR + CLOSE] ?? NaN;
        return;
      }
      out[to++] = state[at + DAY_OPEN] ?? NaN;
      out[to++] = state[at + DAY_HIGH] ?? NaN;
      out[to++] = state[at + DAY_LOW] ?? NaN;
      out[to++] = state[at + DAY_VOLUME] ?? NaN;
      out[to] = state[at + PRIOR_CLOSE] ?? NaN;
    },
  };
}

function beginSession(state: Float64Array, at: number, bar: Float64Array): void {
  state[at + PRIOR_CLOSE] = state[at + BAR + CLOSE] ?? NaN;
  state[at + DAY_NUMBER] = bar[SESSION] ?? NaN;
  state[at + DAY_OPEN] = bar[OPEN] ?? NaN;
  state[at + DAY_HIGH] = bar[HIGH] ?? NaN;
  state[at + DAY_LOW] = bar[LOW] ?? NaN;
  state[at + DAY_VOLUME] = 0;
}

/** The close so many bars before the last; NaN until there were so many. */
function closeBefore(state: Float64Array, at: number, bars: number): number {
  const place = ((state[at + PLACE] ?? NaN) | 0) - 1 - bars;
  return state[at + CLOSE_RING + (place < 0 ? place + CLOSES : place)] ?? NaN;
}

/** Of the last bars, the newest last; NaN until there were so many. */
function meanVolume(state: Float64Array, at: number, bars: number): number {
  let sum = 0;
  let place = ((state[at + VOLUME_PLACE] ?? NaN) | 0) - bars;
  if (place < 0) place += VOLUMES;
  for (let count = 0; count < bars; count += 1) {
    sum += state[at + VOLUME_RING + place] ?? NaN;
    place = place + 1 === VOLUMES ? 0 : place + 1;
  }
  return sum / bars;
}
