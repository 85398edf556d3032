import type { SessionRange, SessionRegistry } from '../../ports/relational/sessions.ts';
import type { SessionDescription } from '../../ports/session-reader.ts';
import type { Database, SqlRow, SqlValue } from './database.ts';
import { decide, done, refused } from './decide.ts';
import { LIST_MAX, maybe, oneOf, text, truth, whole } from './row-values.ts';

export function sessionRegistry(database: Database): SessionRegistry {
  return {
    record: (session) =>
      decide(database, {}, async (sql) => {
        await sql.query(INSERT, valuesOf(session));
        const [row] = await sql.query(`${SELECT} where session_id = $1 for update`, [
          session.sessionId,
        ]);
        const { ended, ...began } = session;
        const { ended: knownEnd, ...knownStart } = describe(row ?? {});
        if (!isSame(began, knownStart)) {
          const reason = `session ${session.sessionId} is known, and began otherwise`;
          return refused('IDENTITY_REUSED', reason);
        }
        if (ended === undefined || isSame(ended, knownEnd ?? {})) return done(undefined);
        if (knownEnd !== undefined) {
          const reason = `session ${session.sessionId} is known, and ended otherwise`;
          return refused('IDENTITY_REUSED', reason);
        }
        await sql.query(END, [session.sessionId, ended.reason, ended.records, ended.decisionHash]);
        return done(undefined);
      }),
    async list(range = {}) {
      const rows = await database.query(LIST, rangeValues(range));
      return rows.map(describe).toReversed();
    },
    async find(sessionId) {
      const rows = await database.query(
        `${SELECT} where session_id = $1 or starts_with(session_id, $1)
         order by session_id <> $1 limit 2`,
        [sessionId],
      );
      const [first] = rows;
      if (first === undefined) return undefined;
      const isClear = rows.length === 1 || first['session_id'] === sessionId;
      return isClear ? describe(first) : undefined;
    },
  };
}

const KINDS = ['demo', 'replay', 'trade'] as const;

const SELECT = 'select * from sessions';
const LIST = `${SELECT}
  where ($1::text is null or kind = $1) and ($2::bigint is null or started_us >= $2)
    and ($3::bigint is null or started_us < $3)
  order by started_us desc, session_id desc limit $4`;
const INSERT = `insert into sessions (session_id, kind, source, started_us, config_hash, build_id,
    node_major, is_history_given, is_live)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (session_id) do nothing`;
const END = `update sessions set end_reason = $2, end_records = $3, end_decision_hash = $4
  where session_id = $1`;

function valuesOf(session: SessionDescription): readonly SqlValue[] {
  return [
    session.sessionId,
    session.kind,
    session.source,
    session.startedUs,
    session.configHash,
    session.buildId,
    session.nodeMajor,
    session.isHistoryGiven,
    session.isLive,
  ];
}

function rangeValues({ kind, fromUs, untilUs, limit = LIST_MAX }: SessionRange): SqlValue[] {
  return [kind, fromUs, untilUs, limit];
}

function describe(row: SqlRow): SessionDescription {
  const isEnded = row['end_reason'] !== undefined;
  return {
    sessionId: text(row, 'session_id'),
    kind: oneOf(row, 'kind', KINDS),
    source: text(row, 'source'),
    startedUs: whole(row, 'started_us'),
    configHash: text(row, 'config_hash'),
    buildId: text(row, 'build_id'),
    nodeMajor: whole(row, 'node_major'),
    isHistoryGiven: truth(row, 'is_history_given'),
    ...maybe(row, 'is_live', truth, 'isLive'),
    ...(isEnded ? { ended: endOf(row) } : {}),
  };
}

function endOf(row: SqlRow): NonNullable<SessionDescription['ended']> {
  return {
    reason: text(row, 'end_reason'),
    records: whole(row, 'end_records'),
    decisionHash: text(row, 'end_decision_hash'),
  };
}

function isSame(given: object, known: object): boolean {
  const sorted = (value: object): string => JSON.stringify(Object.entries(value).toSorted());
  return sorted(given) === sorted(known);
}
