import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { type Judge, judgeWindow } from './candle-pattern.ts';
import { CANDLE_PATTERNS } from './candle-table.ts';
import { candleWindow } from './candle-window.ts';
import { HIKKAKE_WIDTH, judgeHikkake, resetHikkake } from './hikkake-memory.ts';

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
  const lines = CANDLE_PATTERNS.map(({ judge, penetration = NaN, isConfirmed }, slot) => {
    return { judge: judge(penetration), isConfirmed: isConfirmed === true, slot };
  });
  const plain: readonly Line[] = lines.filter((line) => !line.isConfirmed);
  const confirmed: readonly Line[] = lines.filter((line) => line.isConfirmed);
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
      const now = at + windowAt;
      if (!window.add(state, now, bar)) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      if (count < warmupBars) state[at + COUNT] = count + 1;
      const isReady = count >= lookback;
      if (isReady) {
        for (const { judge, slot } of plain) state[at + slot] = judgeWindow(judge, state, now);
      }
      // These remember, so they are judged from the first candle on.
      let memory = at + MEMORY;
      for (const { judge, slot } of confirmed) {
        const formed = judgeWindow(judge, state, now);
        const value = judgeHikkake(state, memory, now, formed);
        if (isReady) state[at + slot] = value;
        memory += HIKKAKE_WIDTH;
      }
    },
  };
}
