import { StoreError } from '../../ports/store-error.ts';
import type { Database } from './database.ts';

type Lazy = Pick<Database, 'kind' | 'schema' | 'place'> & {
  open(): Promise<Database>;
};

/**
 * Opened when first asked, and again by the next question after it would not open or broke down.
 * Who asks while it opens waits for the one opening.
 */
export function lazyDatabase({ kind, schema, place, open }: Lazy): Database {
  let opening: Promise<Database> | undefined;
  let closing: Promise<void> | undefined;

  const reopen = async (broken: Database): Promise<Database> => {
    await broken.close();
    return await open();
  };
  const opened = async (): Promise<Database> => {
    if (closing !== undefined) throw new StoreError('STORE_AWAY', `${place} is closed`);
    const mine = (opening ??= open());
    try {
      const database = await mine;
      if (!database.isBroken) return database;
      if (opening === mine) opening = reopen(database);
    } catch (error) {
      if (opening === mine) opening = undefined;
      throw error;
    }
    return await opened();
  };
  const close = async (): Promise<void> => {
    const database = await opening?.catch(() => undefined);
    await database?.close();
  };
  return {
    kind,
    schema,
    place,
    isBroken: false,
    query: async (text, values) => await (await opened()).query(text, values),
    transact: async (work) => await (await opened()).transact(work),
    close: () => (closing ??= close()),
  };
}
