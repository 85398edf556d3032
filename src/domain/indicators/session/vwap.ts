import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW, SESSION, VOLUME } from '../indicator.ts';

const VALUE = 0;
const TURNOVER = 1;
const SHARES = 2;
const DAY = 3;

/**
 * Volume-weighted average price of the New York day: sum(typical price x volume) / sum(volume),
 * typical price being (high + low + close) / 3. Of whatever bars the feed gives since it began: a
 * feed of core hours makes it the core session's. NaN until something has traded.
 */
export const vwap: IndicatorDeclaration = {
  name: 'vwap',
  title: 'Volume-weighted average price',
  family: 'session',
  tells: "What the day's shares changed hands at on average: above it buyers of today are ahead.",
  formula:
    'sum(typical price * volume) / sum(volume) of the bars since the New York day began: ' +
    'those that the feed gives, also before and after the core session; typical = (high + low + ' +
    'close) / 3.',
  source: 'Berkowitz, Logue and Noser, The Total Cost of Transactions on the NYSE, 1988',
  parameters: [],
  inputs: ['high', 'low', 'close', 'volume', 'session'],
  takesAnySeries: false,
  outputs: [{ name: 'vwap', units: 'price' }],
  sessionSlot: DAY,
  undefinedWhere: 'nothing has traded in the day',
  build: () => build(),
};

function build(): IndicatorBody {
  return {
    width: 4,
    warmupBars: 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + TURNOVER] = 0;
      state[at + SHARES] = 0;
      state[at + DAY] = NaN;
    },

    update(state, at, bar) {
      step(state, at, bar);
    },
  };
}

function step(state: Float64Array, at: number, bar: Float64Array): void {
  const typical = ((bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + (bar[CLOSE] ?? NaN)) / 3;
  const volume = bar[VOLUME] ?? NaN;
  const session = bar[SESSION] ?? NaN;
  const sound = typical + volume + session;
  if (sound - sound !== 0) return;

  let turnover = typical * volume;
  let shares = volume;
  if (session === (state[at + DAY] ?? NaN)) {
    turnover += state[at + TURNOVER] ?? NaN;
    shares += state[at + SHARES] ?? NaN;
  }
  state[at + DAY] = session;
  state[at + TURNOVER] = turnover;
  state[at + SHARES] = shares;
  // Two stores: V8 boxes what is either a quotient or the word NaN.
  if (shares > 0) state[at + VALUE] = turnover / shares;
  else state[at + VALUE] = NaN;
}
