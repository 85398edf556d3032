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
