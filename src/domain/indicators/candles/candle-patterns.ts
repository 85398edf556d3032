import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { allowedColours, allowsColours } from './candle-colours.ts';
import type { Judge } from './candle-pattern.ts';
import { CANDLE_PATTERNS } from './candle-table.ts';
import { candleWindow, COLOURS, COLOURS_MASK } from './candle-window.ts';
import { confirmHikkake, HIKKAKE_WIDTH, rememberHikkake, resetHikkake } from './hikkake-memory.ts';

/**
 * All patterns over one window: for who scans for any of them. Each is what it is alone with its
 * usual penetration, but all appear together.
 */
export const candlePatterns: IndicatorDeclaration = {
  name: 'candlePatterns',
  title: 'All candlestick patterns',
  family: 'candles',
  tells: 'Which of the 61 patterns end with this candle, at a fraction of what each costs alone.',
  formula: 'Each output as the pattern of its name; all of them from the 15th bar on.',
  source:
    'TA-Lib, its 61 CDL functions; Steve Nison, Japanese Candlestick Charting Techniques, 1991',
  parameters: [],
  inputs: ['open', 'high', 'low', 'close'],
  takesAnySeries: false,
  outputs: CANDLE_PATTERNS.map(({ name }) => ({ name, units: 'pattern' })),
  build,
};

const OUTPUTS = CANDLE_PATTERNS.length;
const COUNT = OUTPUTS; // Bars so far; stays at the warm-up.
const MEMORY = COUNT + 1;

type Line = { readonly judge: Judge; readonly slot: number };

function build(): IndicatorBody {
  const candles = Math.max(...CANDLE_PATTERNS.map((pattern) => pattern.candles));
  const window = candleWindow(candles, ['body', 'range', 'shadows', 'near']);
  const lookback = Math.max(...CANDLE_PATTERNS.map((pattern) => pattern.lookback));
  const warmupBars = lookback + 1;
  const byColours = plainLines();
  const confirmed = confirmedLines();
  const windowAt = MEMORY + confirmed.length * HIKKAKE_WIDTH;

  return {
    width: windowAt + window.width,
    warmupBars,

    reset(state, at) {
      state.fill(NaN, at, at + OUTPUTS);
      state[at + COUNT] = 0;
      confirmed.forEach((_, index) => resetHikkake(state, at + MEMORY + index * HIKKAKE_WIDTH));
      window.reset(state, at + windowAt);
    },

    update(state, at, bar) {
      const now = window.add(state, at + windowAt, bar);
      if (now < 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      if (count < warmupBars) state[at + COUNT] = count + 1;
      const one = window.older(at + windowAt, now);
      const two = window.older(at + windowAt, one);
      const three = window.older(at + windowAt, two);
      const four = window.older(at + windowAt, three);
      if (count >= lookback) {
        for (let slot = at; slot < at + OUTPUTS; slot += 1) state[slot] = 0;
        const lines = byColours[(state[at + windowAt + COLOURS] ?? NaN) | 0] ?? [];
        for (const { judge, slot } of lines) {
          state[at + slot] = judge(state, now, one, two, three, four);
        }
      }
      // These remember, so they are judged from the first candle on.
      let memory = at + MEMORY;
      for (const { judge, slot } of confirmed) {
        let value = judge(state, now, one, two, three, four);
        if (value === 0) value = confirmHikkake(state, memory, now);
        else rememberHikkake(state, memory, value, one);
        if (count >= lookback) state[at + slot] = value;
        memory += HIKKAKE_WIDTH;
      }
    },
  };
}

/** Those that the last five candles' colours allow, for each of the 32 ways they can be. */
function plainLines(): readonly (readonly Line[])[] {
  const byColours: Line[][] = Array.from({ length: COLOURS_MASK + 1 }, () => []);
  CANDLE_PATTERNS.forEach(({ judge, penetration = NaN, colours, isConfirmed }, slot) => {
    if (isConfirmed === true) return;
    const line = { judge: judge(penetration), slot };
    const allowed = allowedColours(colours);
    byColours.forEach((lines, seen) => {
      if (allowsColours(allowed, seen)) lines.push(line);
    });
  });
  return byColours;
}

function confirmedLines(): readonly Line[] {
  return CANDLE_PATTERNS.flatMap(({ judge, isConfirmed }, slot) =>
    isConfirmed === true ? [{ judge: judge(NaN), slot }] : [],
  );
}
