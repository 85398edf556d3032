import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  configure,
  type IndicatorDeclaration,
  parameterFault,
} from '../../../../src/domain/indicators/declaration.ts';
import { BAR_COLUMNS } from '../../../../src/domain/indicators/indicator.ts';
import {
  describeIndicatorFault,
  type IndicatorFault,
  parseIndicator,
} from '../../../../src/domain/indicators/parse-indicator.ts';
import { INDICATORS } from '../../../../src/domain/indicators/registry.ts';

describe('parseIndicator', () => {
  it.each([
    ['rsi14', 'rsi14'],
    ['rsi(14)', 'rsi14'],
    ['rsi', 'rsi14'],
    ['rsi()', 'rsi14'],
    [' rsi ( 21 ) ', 'rsi21'],
    ['macd12-26-9', 'macd12-26-9'],
    ['macd(12, 26, 9)', 'macd12-26-9'],
    ['macd(5)', 'macd5-26-9'],
    ['bollinger(20, 2.5)', 'bollinger20-2.5'],
    ['vwap', 'vwap'],
    ['sma(20, volume)', 'sma20@volume'],
    ['sma(volume, 20)', 'sma20@volume'],
    ['sma20@volume', 'sma20@volume'],
    ['sma@volume', `${configure(indicatorOf('sma')).label}@volume`],
    ['sma(20)@high', 'sma20@high'],
    ['sma20@close', 'sma20'],
    ['atr(14, high, low, close)', 'atr14'],
  ])('reads %s as %s', (text, label) => {
    const parsed = parseIndicator(text);
    expect(parsed.isOk ? parsed.indicator.label : describeIndicatorFault(parsed.fault)).toBe(label);
  });

  it.each<[string, Partial<IndicatorFault>, string]>([
    [
      'rsi(1)',
      { indicator: 'rsi', field: 'period', value: '1' },
      'rsi: period is a whole number from 2 to 10000, not 1',
    ],
    ['rsi14.5', { field: 'period', value: '14.5' }, 'not 14.5'],
    ['macd(30, 20)', { indicator: 'macd', field: 'fast', value: '30' }, 'fast below slow'],
    ['hurst(15)', { field: 'lagMost', value: '20' }, 'lagMost below period by 2 or more, not 20'],
    ['mavp(40)', { field: 'minPeriod', value: '40' }, 'minPeriod at or below maxPeriod, not 40'],
    ['mavp(2, 300, 1)', { field: 'maxPeriod', value: '300' }, 'maxPeriod less than 128 above'],
    ['rsi(14, 3)', { field: 'parameters', value: '2' }, 'at most 1 parameters'],
    ['rsl14', { field: 'indicator', value: 'rsl', nearest: 'rsi' }, 'did you mean rsi?'],
    ['RSI', { value: 'RSI', nearest: 'rsi' }, 'no indicator is called RSI; did you mean rsi?'],
    ['bbands(20)', { value: 'bbands', nearest: 'bollinger' }, 'did you mean bollinger?'],
    ['sma(20, volumne)', { field: 'series', value: 'volumne', nearest: 'volume' }, 'mean volume?'],
    ['sma(x)', { field: 'period', value: 'x' }, 'a number or a series (open,high'],
    ['atr(x)', { field: 'period', value: 'x' }, 'atr: period is a number, not x'],
    ['sma(20,)', { field: 'parameters', value: '' }, 'not empty'],
    ['atr14@high', { field: 'series', value: 'high' }, 'series are high+low+close and no others'],
    ['sma20@high+low', { field: 'series', value: 'high+low' }, 'series are 1 of open,'],
    ['rsi(14', { field: 'text', value: 'rsi(14' }, 'an indicator is written'],
    ['', { field: 'text', value: '' }, 'not empty'],
    ['(14)', { field: 'text' }, 'an indicator is written'],
    ['constructor', { field: 'indicator' }, 'no indicator is called constructor'],
  ])('tells what is wrong with "%s"', (text, expected, told) => {
    const parsed = parseIndicator(text);
    expect(parsed).toMatchObject({ isOk: false, fault: expected });
    if (!parsed.isOk) expect(describeIndicatorFault(parsed.fault)).toContain(told);
  });

  it('answers any text, however long, with an indicator or a fault', () => {
    const pieces = fc.constantFrom('rsi', 'sma', 't3', '(', ')', '-', '1', '.', 'e', '@', '+', ',');
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseIndicator(text);
        if (parsed.isOk)
          expect(parseIndicator(parsed.indicator.label)).toMatchObject({ isOk: true });
        else expect(parsed.fault.expected.length).toBeGreaterThan(0);
      }),
    );
    expect(parseIndicator('9'.repeat(1_000_000)).isOk).toBe(false);
    expect(parseIndicator(`rsi${'1-'.repeat(90)}1`).isOk).toBe(false);
  });

  it.each(INDICATORS)('gives back $name from its label, with any parameters', (declaration) => {
    expectBack(declaration, []);
    fc.assert(
      fc.property(fc.tuple(...declaration.parameters.map(valuesOf)), (parameters) => {
        fc.pre(parameterFault(declaration, parameters) === undefined);
        expectBack(declaration, parameters);
      }),
      { numRuns: 30, maxSkipsPerRun: 1_000 },
    );
  });

  it.each(INDICATORS.filter(({ takesAnySeries }) => takesAnySeries))(
    'gives back $name over any series',
    (declaration) => {
      BAR_COLUMNS.forEach((_, place) => {
        const places = declaration.inputs.map((__, at) => (place + at) % BAR_COLUMNS.length);
        expectBack(declaration, [], places);
      });
    },
  );

  it('reads the name of every indicator as that indicator', () => {
    for (const { name } of INDICATORS) {
      const parsed = parseIndicator(name);
      expect(parsed.isOk && parsed.indicator.name).toBe(name);
    }
  });
});

function expectBack(
  declaration: IndicatorDeclaration,
  parameters: readonly number[],
  places?: readonly number[],
): void {
  const wanted = configure(declaration, parameters, places);
  const call = `${wanted.name}(${[...wanted.parameters, ...columnsOf(wanted.places)].join(', ')})`;
  for (const text of [wanted.label, call]) {
    const parsed = parseIndicator(text);
    expect(parsed.isOk, text).toBe(true);
    if (!parsed.isOk) return;
    expect(parsed.indicator.declaration, text).toBe(declaration);
    expect(parsed.indicator.parameters, text).toEqual(wanted.parameters);
    expect(parsed.indicator.places, text).toEqual(wanted.places);
    expect(parsed.indicator.label).toBe(wanted.label);
  }
}

function columnsOf(places: readonly number[]): readonly string[] {
  return places.map((place) => BAR_COLUMNS[place] ?? '');
}

/** Small ones, so that configuring takes no time, and the ends of what is allowed. */
function valuesOf(parameter: IndicatorDeclaration['parameters'][number]): fc.Arbitrary<number> {
  const { least, most, usual, isWhole } = parameter;
  const max = Math.min(most, Math.max(60, usual, least));
  const any = isWhole
    ? fc.integer({ min: least, max })
    : fc.double({ min: least, max, noNaN: true, noDefaultInfinity: true }).map((one) => one + 0);
  return fc.oneof(any, fc.constant(usual), fc.constant(least));
}

function indicatorOf(name: string): IndicatorDeclaration {
  const found = INDICATORS.find((declaration) => declaration.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}
