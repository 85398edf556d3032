import { INDICATOR_FAMILIES } from '../domain/indicators/declaration.ts';
import { bytesText, measure, plural } from './figures.ts';
import {
  errorText,
  type IndicatorCard,
  inputsText,
  lookbackText,
  outputsText,
  type Parities,
} from './indicator-cards.ts';

/** The reference of the library: families, each indicator, and how it stands to TA-Lib. */
export function indicatorsMarkdown(cards: readonly IndicatorCard[], parities: Parities): string {
  const families = INDICATOR_FAMILIES.flatMap((family) => {
    const members = cards.filter((card) => card.family === family);
    return members.length === 0 ? [] : familyLines(family, members);
  });
  const lines = [...INTRODUCTION(cards.length), ...families, ...parityLines(cards, parities)];
  return `${lines.join('\n').trimEnd()}\n`;
}

const INTRODUCTION = (many: number): readonly string[] => [
  '# Indicators',
  '',
  '<!-- Made by `npm run parity` from the declarations in src/domain/indicators. -->',
  '',
  `${plural(many, 'indicator')}, each declared once. Write one as its label (\`rsi14\`,`,
  '`macd12-26-9`), as a call (`rsi(14)`, `macd(12, 26, 9)`) or by its name alone, with the usual',
  'parameters; `sma(20, volume)` and `sma20@volume` read another series where any will do.',
  '',
  '- **Lookback**: bars before the first value, with the usual parameters. Until then it is NaN.',
  '  Where it is in sessions, so many must be over, and the first value comes during the next one.',
  '- **State**: bytes for each symbol, with the usual parameters; an update allocates nothing.',
  '- **Parity**: worst relative error against the function of TA-Lib; `exact` is bit for bit.',
  '- **Units**: `price` as the bars have it, `price2` its square, `money` price times shares,',
  '  `percent` around 0 to 100, `ratio` a pure number, `sign` -1, 0 or 1, `flag` 1 or 0 and a',
  '  condition in an expression, `pattern` -200 to 200, `series` what the input is in, `number` of',
  '  a scale of its own.',
  '',
];

function familyLines(family: string, cards: readonly IndicatorCard[]): readonly string[] {
  const rows = cards.map((card) => {
    const { name, stateBytes, talib, parity } = card;
    const usual = card.parameters.map((parameter) => parameter.usual).join(', ');
    const cells = [usual, lookbackText(card), bytesText(stateBytes), talib, errorText(parity)];
    return `| [\`${name}\`](#${name.toLowerCase()}) | ${cells.join(' | ')} |`;
  });
  return [
    `## ${family[0]?.toUpperCase() ?? ''}${family.slice(1)}`,
    '',
    '| indicator | usually | lookback | state | TA-Lib | parity |',
    '| --- | --- | ---: | ---: | --- | ---: |',
    ...rows,
    '',
    ...cards.flatMap(cardLines),
  ];
}

function cardLines(card: IndicatorCard): readonly string[] {
  const { name, title, tells, formula, source, parameters, undefinedWhere } = card;
  const listed = parameters.map(
    ({ name: of, usual, least, most, isWhole }) =>
      `\`${of}\` ${usual} (${isWhole ? 'whole, ' : ''}${measure(least)} to ${measure(most)})`,
  );
  return [
    `### ${name}`,
    '',
    `${cell(title)}. ${cell(tells)}`,
    '',
    `- Formula: ${cell(formula)}`,
    ...(listed.length === 0 ? [] : [`- Parameters: ${listed.join(', ')}`]),
    `- Reads ${inputsText(card)}; gives ${outputsText(card)}`,
    ...(undefinedWhere === undefined ? [] : [`- Undefined: ${cell(undefinedWhere)}`]),
    `- Source: ${cell(source)}`,
    '',
  ];
}

/** Stars, bars and brackets of a formula are meant as they stand. */
function cell(text: string): string {
  return text.replaceAll(/[*|<>_[\]\\`]/g, '\\$&');
}

function parityLines(cards: readonly IndicatorCard[], parities: Parities): readonly string[] {
  const functions = Object.entries(parities).flatMap(([talib, parity]) => {
    const card = cards.find((known) => known.talib === talib);
    return card === undefined ? [] : [{ talib, name: card.name, ...parity }];
  });
  if (functions.length === 0) return [];
  return [
    '## Parity with TA-Lib',
    '',
    'Every value against the native library with its default parameters, over 300 bars and over',
    '2,000 minute bars of the seeded market (`test/golden/talib-2000.md` says how they were made).',
    'Both have their first value on the same bar, and no relative error is above 1e-9; two values',
    'that are both 0 but for rounding (below 1e-13 of the largest) count as equal. Patterns are',
    'held besides to bars among which every one of them occurs (`test/golden/candles.md`).',
    '',
    'The last column is where an indicator differs on purpose: the error that TA-Lib keeps in its',
    'running sums when a price of 1e9 times has left the window. Ours stays below 1e-9 there.',
    '',
    '| function | indicator | first bar | 300 bars | 2,000 bars | TA-Lib after a jump |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...functions.map(({ talib, name, firstIndex, worst300, worst2000, talibLoses }) => {
      const lost = talibLoses === undefined ? '' : errorText(talibLoses);
      const errors = [errorText(worst300), errorText(worst2000), lost];
      const cells = [talib, `\`${name}\``, firstIndex, ...errors];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}
