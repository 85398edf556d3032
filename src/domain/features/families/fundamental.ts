import type { FeatureDeclaration } from '../feature.ts';
import { featuresOf, ratio } from './parts.ts';

const feature = featuresOf({ family: 'fundamental', imputed: 'mean' });

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
  feature({
    name: 'priceToSales',
    tells: 'What the market pays for a dollar of sales.',
    units: 'ratio',
    inputs: ['bar.close', 'fundamental.sharesOutstanding', 'fundamental.revenue'],
    formula: (x) => ratio((x[0] ?? NaN) * (x[1] ?? NaN), x[2]),
  }),
  feature({
    name: 'freeCashFlowYield',
    tells: 'Free cash flow as a share of what the company costs.',
    units: 'ratio',
    inputs: ['fundamental.freeCashFlow', 'bar.close', 'fundamental.sharesOutstanding'],
    formula: (x) => ratio(x[0], (x[1] ?? NaN) * (x[2] ?? NaN)),
  }),
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
    feature({
      name: `${field}Growth`,
      tells: `Growth of ${words} over a year.`,
      units: 'ratio',
      inputs: [`fundamental.${field}Growth`],
    }),
  ),
  feature({
    name: 'filingAgeDays',
    tells: 'Days since anything was filed.',
    units: 'days',
    inputs: ['fundamental.ageDays'],
  }),
];

function over(name: string, tells: string, above: string, below: string): FeatureDeclaration {
  const column = (field: string) => (field.includes('.') ? field : `fundamental.${field}`);
  return feature({
    name,
    tells,
    units: 'ratio',
    inputs: [column(above), column(below)],
    formula: (x) => ratio(x[0], x[1]),
  });
}
