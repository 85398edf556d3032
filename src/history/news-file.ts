import { parseTime } from '../core/time.ts';
import type { SymbolFact } from '../domain/features/facts.ts';
import type { FaultList } from '../domain/market/data-fault.ts';
import { readCsv } from './csv-table.ts';
import { FieldReader } from './fields.ts';
import { bySymbol, type SymbolFacts } from './symbol-facts.ts';

/**
 * Headlines: `symbol,time,headline`, with `sentiment` (-1 to 1) where the provider scores them.
 * The time must be a moment: of a headline that has only a date nobody knows when it was read.
 */
export function newsFacts(
  text: string,
  file: string,
  faults: FaultList,
): SymbolFacts<Extract<SymbolFact, { readonly kind: 'news' }>> {
  const read = new FieldReader(file, faults);
  const columns = [
    { names: ['symbol', 'ticker'] },
    { names: ['time', 'published'] },
    { names: ['headline', 'title'] },
    { names: ['sentiment'], isOptional: true },
  ] as const;
  return bySymbol(readCsv(text, file, columns, faults), read, (fields) => {
    const [, timeText = '', headline = '', sentimentText = ''] = fields;
    const nowUs = parseTime(timeText);
    if (nowUs === undefined) {
      return read.fault('time', 'a time such as 2013-10-07T13:30:00Z', timeText);
    }
    if (headline === '') return read.fault('headline', 'words', headline);
    const sentiment = sentimentText === '' ? NaN : read.number('sentiment', sentimentText);
    if (sentiment === undefined) return undefined;
    if (sentiment < -1 || sentiment > 1) return read.fault('sentiment', '-1 to 1', sentimentText);
    return { kind: 'news', headline, sentiment, nowUs };
  });
}
