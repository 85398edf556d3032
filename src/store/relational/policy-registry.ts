import type { Decided } from '../../ports/relational/decided.ts';
import type {
  PolicyChange,
  PolicyRegistry,
  PolicyVersion,
} from '../../ports/relational/policies.ts';
import type { Database, SqlRow, Statements } from './database.ts';
import { decide, done, refused, type Rules } from './decide.ts';
import { text, whole } from './row-values.ts';

export function policyRegistry(database: Database): PolicyRegistry {
  return {
    change: (change) => decide(database, RULES, async (sql) => await changePolicy(sql, change)),
    async current(names) {
      const rows = await database.query(
        `${SELECT} where is_current
           and ($1::json is null or name in (select json_array_elements_text($1::json)))
         order by name collate "C"`,
        [names === undefined ? undefined : JSON.stringify(names)],
      );
      return rows.map(versionOf);
    },
    async at(name, atUs) {
      const [row] = await database.query(
        `${SELECT} where name = $1 and from_us <= $2 order by version desc limit 1`,
        [name, atUs],
      );
      return row === undefined ? undefined : versionOf(row);
    },
    async history(name) {
      const rows = await database.query(`${SELECT} where name = $1 order by version`, [name]);
      return rows.map(versionOf);
    },
  };
}

/** Two changes at one moment: the database lets one through, and the other sees why not. */
const OUTRUN = { code: 'VERSION_OTHER', reason: 'another change came first' } as const;

const RULES: Rules = {
  policy_versions_pkey: OUTRUN,
  one_current_version_of_a_policy: OUTRUN,
  policy_versions_change_id_key: OUTRUN,
};

const SELECT = 'select * from policy_versions';

async function changePolicy(
  sql: Statements,
  change: PolicyChange,
): Promise<Decided<PolicyVersion>> {
  const { changeId, name, value, after, atUs, by, reason } = change;
  const [said] = await sql.query(`${SELECT} where change_id = $1`, [changeId]);
  if (said !== undefined) return sameOrRefused(versionOf(said), change);
  const [row] = await sql.query(`${SELECT} where name = $1 and is_current for update`, [name]);
  const current = row === undefined ? undefined : versionOf(row);
  if ((current?.version ?? 0) !== after) {
    const who = current === undefined ? 'it has none' : `${current.by} made ${current.version}`;
    return refused('VERSION_OTHER', `version ${after} of ${name} is not the current one: ${who}`);
  }
  await sql.query('update policy_versions set is_current = false where name = $1 and is_current', [
    name,
  ]);
  const [made] = await sql.query(
    `insert into policy_versions (name, version, change_id, value, changed_by, reason, from_us,
       is_current)
     values ($1, $2, $3, $4, $5, $6, $7, true) returning *`,
    [name, after + 1, changeId, value, by, reason, Math.max(atUs, current?.fromUs ?? atUs)],
  );
  return done(versionOf(made ?? {}));
}

function sameOrRefused(known: PolicyVersion, change: PolicyChange): Decided<PolicyVersion> {
  const isSame =
    known.name === change.name && known.value === change.value && known.by === change.by;
  if (isSame) return done(known);
  const what = `version ${known.version} of ${known.name}`;
  return refused('IDENTITY_REUSED', `change ${change.changeId} made ${what}, and is another`);
}

function versionOf(row: SqlRow): PolicyVersion {
  return {
    changeId: text(row, 'change_id'),
    name: text(row, 'name'),
    version: whole(row, 'version'),
    value: text(row, 'value'),
    by: text(row, 'changed_by'),
    reason: text(row, 'reason'),
    fromUs: whole(row, 'from_us'),
  };
}
