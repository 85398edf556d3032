import { INDICATOR_FAMILIES } from '../domain/indicators/declaration.ts';
import { bytesText, measure, plural } from './figures.ts';
import {
  errorText,
  type IndicatorCard,
  inputsText,
  lookbackText,
  outputsText,
} from './indicator-cards.ts';
import { fit, fitRight, type Paint, painter, wrap } from './terminal-text.ts';

type Look = { readonly columns: number; readonly isColoured: boolean };

/** By family: one line of figures for each, and below it what it takes and gives. */
export function renderIndicators(cards: readonly IndicatorCard[], look: Look): string {
  const paint = painter(look.isColoured);
  const lines = INDICATOR_FAMILIES.flatMap((family) => {
    const members = cards.filter((card) => card.family === family);
    if (members.length === 0) return [];
    const head = `${family}: ${plural(members.length, 'indicator')}`;
    const entries = members.flatMap((card) => entryLines(card, look, paint));
    return [paint(head, 'bold'), paint(fit(HEAD, look.columns).trimEnd(), 'dim'), ...entries, ''];
  });
  const hint = wrap(`${plural(cards.length, 'indicator')}${HINT}`, look.columns);
  return `${[...lines, ...hint].join('\n')}\n`;
}

/** The whole declaration of one. */
export function renderIndicator(card: IndicatorCard, look: Look): string {
  const paint = painter(look.isColoured);
  const rows = rowsOf(card).flatMap(([name, text]) => {
    const [first = '', ...more] = wrap(text, Math.max(TEXT_LEAST, look.columns - NAME_COLUMNS));
    const indent = ' '.repeat(NAME_COLUMNS);
    return [paint(name.padEnd(NAME_COLUMNS), 'dim') + first, ...more.map((line) => indent + line)];
  });
  return `${[paint(`${card.label}: ${card.title}`, 'bold'), ...rows].join('\n')}\n`;
}

const TEXT_LEAST = 20;
const NAME_COLUMNS = 12;
const HINT = '; `strata indicators NAME` tells all of one';

const HEAD = figures('  NAME', 'LOOKBACK', 'BYTES', 'TA-LIB', 'PARITY');

function figures(
  name: string,
  lookback: string,
  bytes: string,
  talib: string,
  parity: string,
): string {
  const right = [fitRight(lookback, 11), fitRight(bytes, 9)].join(' ');
  return `${fit(name, 28)}${right}  ${fit(talib, 20)}${fitRight(parity, 8)}`;
}

function entryLines(card: IndicatorCard, { columns }: Look, paint: Paint): readonly string[] {
  const { name, stateBytes, talib, parity } = card;
  const first = figures(`  ${name}`, lookbackText(card), `${stateBytes}`, talib, errorText(parity));
  const parameters = card.parameters.map(
    ({ name: of, usual, least, most }) => `${of} ${usual} (${measure(least)} to ${measure(most)})`,
  );
  const told = [parameters.join(', '), `${inputsText(card)} -> ${outputsText(card)}`].filter(
    Boolean,
  );
  const below = told.flatMap((text) => wrap(text, Math.max(TEXT_LEAST, columns - INDENT.length)));
  return [fit(first, columns).trimEnd(), ...below.map((line) => paint(INDENT + line, 'dim'))];
}

const INDENT = '    ';

function rowsOf(card: IndicatorCard): readonly (readonly [name: string, text: string])[] {
  const { label, stateBytes, talib, parity, talibLoses, undefinedWhere } = card;
  const state = `${stateBytes / 8} doubles, ${bytesText(stateBytes)} a symbol`;
  return [
    ['Family', card.family],
    ['Tells', card.tells],
    ['Formula', card.formula],
    ['Source', card.source],
    ...card.parameters.map(
      ({ name: of, value, usual, least, most, isWhole }, at) =>
        [
          at === 0 ? 'Parameters' : '',
          `${of} ${value}: ${isWhole ? 'whole, ' : ''}${measure(least)} to ${measure(most)}, ` +
            `usually ${usual}`,
        ] as const,
    ),
    ['Reads', inputsText(card)],
    ['Gives', outputsText(card)],
    ...(undefinedWhere === undefined ? [] : ([['Undefined', undefinedWhere]] as const)),
    ['Lookback', lookbackOf(card)],
    ['State', state],
    ['TA-Lib', `${talib}${parityText(parity)}`],
    ...(talibLoses === undefined ? [] : ([['', lossText(talibLoses)]] as const)),
    ['Written', [...new Set([label, callOf(card)])].join(' or ')],
  ];
}

function parityText(parity: IndicatorCard['parity']): string {
  if (parity === 'none') return '';
  return parity === 0 ? ', equal to the last bit' : `, worst relative error ${errorText(parity)}`;
}

function lookbackOf({ lookback, lookbackSessions }: IndicatorCard): string {
  if (lookbackSessions === undefined) {
    return `${plural(lookback ?? 0, 'bar')}: the next one has the first value`;
  }
  return `${plural(lookbackSessions, 'session')}: the first value comes during the next one`;
}

/** Where it deliberately differs. */
function lossText(error: number): string {
  const worst = error === Number.POSITIVE_INFINITY ? 'no number' : `off by ${errorText(error)}`;
  return `After a price of 1e9 times has left the window TA-Lib is ${worst}; this is not.`;
}

/** With as many parameters as the label has. */
function callOf({ name, parameters }: IndicatorCard): string {
  const last = parameters.findLastIndex(({ value, usual, isQuiet }) => !isQuiet || value !== usual);
  const told = parameters.slice(0, last + 1).map(({ value }) => value);
  return told.length === 0 ? name : `${name}(${told.join(', ')})`;
}
