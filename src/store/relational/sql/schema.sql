-- The tables of the registries, migration by migration: an empty database is given all of them, one
-- of an earlier build those it lacks. What stands below is never changed, only added to.

-- migration 0001-sessions-and-symbols

-- Times are microseconds UTC in columns that end in _us; until is exclusive, and null while it lasts.

create table sessions (
  session_id text primary key check (session_id <> ''),
  kind text not null check (kind in ('demo', 'replay', 'trade')),
  source text not null,
  started_us bigint not null,
  config_hash text not null,
  build_id text not null,
  node_major integer not null,
  is_history_given boolean not null,
  is_live boolean,
  end_reason text,
  end_records bigint,
  end_decision_hash text,
  constraint session_end_is_whole check (
    num_nulls(end_reason, end_records, end_decision_hash) in (0, 3)
  )
);
create index sessions_by_start on sessions (started_us, session_id);

create table securities (
  security_id text primary key check (security_id <> ''),
  asset_class text not null check (asset_class in ('equity', 'fund', 'index', 'crypto', 'option')),
  listed_us bigint not null
);

create table security_names (
  security_id text not null references securities,
  name text not null check (name <> ''),
  from_us bigint not null,
  until_us bigint,
  reason text not null,
  primary key (security_id, from_us),
  constraint name_ends_after_it_began check (until_us > from_us)
);
create unique index one_name_at_a_time on security_names (security_id) where until_us is null;
create unique index one_bearer_at_a_time on security_names (name) where until_us is null;
create index security_names_by_name on security_names (name, from_us);

-- The indexes guard what is open; this guards the past, which a late correction could overlap.
create function refuse_name_overlap() returns trigger language plpgsql as $$
begin
  if exists (
    select from security_names other
    where (other.security_id = new.security_id or other.name = new.name)
      and (other.security_id, other.from_us) <> (new.security_id, new.from_us)
      and other.from_us < coalesce(new.until_us, 9223372036854775807)
      and new.from_us < coalesce(other.until_us, 9223372036854775807)
  ) then
    raise exception 'the name % overlaps another in time', new.name
      using errcode = '23P01', constraint = 'names_do_not_overlap';
  end if;
  return new;
end $$;
create trigger names_do_not_overlap before insert or update on security_names
  for each row execute function refuse_name_overlap();

create table group_stays (
  security_id text not null references securities,
  group_name text not null check (group_name <> ''),
  from_us bigint not null,
  until_us bigint,
  enter_reason text not null,
  leave_reason text,
  primary key (group_name, security_id, from_us),
  constraint stay_ends_after_it_began check (until_us > from_us),
  constraint stay_end_is_whole check ((until_us is null) = (leave_reason is null))
);
create unique index one_stay_at_a_time on group_stays (group_name, security_id)
  where until_us is null;
create index group_stays_by_security on group_stays (security_id, from_us);

-- Enters or leaves; answers why not, and null where it is done or was done before.
create function move_member(security text, grp text, direction text, at_us bigint, why text)
returns text language plpgsql as $$
declare
  latest group_stays;
begin
  if not exists (select from securities where security_id = security) then
    return 'UNKNOWN_ID';
  end if;
  select * into latest from group_stays
    where group_name = grp and security_id = security order by from_us desc limit 1 for update;
  if direction = 'enter' then
    if latest.from_us = at_us then return null; end if;
    if latest.from_us is not null and latest.until_us is null then
      return case when at_us < latest.from_us then 'TIME_BACKWARDS' else 'STATUS_FORBIDS' end;
    end if;
    if at_us < latest.until_us then return 'TIME_BACKWARDS'; end if;
    insert into group_stays (security_id, group_name, from_us, enter_reason)
      values (security, grp, at_us, why);
    return null;
  end if;
  if latest.until_us = at_us then return null; end if;
  if latest.from_us is null or latest.until_us is not null then return 'STATUS_FORBIDS'; end if;
  if at_us <= latest.from_us then return 'TIME_BACKWARDS'; end if;
  update group_stays set until_us = at_us, leave_reason = why
    where group_name = grp and security_id = security and from_us = latest.from_us;
  return null;
end $$;

-- In their order; stops at the first that is refused and answers its place and why.
create function move_members(moves json) returns table (place bigint, code text)
language plpgsql as $$
declare
  move record;
begin
  for move in
    select ordinality - 1 as place, value from json_array_elements(moves) with ordinality
  loop
    code := move_member(
      move.value ->> 'securityId', move.value ->> 'group', move.value ->> 'direction',
      (move.value ->> 'atUs')::bigint, move.value ->> 'reason'
    );
    if code is not null then
      place := move.place;
      return next;
      return;
    end if;
  end loop;
end $$;

create view current_names as
  select name, security_id, from_us, to_timestamp(from_us / 1e6) as since
  from security_names where until_us is null;

create view current_members as
  select stay.group_name, coalesce(named.name, stay.security_id) as name, stay.security_id,
    stay.from_us, to_timestamp(stay.from_us / 1e6) as since, stay.enter_reason
  from group_stays stay
  left join security_names named
    on named.security_id = stay.security_id and named.until_us is null
  where stay.until_us is null;

-- migration 0002-jobs

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

-- migration 0003-policies

