import type { Statements } from './database.ts';

/**
 * What there is, in lines that can be compared: `column jobs.kind text not null`. Kept beside the
 * tables when they are made, so that what somebody altered by hand since is found and named.
 *
 * The server's major version is one of them: another one may word the same constraint otherwise.
 */
export async function readCatalog(sql: Pick<Statements, 'query'>): Promise<ReadonlySet<string>> {
  const rows = await sql.query(CATALOG);
  return new Set(rows.map(({ line }) => line ?? ''));
}

export async function keepCatalog(sql: Statements): Promise<void> {
  await sql.query('delete from schema_catalog');
  await sql.query(`insert into schema_catalog (line) ${CATALOG}`);
}

/** What is missing or other than it was kept; what was added is the user's own. */
export async function alteredSince(sql: Pick<Statements, 'query'>): Promise<readonly string[]> {
  const kept = (await sql.query('select line from schema_catalog order by line')).map(
    ({ line }) => line ?? '',
  );
  const there = await readCatalog(sql);
  const isSameServer = kept.some((line) => line.startsWith('server ') && there.has(line));
  const compared = isSameServer ? kept : kept.filter((line) => /^(?:column|function) /.test(line));
  return compared.filter((line) => !there.has(line)).map((line) => describe(line, there));
}

/** `column jobs.kind text not null`, and what is there in its place. */
function describe(line: string, there: ReadonlySet<string>): string {
  const [kind = '', name = ''] = line.split(' ');
  const now = [...there].find((other) => other.startsWith(`${kind} ${name} `));
  const found = now === undefined ? 'is gone' : `is now ${now.slice(kind.length + 1)}`;
  return `${line} ${found}`;
}

const CATALOG = `
with here as (select oid from pg_namespace where nspname = current_schema())
select 'server ' || (current_setting('server_version_num')::integer / 10000) as line
union all
select 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
  || case when attnotnull then ' not null' else '' end
from pg_attribute join pg_class on pg_class.oid = attrelid
where relnamespace in (select oid from here) and relkind in ('r', 'v') and attnum > 0
  and not attisdropped
union all
select 'index ' || relname || ' '
  || replace(pg_get_indexdef(pg_class.oid), quote_ident(current_schema()) || '.', '')
from pg_class where relnamespace in (select oid from here) and relkind = 'i'
union all
select 'constraint ' || conname || ' on ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
from pg_constraint
where connamespace in (select oid from here) and contype <> 'n' and conrelid <> 0
union all
select 'trigger ' || tgname || ' on ' || tgrelid::regclass || ' ' || tgenabled::text
from pg_trigger join pg_class on pg_class.oid = tgrelid
where relnamespace in (select oid from here) and not tgisinternal
union all
select 'function ' || proname || ' ' || md5(prosrc)
from pg_proc where pronamespace in (select oid from here)
`;
