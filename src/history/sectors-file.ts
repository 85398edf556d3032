import { SECTORS } from '../domain/features/source.ts';
import type { FaultList } from '../domain/market/data-fault.ts';
import { readCsv } from './csv-table.ts';
import { FieldReader } from './fields.ts';
import { isSymbolAt } from './symbol-facts.ts';

/** The sector of each symbol: `symbol,sector`, by the names that GICS has for the eleven. */
export function sectorsOf(
  text: string,
  file: string,
  faults: FaultList,
): ReadonlyMap<string, string> {
  const read = new FieldReader(file, faults);
  const columns = [{ names: ['symbol', 'ticker'] }, { names: ['sector', 'GICS Sector'] }] as const;
  const sectors = new Map<string, string>();
  for (const { line, fields } of readCsv(text, file, columns, faults)) {
    const [symbol = '', sector = ''] = fields;
    if (!isSymbolAt(read.at(line), symbol)) continue;
    if (SECTORS.some(({ name }) => name === sector)) sectors.set(symbol, sector);
    else read.fault('sector', 'a GICS sector', sector);
  }
  return sectors;
}
