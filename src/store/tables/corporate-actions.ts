import type { TableDeclaration } from '../../ports/time-series.ts';
import { SYMBOL } from './columns.ts';

/**
 * Splits and dividends, each as it was known at a time: what was told anew is another row, so that
 * a question about the past is answered by what was known then.
 */
export const corporateActions: TableDeclaration = {
  name: 'corporate_actions',
  tells: 'A split or a dividend, as it was known from a moment on.',
  version: 1,
  columns: [
    { name: 'ex_us', kind: 'time', tells: 'beginning of the first day without it' },
    SYMBOL,
    { name: 'kind', kind: 'symbol', tells: 'split or dividend' },
    {
      name: 'amount',
      kind: 'double',
      tells: 'new shares for an old one, or dollars a share; 0: there is none after all',
    },
    { name: 'close_before', kind: 'double', tells: 'dollars before ex_us; NaN: not told' },
    { name: 'known_us', kind: 'time', tells: 'when we knew it as it is here' },
    { name: 'source', kind: 'symbol', tells: 'who told it' },
  ],
  time: 'ex_us',
  partition: 'year',
  keys: ['symbol', 'kind', 'known_us'],
};
