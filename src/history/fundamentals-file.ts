import { nearestWord } from '../core/nearest-word.ts';
import type { SymbolFact } from '../domain/features/facts.ts';
import { FUNDAMENTAL_FIELDS } from '../domain/features/sources/fundamental-source.ts';
import type { FaultList } from '../domain/market/data-fault.ts';
import { readCsv } from './csv-table.ts';
import { FieldReader } from './fields.ts';
import { bySymbol, type SymbolFacts } from './symbol-facts.ts';

/**
 * What companies filed: `symbol,field,value,filedDate`. Filings are accepted until late at night,
 * so one that has only a date is known when that day is over.
 */
export function fundamentalFacts(
  text: string,
  file: string,
  faults: FaultList,
): SymbolFacts<Extract<SymbolFact, { readonly kind: 'fundamental' }>> {
  const read = new FieldReader(file, faults);
  const columns = [
    { names: ['symbol', 'ticker'] },
    { names: ['field'] },
    { names: ['value'] },
    { names: ['filedDate', 'filed'] },
  ] as const;
  return bySymbol(readCsv(text, file, columns, faults), read, (fields) => {
    const [, field = '', valueText = '', filedText = ''] = fields;
    if (!FUNDAMENTAL_FIELDS.includes(field)) {
      const word = nearestWord(field, FUNDAMENTAL_FIELDS);
      const hint = word === undefined ? `one of ${FUNDAMENTAL_FIELDS.join(' ')}` : word;
      return read.fault('field', hint, field);
    }
    const value = read.number('value', valueText);
    if (value === undefined) return undefined;
    const nowUs = read.momentUs('filedDate', filedText);
    return nowUs === undefined ? undefined : { kind: 'fundamental', field, value, nowUs };
  });
}
