import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../../src/cli/expression-text.ts';
import {
  addCustomFeatures,
  type CustomExpression,
  isRegistry,
} from '../../../../src/domain/features/custom-features.ts';
import { describeExpressionFault } from '../../../../src/domain/features/expression.ts';
import {
  createFeatureSet,
  type FeatureSet,
  isFeatureSet,
} from '../../../../src/domain/features/feature-set.ts';
import type { FeatureDeclaration } from '../../../../src/domain/features/feature.ts';
import type { FeatureRegistry } from '../../../../src/domain/features/registry.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { BarSource } from '../../../reference/bars.ts';

type Texts = Readonly<Record<string, string>>;

function read(texts: Texts, isRule: boolean): readonly CustomExpression[] {
  return Object.entries(texts).map(([name, text]) => {
    const parsed = parseExpression(text);
    if (!parsed.isOk) throw new Error(describeExpressionFault(parsed.fault));
    return { name, isRule, text, root: parsed.root };
  });
}

function registryOf(derived: Texts, scanners: Texts = {}): FeatureRegistry {
  const written = [...read(derived, false), ...read(scanners, true)];
  const registry = addCustomFeatures(STANDARD_REGISTRY, written);
  if (!isRegistry(registry)) throw new Error(JSON.stringify(registry));
  return registry;
}

function faultsOf(derived: Texts, scanners: Texts = {}): readonly string[] {
  const written = [...read(derived, false), ...read(scanners, true)];
  const answer = addCustomFeatures(STANDARD_REGISTRY, written);
  if (isRegistry(answer)) throw new Error('a fault was expected');
  return answer.map(({ name, fault }) => `${name}: ${describeExpressionFault(fault)}`);
}

function declared(text: string): FeatureDeclaration {
  const found = registryOf({ own: text }).features.get('own');
  if (found === undefined) throw new Error('it was declared');
  return found;
}

/** Of named numbers; a name that is left out is not known. */
function valueOf(text: string, of: Readonly<Record<string, number>>): number {
  const { inputs, formula } = declared(text);
  return formula(Float64Array.from(inputs, (input) => of[input] ?? Number.NaN));
}

const ROW = { 'bar.close': 102, sma200: 100, rsi14: 25, relativeVolume20: 2.5, 'bar.volume': 0 };

