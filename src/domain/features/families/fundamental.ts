import type { FeatureDeclaration, FeatureUnits } from '../feature.ts';

/**
 * Ratios of what a company filed. Numbers for each share are as they were filed: where prices are
 * adjusted for a split that came later, they must be as well.
 */
export const FUNDAMENTAL: readonly FeatureDeclaration[] = [
  over('earningsYield', 'Earnings as a share of the price.', 'earningsPerShare', 'bar.close'),
  {
    ...over('priceToEarnings', 'Price over earnings; none for a loss.', '', 'earningsPerShare'),
    inputs: ['bar.close', 'fundamental.earningsPerShare'],
  },
  {
    ...over('priceToBook', 'Price over equity; none where debts exceed.', '', 'bookValuePerShare'),
    inputs: ['bar.close', 'fundamental.bookValuePerShare'],
  },
  feature(
    'priceToSales',
    'What the market pays for a dollar of sales.',
    'ratio',
    ['bar.close', 'fundamental.sharesOutstanding', 'fundamental.revenue'],
    (x) => ratio((x[0] ?? NaN) * (x[1] ?? NaN), x[2]),
  ),
  feature(
    'freeCashFlowYield',
    'Free cash flow as a share of what the company costs.',
    'ratio',
    ['fundamental.freeCashFlow', 'bar.close', 'fundamental.sharesOutstanding'],
    (x) => ratio(x[0], (x[1] ?? NaN) * (x[2] ?? NaN)),
  ),
  over('dividendYield', 'Dividends as a share of the price.', 'dividendPerShare', 'bar.close'),
  over('grossMargin', 'What sales leave after their cost.', 'grossProfit', 'revenue'),
  over('operatingMargin', 'What sales leave after all running cost.', 'operatingIncome', 'revenue'),
  over('netMargin', 'What sales leave in the end.', 'netIncome', 'revenue'),
  over('returnOnEquity', 'Income as a share of equity.', 'netIncome', 'totalEquity'),
  over('debtToEquity', 'Debt against equity.', 'totalDebt', 'totalEquity'),
  ...(
    [
      ['revenue', 'sales'],
      ['earningsPerShare', 'earnings for each share'],
      ['netIncome', 'income'],
      ['freeCashFlow', 'free cash flow'],
      ['sharesOutstanding', 'the number of shares'],
    ] as const
  ).map(([field, words]) =>
    feature(
      `${field}Growth`,
      `Growth of ${words} over a year.`,
      'ratio',
      [`fundamental.${field}Growth`],
      (x) => x[0] ?? NaN,
    ),
  ),
  feature(
    'filingAgeDays',
    'Days since anything was filed.',
    'days',
    ['fundamental.ageDays'],
    (x) => x[0] ?? NaN,
  ),
];

function over(name: string, tells: string, above: string, below: string): FeatureDeclaration {
  const column = (field: string) => (field.includes('.') ? field : `fundamental.${field}`);
  return feature(name, tells, 'ratio', [column(above), column(below)], (x) => ratio(x[0], x[1]));
}

/** NaN unless what is below is above nothing: the sign would be the wrong way round. */
function ratio(above = NaN, below = NaN): number {
  return below > 0 ? above / below : NaN;
}

function feature(
  name: string,
  tells: string,
  units: FeatureUnits,
  inputs: readonly string[],
  formula: (x: Float64Array) => number,
): FeatureDeclaration {
  const rest = { layer: 3, version: 1, isCritical: false, imputed: 'mean' } as const;
  return { name, family: 'fundamental', tells, units, inputs, formula, ...rest };
}
