import { exp, log } from '../../../core/math.ts';
import { DAY, HOUR, MINUTE } from '../../../core/time.ts';
import { newYorkDayNumber } from '../../market/calendar.ts';
import type { SymbolFact } from '../facts.ts';
import { SKETCH, sketchHeadline } from '../news/headline-sketch.ts';
import { scoreText } from '../news/score-text.ts';
import type { SourceDeclaration } from '../registry.ts';
import type { ColumnDeclaration, FeatureSource } from '../source.ts';

/**
 * What the news say of a symbol, forgotten by halves. A headline weighs as much as it is new: one
 * that is told by ten services is one. The provider's score stands where there is one, else the
 * lexicon's.
 */
export const newsSource: SourceDeclaration = { name: 'news', isTimeframed: false, build };

const FAST_US = 2 * HOUR;
const SLOW_US = 2 * DAY;
/** What was told longer ago than this may be told again as news. */
const MEMORY_US = 3 * DAY;
const HEADLINES = 8;
/** Halves of less than this are nothing; NaN and infinity are kept out of long pauses. */
const HALVES_MAX = 1_000;
const LN2 = log(2);

const LAST_US = 0;
const FAST_WEIGHT = 1; // Of all headlines, each halved once every half-life since.
const FAST_SUM = 2;
const SLOW_WEIGHT = 3;
const SLOW_SUM = 4;
const DOUBT_SUM = 5;
const NOVELTY = 6;
const COUNT_DAY = 7;
const COUNT = 8;
const REFUSED = 9;
const PLACE = 10;
const RING = 11;
const SKETCH_WIDTH = 1 + SKETCH;
const WIDTH = RING + HEADLINES * SKETCH_WIDTH;

const COLUMNS: readonly ColumnDeclaration[] = [
  {
    name: 'toneFast',
    units: 'score',
    tells: 'Tone of the news, -1 to 1, half of it forgotten in two hours.',
  },
  {
    name: 'tone',
    units: 'score',
    tells: 'Tone of the news, -1 to 1, half of it forgotten in two days.',
  },
  { name: 'doubt', units: 'score', tells: 'How uncertain the news sound, 0 to 1, by two days.' },
  { name: 'flow', units: 'count', tells: 'New headlines, each halved every two days.' },
  { name: 'countToday', units: 'count', tells: 'Headlines on this day of New York.' },
  {
    name: 'novelty',
    units: 'share',
    tells: 'How new the last headline was: 0 told before, 1 new.',
  },
  { name: 'age', units: 'minutes', tells: 'Since the last headline.' },
  { name: 'refused', units: 'count', tells: 'Headlines without a word, or out of their time.' },
];

function build(): FeatureSource {
  // Written before it is read in every call: nothing lives here.
  const sketch = new Float64Array(SKETCH);
  return {
    name: 'news',
    scope: 'symbol',
    columns: COLUMNS,
    version: 1,
    width: WIDTH,
    warmupBars: 0,

    reset(state, at) {
      state.fill(NaN, at, at + WIDTH);
      state.fill(0, at + FAST_WEIGHT, at + NOVELTY);
      state.fill(0, at + COUNT, at + RING);
    },

    fact(state, at, fact) {
      if (fact.kind === 'news') hear(state, at, fact, sketch);
    },

    read(state, at, nowUs, out, outAt) {
      const lastUs = state[at + LAST_US] ?? NaN;
      const hasNews = nowUs >= lastUs;
      const fast = halved(nowUs - lastUs, FAST_US);
      const slow = halved(nowUs - lastUs, SLOW_US);
      const weight = slow * (state[at + SLOW_WEIGHT] ?? NaN);
      out[outAt] = told(
        fast * (state[at + FAST_SUM] ?? NaN),
        fast * (state[at + FAST_WEIGHT] ?? NaN),
      );
      out[outAt + 1] = told(slow * (state[at + SLOW_SUM] ?? NaN), weight);
      out[outAt + 2] = told(slow * (state[at + DOUBT_SUM] ?? NaN), weight);
      out[outAt + 3] = weight;
      const isToday = newYorkDayNumber(nowUs) === state[at + COUNT_DAY];
      out[outAt + 4] = isToday ? (state[at + COUNT] ?? NaN) : 0;
      out[outAt + 5] = state[at + NOVELTY] ?? NaN;
      out[outAt + 6] = (nowUs - lastUs) / MINUTE;
      out[outAt + 7] = state[at + REFUSED] ?? NaN;
      if (!hasNews) out.fill(NaN, outAt, outAt + COLUMNS.length - 1);
    },
  };
}

type NewsFact = Extract<SymbolFact, { readonly kind: 'news' }>;

function hear(state: Float64Array, at: number, fact: NewsFact, sketch: Float64Array): void {
  const { headline, sentiment, nowUs } = fact;
  const lastUs = state[at + LAST_US] ?? NaN;
  sketchHeadline(headline, sketch);
  if (sketch[0] === Infinity || nowUs < lastUs) {
    state[at + REFUSED] = (state[at + REFUSED] ?? NaN) + 1;
    return;
  }
  const score = scoreText(headline);
  const isScored = sentiment >= -1 && sentiment <= 1;
  const tone = isScored ? sentiment : score.tone;
  const novelty = 1 - likeness(state, at, nowUs, sketch);
  const first = lastUs !== lastUs;
  const fast = first ? 0 : halved(nowUs - lastUs, FAST_US);
  const slow = first ? 0 : halved(nowUs - lastUs, SLOW_US);
  add(state, at + FAST_WEIGHT, fast, novelty);
  add(state, at + FAST_SUM, fast, novelty * tone);
  add(state, at + SLOW_WEIGHT, slow, novelty);
  add(state, at + SLOW_SUM, slow, novelty * tone);
  add(state, at + DOUBT_SUM, slow, novelty * score.doubt);
  state[at + LAST_US] = nowUs;
  state[at + NOVELTY] = novelty;
  const day = newYorkDayNumber(nowUs);
  if (state[at + COUNT_DAY] !== day) state[at + COUNT] = 0;
  state[at + COUNT_DAY] = day;
  state[at + COUNT] = (state[at + COUNT] ?? NaN) + 1;
  remember(state, at, nowUs, sketch);
}

function add(state: Float64Array, place: number, kept: number, value: number): void {
  state[place] = (state[place] ?? NaN) * kept + value;
}

/** What is left of a half-life's sum after so long. */
function halved(afterUs: number, halfLifeUs: number): number {
  return exp(-LN2 * Math.min(HALVES_MAX, afterUs / halfLifeUs));
}

/** One headline's worth of nothing stands beside the news: an old or lone headline says little. */
function told(sum: number, weight: number): number {
  return sum / (1 + weight);
}

/** To the most alike of the last headlines, 0 to 1. */
function likeness(state: Float64Array, at: number, nowUs: number, sketch: Float64Array): number {
  let most = 0;
  for (let place = at + RING; place < at + WIDTH; place += SKETCH_WIDTH) {
    if (!(nowUs - (state[place] ?? NaN) <= MEMORY_US)) continue;
    let same = 0;
    for (let of = 0; of < SKETCH; of += 1) if (state[place + 1 + of] === sketch[of]) same += 1;
    most = Math.max(most, same / SKETCH);
  }
  return most;
}

function remember(state: Float64Array, at: number, nowUs: number, sketch: Float64Array): void {
  const place = at + RING + (state[at + PLACE] ?? 0) * SKETCH_WIDTH;
  state[place] = nowUs;
  state.set(sketch, place + 1);
  state[at + PLACE] = ((state[at + PLACE] ?? 0) + 1) % HEADLINES;
}