describe('an expression', () => {
  it.each([
    ['rsi14 < 30 and relVolume > 2 and close > sma(200)', 1],
    ['rsi14 < 25 and relVolume > 2 and close > sma(200)', 0],
    ['close / sma(200) - 1', 102 / 100 - 1],
    ['close - sma(200) * 2', -98],
    ['-close + 2', -100],
    ['2 - 3 - rsi14', -26],
    ['abs(sma(200) - close) / 4', 0.5],
    ['min(close, rsi14, 3) + max(close, rsi14)', 105],
    ['sqrt(rsi14)', 5],
    ['log(exp(relVolume))', 2.5],
    ['rsi14 < 30 ? close : sma(200)', 102],
    ['rsi14 > 30 ? close : sma(200)', 100],
    ['20 <= rsi14 < 25', 0],
    ['20 <= rsi14 <= 25', 1],
    ['rsi14 == 25 or relVolume != 2.5', 1],
    ['not (rsi14 == 25) or not (relVolume != 2.5)', 1],
    ['rsi14 > 30 or rsi14 < 26 and close > 200', 0],
  ])('%s is %f', (text, expected) => {
    expect(valueOf(text, ROW)).toBe(expected);
  });

  it.each([
    ['close + 1', {}],
    ['close / volume', ROW],
    ['0 * close', {}],
    ['log(volume)', ROW],
    ['sqrt(volume - 1)', ROW],
    ['exp(close * 10)', ROW],
    ['max(close, 1)', {}],
    ['close > 1', {}],
    ['close == close', {}],
    ['close != 1', {}],
    ['not (close > 1)', {}],
    ['close > 1 ? 2 : 3', {}],
    ['close > 1 and rsi14 < 30', { rsi14: 25 }],
    ['close > 1 or rsi14 > 30', { rsi14: 25 }],
    ['close / volume > 1', ROW],
  ])('%s is not known where what it needs is not', (text, of) => {
    expect(valueOf(text, of)).toBeNaN();
  });

  it.each([
    ['close > 1 and rsi14 > 30', 0],
    ['close > 1 or rsi14 < 30', 1],
    ['not (close > 1 and rsi14 > 30)', 1],
    ['rsi14 < 30 ? rsi14 : close', 25],
  ])('%s is %f although the close is not known', (text, expected) => {
    expect(valueOf(text, { rsi14: 25 })).toBe(expected);
  });

  it.each([
    ['relVol > 2', 'no feature, column or indicator is called relVol; did you mean relVolume?'],
    ['rsy14 > 2', 'no feature, column or indicator is called rsy14; did you mean rsi14?'],
    ['bar.clos > 2', 'no feature, column or indicator is called bar.clos; did you mean bar.close?'],
    ['return6 > 2', 'no feature, column or indicator is called return6; did you mean return1?'],
    ['macd.sinal > 2', 'macd.sinal: its outputs are macd, signal, histogram; did you mean signal?'],
    ['rsi(1) > 2', 'rsi: period is a whole number from 2 to 10000, not 1'],
    [
      'rsi14[7m] > 2',
      'timeframes are 1s, 10s, 1m, 5m, 1h, 1d and others that divide a day or a session',
    ],
    ['quote.bid[5m] > 2', 'quote.bid is of no bars and so of no timeframe'],
    ['constructor > 2', 'no feature, column or indicator is called constructor'],
    ['__proto__ > 2', 'no feature, column or indicator is called __proto__'],
    ['bar.constructor > 2', 'no feature, column or indicator is called bar.constructor'],
    ['import(fs) > 2', 'no feature, column or indicator is called import(fs)'],
    ['createUnit(5) > 2', 'no feature, column or indicator is called createUnit(5)'],
    ['1 + 2', 'it reads nothing of a symbol: a name is expected'],
  ])('%s names what there is not, and what was probably meant', (text, expected) => {
    expect(faultsOf({ own: text })).toEqual([`own: column 1: ${expected}`]);
  });

  it.each([
    ['2 + (rsi14 > 3)', 'column 6: a number is expected here, not a condition'],
    [
      'rsi14 > 3 and close',
      'column 15: a condition is expected here, such as rsi14 < 30, not a number',
    ],
    ['close ? 1 : 2', 'column 1: a condition is expected here, such as rsi14 < 30, not a number'],
    ['rsi14 > 3 ? close : rsi14 < 2', 'column 21: a number is expected here, not a condition'],
    [
      'not rsi14 > 3',
      'column 5: not denies a condition and binds closer than a comparison: not (rsi14 < 30)',
    ],
  ])('%s takes no condition for a number, nor the other way round', (text, expected) => {
    expect(faultsOf({ own: text })).toEqual([`own: ${expected}`]);
  });
});

describe('a flag', () => {
  it.each([
    ['not isBeforeEarnings and rsi14 < 30', { isBeforeEarnings: 0, rsi14: 25 }, 1],
    ['not isBeforeEarnings and rsi14 < 30', { isBeforeEarnings: 1, rsi14: 25 }, 0],
    ['not isBeforeEarnings and rsi14 < 30', { rsi14: 25 }, NaN],
    ['calendar.isMonthEnd or layer3Qualified', { 'calendar.isMonthEnd': 1 }, 1],
    ['trendMode ? close : open', { trendMode: 0, 'bar.open': 7 }, 7],
  ])('%s of %o is %f: whoever tells it, it is a condition', (text, of, expected) => {
    expect(valueOf(text, of)).toBe(expected);
  });

  it.each(['isMonthEnd + 1', 'macro.industryIsStandIn < 1', 'trendMode[5m] == 1'])(
    '%s does not take it for a number',
    (text) => {
      expect(faultsOf({ own: text })).toEqual([
        'own: column 1: a number is expected here, not a condition',
      ]);
    },
  );
});

