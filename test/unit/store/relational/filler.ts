import { StoreError } from '../../../../src/ports/store-error.ts';
import { openEmbedded } from '../../../../src/store/relational/pglite-database.ts';

/** A process of its own with little room: writes until there is none, and tells how it went. */
const directory = process.argv[2];
const database = await openEmbedded({ directory, schema: 's', statementMsMax: 60_000 });
// Rows that nobody can compress, some 700 kB of them in a statement.
const insert = `insert into kept
  select string_agg(md5(random()::text), '') from generate_series(1, 24000) at group by at % 100`;
let acknowledged = 0;
let code = 'none';
while (code === 'none' && acknowledged < 10_000) {
  code = await codeOf(database.query(insert));
  if (code === 'none') acknowledged += 100;
}
const next = await codeOf(database.query('select 1'));
await database.close().catch(() => undefined);
process.stdout.write(JSON.stringify({ code, next, acknowledged }));

async function codeOf(question: Promise<unknown>): Promise<string> {
  try {
    await question;
    return 'none';
  } catch (error) {
    return error instanceof StoreError ? error.code : String(error);
  }
}
