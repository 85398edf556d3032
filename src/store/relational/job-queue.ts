import type { Decided } from '../../ports/relational/decided.ts';
import type { Claim, Job, JobFailure, JobQueue, NewJob } from '../../ports/relational/jobs.ts';
import type { Database, SqlRow, SqlValue, Statements } from './database.ts';
import { decide, done, refused, type Rules } from './decide.ts';
import { LIST_MAX, maybe, oneOf, text, whole } from './row-values.ts';

export function jobQueue(database: Database): JobQueue {
  return {
    enqueue: (job) => decide(database, RULES, async (sql) => await enqueue(sql, job)),
    claim: ({ worker, kinds, nowUs, leaseUs }) =>
      database.transact(async (sql) => {
        await sql.query(GIVE_UP, [nowUs]);
        const [row] = await sql.query(CLAIM, [worker, JSON.stringify(kinds), nowUs, leaseUs]);
        return row === undefined ? undefined : jobOf(row);
      }),
    extend: (claim, untilUs) =>
      decide(database, {}, async (sql) => {
        const set = 'lease_until_us = $3';
        return await updateClaimed(sql, claim, { set, values: [untilUs], isSaid: () => false });
      }),
    complete: (claim, atUs, result) =>
      decide(database, {}, async (sql) => {
        const set = `state = 'done', ended_us = $3, result = $4, lease_until_us = null`;
        const isSaid = (job: Job): boolean => job.state === 'done' && job.result === result;
        return await updateClaimed(sql, claim, { set, values: [atUs, result], isSaid });
      }),
    fail: (claim, failure) => decide(database, {}, async (sql) => await fail(sql, claim, failure)),
    async find(jobId) {
      const [row] = await database.query('select * from jobs where job_id = $1', [jobId]);
      return row === undefined ? undefined : jobOf(row);
    },
    async list({ state, kind, limit = LIST_MAX } = {}) {
      const rows = await database.query(
        `select * from jobs
         where ($1::text is null or state = $1) and ($2::text is null or kind = $2)
         order by queued_us desc, job_id desc limit $3`,
        [state, kind, limit],
      );
      return rows.map(jobOf);
    },
  };
}

const RULES: Rules = {
  one_open_job_of_a_key: { code: 'KEY_BUSY', reason: 'an open job has that key' },
};

const ATTEMPTS_MAX = 3;

async function enqueue(sql: Statements, job: NewJob): Promise<Decided<Job>> {
  const wanted = valuesOf(job);
  const known = await sql.query('select * from jobs where job_id = $1', [job.jobId]);
  if (known.length === 0) {
    await sql.query(
      `insert into jobs (job_id, kind, payload, queued_us, not_before_us, priority, attempts_max,
         exclusive_key)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (job_id) do nothing`,
      wanted,
    );
  }
  const { jobId, kind, payload, queuedUs, key } = job;
  const [row] = await sql.query(
    `select *, exclusive_key is not distinct from $5
       and (kind, payload::text, queued_us) = ($2, $3, $4) as is_same
     from jobs where job_id = $1`,
    [jobId, kind, payload, queuedUs, key],
  );
  if (row?.['is_same'] !== 't') {
    return refused('IDENTITY_REUSED', `job ${job.jobId} is known, and is another`);
  }
  return done(jobOf(row));
}

function valuesOf(job: NewJob): readonly SqlValue[] {
  return [
    job.jobId,
    job.kind,
    job.payload,
    job.queuedUs,
    job.notBeforeUs ?? job.queuedUs,
    job.priority ?? 0,
    job.attemptsMax ?? ATTEMPTS_MAX,
    job.key,
  ];
}

/** Whoever had it is gone, and it has had all its attempts. */
const GIVE_UP = `
  update jobs set state = 'failed', ended_us = $1, lease_until_us = null,
    failure = 'the lease of the last attempt ran out'
  where job_id in (
    select job_id from jobs
    where state = 'running' and lease_until_us <= $1 and attempt >= attempts_max
    for update skip locked
  )`;

/** Two that ask at once get two: what another transaction has in hand is passed over. */
const CLAIM = `
  update jobs set state = 'running', worker = $1, attempt = attempt + 1,
    lease_until_us = $3::bigint + $4::bigint
  where job_id = (
    select job_id from jobs
    where kind in (select json_array_elements_text($2::json))
      and (
        (state = 'queued' and not_before_us <= $3)
        or (state = 'running' and lease_until_us <= $3 and attempt < attempts_max)
      )
    order by priority desc, not_before_us, queued_us, job_id
    limit 1 for update skip locked
  )
  returning *`;

interface ClaimedUpdate {
  readonly set: string;
  readonly values: readonly SqlValue[];
  /** It was done before, and the answer was lost. */
  readonly isSaid: (job: Job) => boolean;
}

async function updateClaimed(
  sql: Statements,
  { jobId, attempt }: Claim,
  { set, values, isSaid }: ClaimedUpdate,
): Promise<Decided<Job>> {
  const [row] = await sql.query(
    `update jobs set ${set} where job_id = $1 and attempt = $2 and state = 'running' returning *`,
    [jobId, attempt, ...values],
  );
  if (row !== undefined) return done(jobOf(row));
  const [other] = await sql.query('select * from jobs where job_id = $1', [jobId]);
  const job = other === undefined ? undefined : jobOf(other);
  if (job?.attempt === attempt && isSaid(job)) return done(job);
  return refused('CLAIM_LOST', `attempt ${attempt} of job ${jobId} is not the running one`);
}

async function fail(
  sql: Statements,
  claim: Claim,
  { atUs, failure, retryAtUs }: JobFailure,
): Promise<Decided<Job>> {
  // The attempts are its row's: an update reads and judges them in one.
  const isRetried = '$4::bigint is not null and attempt < attempts_max';
  const set = `failure = $5, lease_until_us = null,
     worker = case when ${isRetried} then null else worker end,
     state = case when ${isRetried} then 'queued' else 'failed' end,
     not_before_us = case when ${isRetried} then $4::bigint else not_before_us end,
     ended_us = case when ${isRetried} then null else $3::bigint end`;
  const isSaid = (job: Job): boolean => job.state !== 'done' && job.failure === failure;
  return await updateClaimed(sql, claim, { set, values: [atUs, retryAtUs, failure], isSaid });
}

const STATES = ['queued', 'running', 'done', 'failed'] as const;

function jobOf(row: SqlRow): Job {
  return {
    jobId: text(row, 'job_id'),
    kind: text(row, 'kind'),
    payload: text(row, 'payload'),
    queuedUs: whole(row, 'queued_us'),
    notBeforeUs: whole(row, 'not_before_us'),
    priority: whole(row, 'priority'),
    attemptsMax: whole(row, 'attempts_max'),
    ...maybe(row, 'exclusive_key', text, 'key'),
    state: oneOf(row, 'state', STATES),
    attempt: whole(row, 'attempt'),
    ...maybe(row, 'worker', text, 'worker'),
    ...maybe(row, 'lease_until_us', whole, 'leaseUntilUs'),
    ...maybe(row, 'ended_us', whole, 'endedUs'),
    ...maybe(row, 'result', text, 'result'),
    ...maybe(row, 'failure', text, 'failure'),
  };
}