describe('a custom feature', () => {
  it('is declared with what it reads, once, by one spelling', () => {
    const { inputs, family, units, layer } = declared(
      'rsi(14) + rsi14 + rsi14[5m] + bollinger(20, 2).upper + bollinger.upper + bar.close + close',
    );

    expect(inputs).toEqual(['rsi14', 'rsi14:5m', 'bollinger20-2.upper', 'bar.close']);
    expect([family, units, layer]).toEqual(['custom', 'number', 2]);
    expect(declared('close > open')).toMatchObject({ units: 'flag', layer: 0, isCritical: false });
    expect(declared('volumeSurge5 - 1').layer).toBe(1);
    expect(declared('quote.bid > 3').layer).toBe(
      STANDARD_REGISTRY.features.get('spreadBps')?.layer,
    );
  });

  it('reads the others in any order, and a rule may be a condition of a rule', () => {
    const { features } = registryOf(
      { stretch: '(close - base) / atr14', base: 'sma(200)' },
      { both: 'isDip and stretch > 1', isDip: 'rsi14 < 30' },
    );

    expect(features.get('stretch')?.inputs).toEqual(['bar.close', 'base', 'atr14']);
    expect(features.get('both')).toMatchObject({ inputs: ['isDip', 'stretch'], units: 'flag' });
  });

  it('refuses a circle, a name that is taken, and a rule that is a number', () => {
    expect(faultsOf({ a: 'b + 1', b: '2 * c', c: 'a - 1' })).toEqual([
      'c: column 1: it needs itself: a -> b -> c -> a',
    ]);
    expect(faultsOf({ a: 'close + a' })).toEqual(['a: column 9: it needs itself: a -> a']);
    expect(
      faultsOf({ min: 'open', rsi14: 'open', close: 'open', return5: 'open', bar: 'open' }),
    ).toEqual([
      'min: column 1: min is the name of a function',
      'rsi14: column 1: rsi14 is the name of an indicator',
      'close: column 1: close is the name of a column',
      'return5: column 1: there is a feature called return5 already',
      'bar: column 1: bar is the name of a column',
    ]);
    expect(faultsOf({}, { rule: 'rsi14' })).toEqual([
      'rule: column 1: a rule is a condition, such as rsi14 < 30, not a number',
    ]);
  });

  it('tells a fault once, however many read what is at fault', () => {
    expect(faultsOf({ a: 'b + c', b: 'c * 2', c: 'nothingLikeThis', d: 'rsy14' })).toHaveLength(2);
  });

  it('suggests a sister', () => {
    expect(faultsOf({ stretch: 'close - open', other: 'strech * 2' })).toEqual([
      'other: column 1: no feature, column or indicator is called strech; did you mean stretch?',
    ]);
  });
});

describe('a layout with custom features', () => {
  const setOf = (derived: Texts, scanners: Texts, names: readonly string[]): FeatureSet => {
    const set = createFeatureSet(registryOf(derived, scanners), { feed: 'iex', names }, 1);
    if (!isFeatureSet(set)) throw new Error(set.reason);
    return set;
  };

  it('has another hash where their text, or the text of what they read, is another', () => {
    const hash = (base: string, own: string) =>
      setOf({ base, own }, {}, ['return1', 'own']).layoutHash;

    expect(hash('close - open', 'base * 2')).toBe(hash('close  -  open', ' base * 2 '));
    expect(hash('close - open', 'base * 2')).not.toBe(hash('close - open', 'base * 3'));
    expect(hash('close - open', 'base * 2')).not.toBe(hash('open - close', 'base * 2'));
  });

  it('has a rule as 1 or 0, and as 0 with a flag where it is not known', () => {
    const set = setOf(
      { move: 'close - open', slowMove: 'move[5m]' },
      { isUp: 'move >= 0', isDown: 'not isUp', isRipe: 'close > sma(50)' },
      ['move', 'slowMove', 'isUp', 'isDown', 'isRipe', 'bar.open', 'bar.close', 'sma50'],
    );
    const state = new Float64Array(set.symbolWidth);
    const market = new Float64Array(set.marketWidth);
    set.resetSymbol(state, 0);
    set.resetMarket(market);
    const raw = new Float64Array(set.rawWidth);
    const out = new Float64Array(set.width);
    const flags = new Uint8Array(set.width);
    let bars = 0;
    for (const bar of new BarSource(3, 100).take(80)) {
      bars += 1;
      set.bar(state, 0, '1m', bar);
      set.readSymbol(state, 0, 0, raw, 0);
      set.compute(raw, 0, market, { symbol: 0, sector: -1, benchmark: -1 }, 0, out, flags, 0);
      const [move, , isUp, isDown, isRipe, open = 0, close = 0, sma50 = 0] = out;

      expect(move).toBe(close - open);
      expect([isUp, isDown]).toEqual(close >= open ? [1, 0] : [0, 1]);
      expect([out[1], flags[1]]).toEqual([0, 1]); // No bar of five minutes was heard.
      expect(flags[4]).toBe(bars < 50 ? 1 : 0);
      expect(isRipe).toBe(bars >= 50 && close > sma50 ? 1 : 0);
    }
    expect(set.timeframes).toEqual(['1m', '5m']);
  });
});
