import type { Decided, RegistryRefusal } from '../../ports/relational/decided.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { Database, Statements } from './database.ts';
import { violatedBy } from './sql-fault.ts';

/** What a rule of the database means to whoever asked, by the name of its constraint. */
export type Rules = Readonly<
  Record<string, { readonly code: RegistryRefusal; readonly reason: string }>
>;

/** One transaction that keeps nothing where the answer is a refusal: ours, or a rule's. */
export async function decide<T>(
  database: Database,
  rules: Rules,
  work: (sql: Statements) => Promise<Decided<T>>,
): Promise<Decided<T>> {
  let refusal: Decided<T> | undefined;
  try {
    return await database.transact(async (sql) => {
      refusal = undefined;
      const decided = await work(sql);
      if (decided.kind === 'done') return decided;
      refusal = decided;
      throw new StoreError('STORE_REFUSED', decided.reason);
    });
  } catch (error) {
    if (refusal !== undefined) return refusal;
    const rule = rules[violatedBy(error) ?? ''];
    if (rule === undefined) throw error;
    return refused(rule.code, rule.reason);
  }
}

export function done<T>(value: T): Decided<T> {
  return { kind: 'done', value };
}

export function refused<T>(code: RegistryRefusal, reason: string): Decided<T> {
  return { kind: 'refused', code, reason };
}
