create table jobs (
  job_id text primary key check (job_id <> ''),
  kind text not null check (kind <> ''),
  payload json not null,
  queued_us bigint not null,
  not_before_us bigint not null,
  priority integer not null,
  attempts_max integer not null check (attempts_max between 1 and 1000),
  exclusive_key text,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  attempt integer not null default 0,
  worker text,
  lease_until_us bigint,
  ended_us bigint,
  result json,
  failure text,
  constraint running_has_a_lease check (
    (state = 'running') = (lease_until_us is not null)
    and (state <> 'running' or worker is not null)
  ),
  constraint ended_has_a_time check ((state in ('done', 'failed')) = (ended_us is not null))
);
create unique index one_open_job_of_a_key on jobs (exclusive_key)
  where exclusive_key is not null and state in ('queued', 'running');
create index jobs_that_wait on jobs (kind, priority desc, not_before_us, queued_us)
  where state = 'queued';
create index jobs_at_work on jobs (lease_until_us) where state = 'running';

create view open_jobs as
  select job_id, kind, state, attempt, worker, to_timestamp(queued_us / 1e6) as queued,
    to_timestamp(lease_until_us / 1e6) as lease_until
  from jobs where state in ('queued', 'running');
