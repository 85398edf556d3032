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
