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
