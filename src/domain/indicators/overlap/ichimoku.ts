import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { HIGH, LOW } from '../indicator.ts';
import { midprice } from './midprice.ts';

const CONVERSION = 0;
const BASE = 1;
const SPAN_A = 2;
const SPAN_B = 3;
const PARTS = 4;

/**
 * Ichimoku's lines as of the present bar. A chart draws both spans `base` bars ahead, so what it
 * shows above a bar is what stood here `base` bars before; its lagging line is the close itself,
 * drawn as far back.
 */
export const ichimoku: IndicatorDeclaration = {
  name: 'ichimoku',
  title: 'Ichimoku Kinko Hyo',
  family: 'overlap',
  tells: 'Short and long balance of a market, and the cloud between them that holds a price.',
  formula:
    'conversion, base and spanB are (highest high + lowest low) / 2 of their periods; spanA = ' +
    '(conversion + base) / 2. The spans are not displaced: a chart draws them base bars ahead.',
  source: 'Goichi Hosoda, commonly dated 1968',
  parameters: [
    periodParameter(9, 2, 'conversion'),
    periodParameter(26, 2, 'base'),
    periodParameter(52, 2, 'span'),
  ],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [
    { name: 'conversion', units: 'price' },
    { name: 'base', units: 'price' },
    { name: 'spanA', units: 'price' },
    { name: 'spanB', units: 'price' },
  ],
  build: ([conversion = NaN, base = NaN, span = NaN]) => build(conversion, base, span),
};

function build(conversion: number, base: number, span: number): IndicatorBody {
  const short = midprice.build([conversion], [HIGH, LOW]);
  const long = midprice.build([base], [HIGH, LOW]);
  const longest = midprice.build([span], [HIGH, LOW]);
  const longAt = PARTS + short.width;
  const longestAt = longAt + long.width;

  return {
    width: longestAt + longest.width,
    warmupBars: Math.max(conversion, base, span),

    reset(state, at) {
      state.fill(NaN, at, at + PARTS);
      short.reset(state, at + PARTS);
      long.reset(state, at + longAt);
      longest.reset(state, at + longestAt);
    },

    update(state, at, bar) {
      short.update(state, at + PARTS, bar);
      long.update(state, at + longAt, bar);
      longest.update(state, at + longestAt, bar);
      const conversionLine = state[at + PARTS] ?? NaN;
      const baseLine = state[at + longAt] ?? NaN;
      const spanB = state[at + longestAt] ?? NaN;
      // All lines appear together.
      if (Number.isNaN(conversionLine + baseLine + spanB)) return;
      state[at + CONVERSION] = conversionLine;
      state[at + BASE] = baseLine;
      state[at + SPAN_A] = (conversionLine + baseLine) / 2;
      state[at + SPAN_B] = spanB;
    },
  };
}
