import { StoreError } from '../../ports/store-error.ts';
import type { MigrateOptions, SchemaChange, TableDeclaration } from '../../ports/time-series.ts';
import { type Step, stepsTo } from './migration.ts';
import type { Questions } from './question.ts';
import { shapeOf } from './table-shape.ts';
import { applied } from './wal.ts';

/** Tables as they were declared, and the server's as they are. */
export class Schema {
  readonly #questions: Questions;
  readonly #applyMsMax: number;
  /** What was migrated in this life: a server that comes back with less is brought forward. */
  readonly #declared = new Map<string, TableDeclaration>();

  constructor(questions: Questions, applyMsMax: number) {
    this.#questions = questions;
    this.#applyMsMax = applyMsMax;
  }

  /** All tables are looked at before the first is changed. */
  async migrate(
    tables: readonly TableDeclaration[],
    { isDryRun = false }: MigrateOptions = {},
  ): Promise<SchemaChange[]> {
    const steps: Step[] = [];
    for (const table of tables) steps.push(...(await this.#stepsTo(table)));
    if (!isDryRun) {
      await this.#run(steps);
      for (const table of tables) this.#declared.set(table.name, table);
    }
    return steps.map(({ table, what }) => ({ table, what }));
  }

  /**
   * The table can take rows of this declaration. The line protocol would make what is missing by
   * itself, in its own design and without the keys: so this is asked on every new connection.
   * Answers false where something that was migrated before was missing, and was made again.
   */
  async require(table: TableDeclaration): Promise<boolean> {
    const declared = this.#declared.get(table.name);
    const again = declared === undefined ? [] : await this.#stepsTo(declared);
    await this.#run(again);
    if (declared === table) return again.length === 0;
    const first = (await this.#stepsTo(table)).find(isNeeded);
    if (first === undefined) return again.length === 0;
    throw new StoreError('STORE_SCHEMA', `table ${first.table} wants: ${first.what}; migrate`);
  }

  async #stepsTo(table: TableDeclaration): Promise<readonly Step[]> {
    if ((await shapeOf(this.#questions, table.name)) === undefined) return stepsTo(table);
    // It may not have done yet what somebody told it before.
    await applied(this.#questions, table.name, this.#applyMsMax);
    return stepsTo(table, await shapeOf(this.#questions, table.name));
  }

  async #run(steps: readonly Step[]): Promise<void> {
    for (const { sql } of steps) await this.#questions.run(sql);
    for (const name of new Set(steps.map(({ table }) => table))) {
      await applied(this.#questions, name, this.#applyMsMax);
    }
  }
}

/** A build of before may know another span of time to keep: it writes all the same. */
function isNeeded({ what }: Step): boolean {
  return !what.startsWith('keep rows');
}
