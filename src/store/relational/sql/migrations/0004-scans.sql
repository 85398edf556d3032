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
