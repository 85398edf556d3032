import type { Decided } from '../../ports/relational/decided.ts';
import type {
  ScanFilter,
  ScanHit,
  ScanRecord,
  ScanRegistry,
  ScanSummary,
  SymbolHit,
} from '../../ports/relational/scans.ts';
import type { Database, SqlRow, SqlValue, Statements } from './database.ts';
import { decide, done, refused, type Rules } from './decide.ts';
import { double, LIST_MAX, maybe, text, whole } from './row-values.ts';

export function scanRegistry(database: Database): ScanRegistry {
  return {
    record: (scan) => decide(database, RULES, async (sql) => await recordScan(sql, scan)),
    async list(filter = {}) {
      const rows = await database.query(
        `select * from scans where ${FILTER} order by at_us desc, scan_id desc limit $4`,
        filterValues(filter),
      );
      return rows.map(summaryOf);
    },
    async find(scanId) {
      const [row] = await database.query('select * from scans where scan_id = $1', [scanId]);
      if (row === undefined) return undefined;
      const hits = await database.query(
        'select * from scan_hits where scan_id = $1 order by rank',
        [scanId],
      );
      return { ...summaryOf(row), found: hits.map(hitOf) };
    },
    async hitsOf(symbol, filter) {
      const rows = await database.query(
        `select * from scan_hits join scans using (scan_id) where symbol = $5 and ${FILTER}
         order by at_us desc, scan_id desc limit $4`,
        [...filterValues(filter), symbol],
      );
      return rows.map(symbolHit);
    },
  };
}

const RULES: Rules = {
  scan_hits_scan_id_symbol_key: { code: 'IDENTITY_REUSED', reason: 'a symbol is found twice' },
};

const FILTER = `($1::text is null or scanner = $1) and ($2::bigint is null or at_us >= $2)
  and ($3::bigint is null or at_us < $3)`;

function filterValues({ scanner, fromUs, untilUs, limit = LIST_MAX }: ScanFilter): SqlValue[] {
  return [scanner, fromUs, untilUs, limit];
}

async function recordScan(sql: Statements, scan: ScanRecord): Promise<Decided<void>> {
  const { scanId, scanner, sessionId, atUs, tookUs, considered, hits, found } = scan;
  if (hits !== found.length) {
    return refused(
      'STATUS_FORBIDS',
      `scan ${scanId} tells of ${hits} hits and has ${found.length}`,
    );
  }
  const values = [scanId, scanner, sessionId, atUs, tookUs, considered, hits];
  const made = await sql.query(
    `insert into scans (scan_id, scanner, session_id, at_us, took_us, considered, hits)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (scan_id) do nothing returning scan_id`,
    values,
  );
  if (made.length === 0) return await sameOrRefused(sql, scan);
  await sql.query(
    `insert into scan_hits (scan_id, rank, symbol, score, detail)
     select $1, ordinality, value ->> 'symbol', (value ->> 'score')::double precision,
       (value ->> 'detail')::json
     from json_array_elements($2::json) with ordinality`,
    [scanId, JSON.stringify(found)],
  );
  return done(undefined);
}

/** By what tells scans apart: the hits follow from it. */
async function sameOrRefused(sql: Statements, scan: ScanRecord): Promise<Decided<void>> {
  const rows = await sql.query(
    `select from scans
     where scan_id = $1 and (scanner, at_us, considered, hits) = ($2, $3, $4, $5)`,
    [scan.scanId, scan.scanner, scan.atUs, scan.considered, scan.hits],
  );
  if (rows.length > 0) return done(undefined);
  return refused('IDENTITY_REUSED', `scan ${scan.scanId} is known, and is another`);
}

function summaryOf(row: SqlRow): ScanSummary {
  return {
    scanId: text(row, 'scan_id'),
    scanner: text(row, 'scanner'),
    ...maybe(row, 'session_id', text, 'sessionId'),
    atUs: whole(row, 'at_us'),
    tookUs: whole(row, 'took_us'),
    considered: whole(row, 'considered'),
    hits: whole(row, 'hits'),
  };
}

function hitOf(row: SqlRow): ScanHit {
  return { symbol: text(row, 'symbol'), score: double(row, 'score'), detail: text(row, 'detail') };
}

function symbolHit(row: SqlRow): SymbolHit {
  return {
    ...hitOf(row),
    scanId: text(row, 'scan_id'),
    scanner: text(row, 'scanner'),
    atUs: whole(row, 'at_us'),
    rank: whole(row, 'rank'),
  };
}
