import { openEmbedded } from '../../../../src/store/relational/pglite-database.ts';

/**
 * A process of its own for a test to kill: opens the directory, commits one row, begins another and
 * says so. It ends only when somebody ends it.
 */
const directory = process.argv[2];
const database = await openEmbedded({ directory, schema: 's', statementMsMax: 60_000 });
await database.transact((sql) => sql.query(`insert into kept values ('committed')`));
await database.transact(async (sql) => {
  await sql.query(`insert into kept values ('half')`);
  process.send?.('in the middle');
  await new Promise((resolve) => {
    setTimeout(resolve, 600_000);
  });
});
