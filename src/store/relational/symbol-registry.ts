import type { Decided } from '../../ports/relational/decided.ts';
import type {
  Listing,
  Member,
  NameSpan,
  Rename,
  Stay,
  SymbolRegistry,
} from '../../ports/relational/symbols.ts';
import type { Database, SqlRow, Statements } from './database.ts';
import { decide, done, refused, type Rules } from './decide.ts';
import { maybe, oneOf, text, whole } from './row-values.ts';

export function symbolRegistry(database: Database): SymbolRegistry {
  return {
    introduce: (securities) =>
      decide(database, RULES, async (sql) => await introduce(sql, securities)),
    rename: (change) => decide(database, RULES, async (sql) => await rename(sql, change)),
    delist: (securityId, atUs) =>
      decide(database, RULES, async (sql) => await endName(sql, securityId, atUs)),
    async namesOf(securityId) {
      const rows = await database.query(`${NAMES} where security_id = $1 order by from_us`, [
        securityId,
      ]);
      return rows.map(nameSpan);
    },
    async called(name, atUs) {
      const [row] = await database.query(
        `select security_id from security_names where name = $1 and ${during('$2')}`,
        [name, atUs],
      );
      return row?.['security_id'];
    },
    async nameAt(name, knownUs, atUs) {
      const [row] = await database.query(
        `select was.name from security_names known
         join security_names was on was.security_id = known.security_id
         where known.name = $1 and ${during('$2', 'known.')} and ${during('$3', 'was.')}`,
        [name, knownUs, atUs],
      );
      return row?.['name'];
    },
    move: (moves) =>
      decide(database, {}, async (sql) => {
        const [row] = await sql.query('select place, code from move_members($1)', [
          JSON.stringify(moves),
        ]);
        if (row === undefined) return done(undefined);
        const place = whole(row, 'place');
        const move = moves[place];
        const what = `${move?.securityId} cannot ${move?.direction} ${move?.group}`;
        const code = oneOf(row, 'code', ['UNKNOWN_ID', 'STATUS_FORBIDS', 'TIME_BACKWARDS']);
        return refused(code, `move ${place}: ${what} at ${move?.atUs}`);
      }),
    async members(group, atUs) {
      const rows = await database.query(MEMBERS, [group, atUs]);
      return rows.map(member);
    },
    async stays(securityId) {
      const rows = await database.query(
        'select * from group_stays where security_id = $1 order by from_us, group_name',
        [securityId],
      );
      return rows.map(stay);
    },
  };
}

const RULES: Rules = {
  security_names_pkey: { code: 'IDENTITY_REUSED', reason: 'one security is listed in two ways' },
  one_bearer_at_a_time: { code: 'NAME_TAKEN', reason: 'another security has that name' },
  names_do_not_overlap: { code: 'NAME_TAKEN', reason: 'another security had that name then' },
  name_ends_after_it_began: { code: 'TIME_BACKWARDS', reason: 'it had its name later than that' },
};

const NAMES = 'select security_id, name, from_us, until_us from security_names';

const during = (at: string, of = ''): string =>
  `${of}from_us <= ${at} and (${of}until_us is null or ${of}until_us > ${at})`;

const MEMBERS = `
  select stay.security_id, coalesce(named.name, stay.security_id) as name, stay.from_us
  from group_stays stay left join security_names named
    on named.security_id = stay.security_id and ${during('$2', 'named.')}
  where stay.group_name = $1 and ${during('$2', 'stay.')}
  order by name collate "C", stay.security_id collate "C"`;

/** One statement each, however many there are: a first start knows ten thousand. */
async function introduce(sql: Statements, securities: readonly Listing[]): Promise<Decided<void>> {
  const given = JSON.stringify(securities);
  await sql.query('lock table security_names in share row exclusive mode');
  const [other] = await sql.query(
    `select given."securityId" as id from ${LISTINGS}
     join securities known on known.security_id = given."securityId"
     where (known.asset_class, known.listed_us) <> (given."assetClass", given."fromUs")
       or not exists (select from security_names first where first.security_id = known.security_id
         and first.from_us = given."fromUs" and first.name = given.name)
     limit 1`,
    [given],
  );
  if (other !== undefined) {
    return refused('IDENTITY_REUSED', `security ${other['id']} is known, and listed otherwise`);
  }
  const made = await sql.query(
    `insert into securities (security_id, asset_class, listed_us)
     select "securityId", "assetClass", "fromUs" from ${LISTINGS}
     on conflict (security_id) do nothing returning security_id`,
    [given],
  );
  await sql.query(
    `insert into security_names (security_id, name, from_us, reason)
     select distinct "securityId", name, "fromUs", 'listed' from ${LISTINGS}
     where "securityId" in (select json_array_elements_text($2::json))`,
    [given, JSON.stringify(made.map((row) => text(row, 'security_id')))],
  );
  return done(undefined);
}

const LISTINGS = `json_to_recordset($1::json)
  as given("securityId" text, name text, "assetClass" text, "fromUs" bigint)`;

async function rename(sql: Statements, change: Rename): Promise<Decided<void>> {
  const { securityId, name, atUs, reason } = change;
  await sql.query('lock table security_names in share row exclusive mode');
  const latest = await latestName(sql, securityId);
  if (latest === undefined) return refused('UNKNOWN_ID', `no security ${securityId}`);
  if (latest.fromUs === atUs && latest.name === name) return done(undefined);
  const ended = await endName(sql, securityId, atUs, latest);
  if (ended.kind === 'refused') return ended;
  await sql.query(
    'insert into security_names (security_id, name, from_us, reason) values ($1, $2, $3, $4)',
    [securityId, name, atUs, reason],
  );
  return done(undefined);
}

/** A name that has ended may be followed by another, and not before its end. */
async function endName(
  sql: Statements,
  securityId: string,
  atUs: number,
  known?: NameSpan,
): Promise<Decided<void>> {
  const latest = known ?? (await latestName(sql, securityId));
  if (latest === undefined) return refused('UNKNOWN_ID', `no security ${securityId}`);
  if (latest.untilUs === undefined) {
    await sql.query(
      `update security_names set until_us = $2 where security_id = $1 and until_us is null`,
      [securityId, atUs],
    );
    return done(undefined);
  }
  if (atUs === latest.untilUs || (known !== undefined && atUs > latest.untilUs)) {
    return done(undefined);
  }
  return refused('TIME_BACKWARDS', `${latest.name} ended at ${latest.untilUs}, not at ${atUs}`);
}

async function latestName(sql: Statements, securityId: string): Promise<NameSpan | undefined> {
  const [row] = await sql.query(
    `${NAMES} where security_id = $1 order by from_us desc limit 1 for update`,
    [securityId],
  );
  return row === undefined ? undefined : nameSpan(row);
}

function nameSpan(row: SqlRow): NameSpan {
  return {
    securityId: text(row, 'security_id'),
    name: text(row, 'name'),
    fromUs: whole(row, 'from_us'),
    ...maybe(row, 'until_us', whole, 'untilUs'),
  };
}

function member(row: SqlRow): Member {
  return {
    securityId: text(row, 'security_id'),
    name: text(row, 'name'),
    fromUs: whole(row, 'from_us'),
  };
}

function stay(row: SqlRow): Stay {
  return {
    group: text(row, 'group_name'),
    fromUs: whole(row, 'from_us'),
    ...maybe(row, 'until_us', whole, 'untilUs'),
    enterReason: text(row, 'enter_reason'),
    ...maybe(row, 'leave_reason', text, 'leaveReason'),
  };
}
