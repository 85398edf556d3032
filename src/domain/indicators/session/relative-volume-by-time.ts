import { MINUTE } from '../../../core/time.ts';
import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { SESSION, SINCE_OPEN_US, VOLUME } from '../indicator.ts';
import { CORE_MINUTES, isCore } from './core-session.ts';

const RELATIVE = 0;
const CUMULATIVE = 1;
const DAY = 2;
const SESSIONS = 3; // Complete sessions so far; stays at `sessions`.
const BUCKET = 4; // The one being filled; -1 before the session's first bar.
const VOLUME_SO_FAR = 5; // Of that bucket.
const TODAY = 6; // Of the session.
const EXPECTED = 7; // Usual volume of the session from its open to that bucket's end.
const USUAL = 8; // Usual volume of each bucket.

/**
 * Volume against what is usual at this time of day. One mean a bucket is all that is kept: 8 + 390
 * / barMinutes doubles, which are 3,184 bytes a symbol with bars of a minute, 688 with five.
 *
 * A bucket is folded into its mean when a later one begins. Those between without a bar had no
 * volume; those after a session's last bar keep their means, so that neither an early close nor a
 * lost connection counts as a quiet afternoon.
 */
export const relativeVolumeByTime: IndicatorDeclaration = {
  name: 'relativeVolumeByTime',
  title: 'Relative volume by time of day',
  family: 'session',
  tells: 'How busy it is for this time of day: 2 is twice the usual volume of these minutes.',
  formula:
    'relative: volume of this bucket of barMinutes / its mean; cumulative: volume since the open ' +
    '/ sum of the means up to here. A mean is plain over the first sessions, then exponential ' +
    'with 2 / (sessions + 1); today is not in it.',
  source: 'Jain and Joh, The Dependence between Hourly Prices and Trading Volume, 1988',
  parameters: [
    { ...periodParameter(20, 1, 'sessions'), most: 250 },
    { name: 'barMinutes', least: 1, most: CORE_MINUTES, usual: 1, isWhole: true },
  ],
  inputs: ['volume', 'session', 'sinceOpenUs'],
  takesAnySeries: false,
  outputs: [
    { name: 'relative', units: 'ratio' },
    { name: 'cumulative', units: 'ratio' },
  ],
  undefinedWhere:
    'fewer than so many sessions are complete, the session has not opened, or nothing is usual ' +
    'at that time',
  warmupSessions: ([sessions = NaN]) => sessions,
  build: ([sessions = NaN, barMinutes = NaN]) => build(sessions, barMinutes),
};

function build(sessions: number, barMinutes: number): IndicatorBody {
  const width = USUAL + Math.ceil(CORE_MINUTES / barMinutes);
  const bucketUs = barMinutes * MINUTE;

  return {
    width,
    warmupBars: sessions + 1,

    reset(state, at) {
      state.fill(0, at, at + width);
      state.fill(NaN, at, at + SESSIONS);
      state[at + BUCKET] = -1;
    },

    update(state, at, bar) {
      const volume = bar[VOLUME] ?? NaN;
      const session = bar[SESSION] ?? NaN;
      const sinceOpenUs = bar[SINCE_OPEN_US] ?? NaN;
      const sound = volume + session + sinceOpenUs;
      if (sound - sound !== 0) return;

      if (session !== state[at + DAY]) beginSession(state, at, sessions, session);
      if (!isCore(sinceOpenUs)) return;
      const bucket = Math.floor(sinceOpenUs / bucketUs);
      if (bucket < (state[at + BUCKET] ?? NaN)) return; // Its volume is already in the mean.
      beginBucket(state, at, sessions, bucket);
      const filled = (state[at + VOLUME_SO_FAR] ?? NaN) + volume;
      const today = (state[at + TODAY] ?? NaN) + volume;
      state[at + VOLUME_SO_FAR] = filled;
      state[at + TODAY] = today;
      if (state[at + SESSIONS] !== sessions) return;
      const usual = state[at + USUAL + bucket] ?? NaN;
      const expected = state[at + EXPECTED] ?? NaN;
      state[at + RELATIVE] = usual > 0 ? filled / usual : NaN;
      state[at + CUMULATIVE] = expected > 0 ? today / expected : NaN;
    },
  };
}

function beginSession(state: Float64Array, at: number, sessions: number, session: number): void {
  const last = state[at + BUCKET] ?? NaN;
  if (last >= 0) {
    fold(state, at, sessions, last, state[at + VOLUME_SO_FAR] ?? NaN);
    state[at + SESSIONS] = Math.min((state[at + SESSIONS] ?? NaN) + 1, sessions);
  }
  state[at + RELATIVE] = NaN;
  state[at + CUMULATIVE] = NaN;
  state[at + DAY] = session;
  state[at + BUCKET] = -1;
  state[at + VOLUME_SO_FAR] = 0;
  state[at + TODAY] = 0;
  state[at + EXPECTED] = 0;
}

/** Folds what is before `bucket`, and adds up what is usual to its end. Each bucket once a day. */
function beginBucket(state: Float64Array, at: number, sessions: number, bucket: number): void {
  let open = state[at + BUCKET] ?? NaN;
  if (open === bucket) return;
  let expected = state[at + EXPECTED] ?? NaN;
  if (open >= 0) fold(state, at, sessions, open, state[at + VOLUME_SO_FAR] ?? NaN);
  for (open += 1; open < bucket; open += 1) {
    expected += state[at + USUAL + open] ?? NaN;
    fold(state, at, sessions, open, 0);
  }
  state[at + EXPECTED] = expected + (state[at + USUAL + bucket] ?? NaN);
  state[at + BUCKET] = bucket;
  state[at + VOLUME_SO_FAR] = 0;
}

/** A session's volume of one bucket into its mean. */
function fold(
  state: Float64Array,
  at: number,
  sessions: number,
  bucket: number,
  volume: number,
): void {
  const known = state[at + SESSIONS] ?? NaN;
  const share = known < sessions ? 1 / (known + 1) : 2 / (sessions + 1);
  const slot = at + USUAL + bucket;
  state[slot] = (state[slot] ?? NaN) * (1 - share) + volume * share;
}
