import type { SymbolFact } from '../domain/features/facts.ts';
import type { FaultList } from '../domain/market/data-fault.ts';
import { readCsv } from './csv-table.ts';
import { FieldReader, startOfDayUs } from './fields.ts';
import type { SymbolFacts } from './symbol-facts.ts';
import { bySymbol } from './symbol-facts.ts';

/**
 * How long before a report its date is taken to be known where the file does not say: companies
 * give notice of a few weeks. A shorter notice costs a warning; a longer one would tell the past
 * what nobody knew.
 */
const NOTICE_DAYS = 14;

/**
 * Dates of reports: `symbol,date`, with `known` where the file tells since when (a date or a time).
 * In the order in which they were learned.
 */
export function earningsFacts(
  text: string,
  file: string,
  faults: FaultList,
  noticeDays = NOTICE_DAYS,
): SymbolFacts<Extract<SymbolFact, { readonly kind: 'earnings' }>> {
  const read = new FieldReader(file, faults);
  const columns = [
    { names: ['symbol', 'ticker'] },
    { names: ['date', 'earnings_date'] },
    { names: ['known'], isOptional: true },
  ] as const;
  return bySymbol(readCsv(text, file, columns, faults), read, ([, dateText, knownText]) => {
    const day = read.day('date', dateText ?? '');
    if (day === undefined) return undefined;
    const isTold = knownText !== undefined && knownText !== '';
    const nowUs = isTold ? read.momentUs('known', knownText) : startOfDayUs(day - noticeDays);
    return nowUs === undefined ? undefined : { kind: 'earnings', day, nowUs };
  });
}
