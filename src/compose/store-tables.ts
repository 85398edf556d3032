import type { TableDeclaration, TimeSeriesStore } from '../ports/time-series.ts';
import { LakeError } from '../store/lake/lake-error.ts';
import type { Lake } from '../store/lake/lake.ts';
import { declarationOf } from '../store/lake/manifest.ts';
import { layoutTable } from '../store/tables/rows.ts';
import { TABLES } from '../store/tables/tables.ts';

const LAYOUT_TABLE = /^(indicators|features)_([0-9a-f]+)$/;

/**
 * The tables that a store has, declared: those of this build, and those of any layout, which say by
 * themselves what they are. Others belong to somebody else and are left alone.
 */
export async function tablesOf(store: TimeSeriesStore): Promise<readonly TableDeclaration[]> {
  const found: TableDeclaration[] = [];
  for (const { name } of (await store.status()).tables) {
    const table = TABLES.find((one) => one.name === name) ?? (await layoutOf(store, name));
    if (table !== undefined) found.push(table);
  }
  return found;
}

/** The same of a lake: this build's declaration where it has one. */
export async function tablesOfLake(lake: Lake): Promise<readonly TableDeclaration[]> {
  const found: TableDeclaration[] = [];
  for (const name of await lake.tables()) {
    const known = TABLES.find((one) => one.name === name);
    const table = known ?? declarationOf(await lake.partitions(name));
    if (table !== undefined) found.push(table);
  }
  return found;
}

/** Those that were asked for; all where none was. Rejects where one of them is not there. */
export function chosen(
  tables: readonly TableDeclaration[],
  names: readonly string[],
  where: string,
): readonly TableDeclaration[] {
  const strange = names.find((name) => tables.every((table) => table.name !== name));
  if (strange !== undefined) {
    const there = tables.map(({ name }) => name).join(', ');
    const message = `there is no table ${strange} in ${where}`;
    throw new LakeError('LAKE_MISSING', there === '' ? message : `${message}, only ${there}`);
  }
  return names.length === 0 ? tables : tables.filter(({ name }) => names.includes(name));
}

async function layoutOf(store: TimeSeriesStore, name: string) {
  const [, kind, hash = ''] = LAYOUT_TABLE.exec(name) ?? [];
  if (kind !== 'indicators' && kind !== 'features') return undefined;
  const own = new Set(layoutTable(kind, hash, []).columns.map((column) => column.name));
  for await (const { names } of store.sql(`SELECT * FROM ${name} LIMIT 0`)) {
    return layoutTable(
      kind,
      hash,
      names.filter((column) => !own.has(column)),
    );
  }
  return undefined;
}