create table policy_versions (
  name text not null check (name <> ''),
  version integer not null check (version >= 1),
  change_id text not null unique check (change_id <> ''),
  value json not null,
  changed_by text not null check (changed_by <> ''),
  reason text not null check (reason <> ''),
  from_us bigint not null,
  is_current boolean not null,
  primary key (name, version)
);
create unique index one_current_version_of_a_policy on policy_versions (name) where is_current;
create index policy_versions_by_time on policy_versions (name, from_us);

-- What was said is never said otherwise later: only which version is the current one may change.
create function keep_policy_history() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
    or (old.name, old.version, old.change_id, old.value::text, old.changed_by, old.reason,
        old.from_us)
      is distinct from (new.name, new.version, new.change_id, new.value::text, new.changed_by,
        new.reason, new.from_us)
  then
    raise exception 'versions of a policy are kept as they were'
      using errcode = '23514', constraint = 'policy_history_is_kept';
  end if;
  return new;
end $$;
create trigger policy_history_is_kept before update or delete on policy_versions
  for each row execute function keep_policy_history();

create view current_policies as
  select name, version, value, changed_by, reason, to_timestamp(from_us / 1e6) as since
  from policy_versions where is_current;

-- migration 0004-scans

create table scans (
  scan_id text primary key check (scan_id <> ''),
  scanner text not null check (scanner <> ''),
  session_id text,
  at_us bigint not null,
  took_us bigint not null check (took_us >= 0),
  considered integer not null check (considered >= 0),
  hits integer not null check (hits between 0 and considered)
);
create index scans_by_time on scans (at_us desc, scan_id);
create index scans_by_scanner on scans (scanner, at_us desc);

create table scan_hits (
  scan_id text not null references scans on delete cascade,
  rank integer not null check (rank >= 1),
  symbol text not null check (symbol <> ''),
  score double precision not null check (score - score = 0),
  detail json not null,
  primary key (scan_id, rank),
  unique (scan_id, symbol)
);
create index scan_hits_by_symbol on scan_hits (symbol);

-- migration 0005-models

create table model_artefacts (
  model_id text primary key check (model_id <> ''),
  type text not null check (type <> ''),
  version text not null check (version <> ''),
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  layout_hash text not null check (layout_hash ~ '^[0-9a-f]{16}$'),
  detail json not null,
  created_us bigint not null,
  status text not null default 'CANDIDATE'
    check (status in ('CANDIDATE', 'SHADOW', 'ACTIVE', 'RETIRED', 'ARCHIVED')),
  active_us bigint,
  retired_us bigint,
  unique (type, version),
  constraint active_since check (status <> 'ACTIVE' or active_us is not null),
  constraint retired_since check (
    (status in ('RETIRED', 'ARCHIVED')) = (retired_us is not null)
  )
);
create unique index one_active_model_of_a_type on model_artefacts (type) where status = 'ACTIVE';
create index model_artefacts_by_status on model_artefacts (status, type);

create table model_transitions (
  model_id text not null references model_artefacts,
  step integer not null,
  from_status text,
  to_status text not null,
  at_us bigint not null,
  changed_by text not null check (changed_by <> ''),
  reason text not null check (reason <> ''),
  primary key (model_id, step)
);

-- Judged at the end of the transaction, so that a successor may take over within it.
create function keep_a_model_active() returns trigger language plpgsql as $$
begin
  if not exists (select from model_artefacts where type = old.type and status = 'ACTIVE') then
    raise exception 'the last active model of type % needs a successor', old.type
      using errcode = '23514', constraint = 'active_model_has_a_successor';
  end if;
  return null;
end $$;
create constraint trigger active_model_has_a_successor
  after update or delete on model_artefacts deferrable initially deferred
  for each row when (old.status = 'ACTIVE') execute function keep_a_model_active();

create function add_model_transition(
  model text, was text, became text, moment bigint, author text, why text
) returns void language sql as $$
  insert into model_transitions (model_id, step, from_status, to_status, at_us, changed_by, reason)
  select model, coalesce(max(step), 0) + 1, was, became, moment, author, why
  from model_transitions where model_id = model
$$;

-- Their files may go; that they were, and what they did, stays known.
create function archive_retired_models(
  now_us bigint default (extract(epoch from now()) * 1000000)::bigint,
  days integer default 180
) returns integer language plpgsql as $$
declare
  model text;
  archived integer := 0;
begin
  for model in
    update model_artefacts set status = 'ARCHIVED'
    where status = 'RETIRED' and retired_us < now_us - days * 86400000000
    returning model_id
  loop
    perform add_model_transition(
      model, 'RETIRED', 'ARCHIVED', now_us, 'archive_retired_models',
      'retired for ' || days || ' days'
    );
    archived := archived + 1;
  end loop;
  return archived;
end $$;

create view active_models_summary as
  select type, model_id, version, digest, layout_hash, to_timestamp(active_us / 1e6) as since
  from model_artefacts where status = 'ACTIVE';

create view shadow_models_summary as
  select shadow.type, shadow.model_id, shadow.version, to_timestamp(shadow.created_us / 1e6) as made,
    active.model_id as beside
  from model_artefacts shadow
  left join model_artefacts active on active.type = shadow.type and active.status = 'ACTIVE'
  where shadow.status = 'SHADOW';
