import type { SymbolFact } from '../domain/features/facts.ts';
import type { CsvRow } from './csv-table.ts';
import type { FieldReader } from './fields.ts';

/** Facts of each symbol, in the order in which they were learned. */
export type SymbolFacts<Fact extends SymbolFact = SymbolFact> = ReadonlyMap<
  string,
  readonly Fact[]
>;

/** Rows whose first field is a symbol, each made a fact or left out. */
export function bySymbol<Fact extends SymbolFact>(
  rows: readonly CsvRow[],
  read: FieldReader,
  make: (fields: readonly string[]) => Fact | undefined,
): SymbolFacts<Fact> {
  const facts = new Map<string, Fact[]>();
  for (const { line, fields } of rows) {
    const symbol = fields[0] ?? '';
    if (!isSymbolAt(read.at(line), symbol)) continue;
    const fact = make(fields);
    if (fact === undefined) continue;
    const known = facts.get(symbol);
    if (known === undefined) facts.set(symbol, [fact]);
    else known.push(fact);
  }
  for (const list of facts.values()) list.sort((left, right) => left.nowUs - right.nowUs);
  return facts;
}

/** Whether the row that is read has a symbol: a fault where it has not. */
export function isSymbolAt(read: FieldReader, symbol: string): boolean {
  if (/^[A-Z][A-Z0-9.\-/]{0,15}$/.test(symbol)) return true;
  read.fault('symbol', 'a symbol such as BRK.B', symbol);
  return false;
}
