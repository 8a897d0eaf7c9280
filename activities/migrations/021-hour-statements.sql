-- Hour statements as they were sent: a mail that is tried or sent again, and every other reader of it, has the same.
create table hour_statements (
  id bigint generated always as identity primary key,
  agreement text not null references agreements,
  year integer not null,
  -- What it is: the year's statements by their obligation, the final one and what corrects it under `close`.
  obligation text not null,
  corrects boolean not null,
  revision integer not null,
  version integer not null check (version > 0),
  -- The version whose place it takes; one of before this table has no row.
  supersedes integer check (supersedes < version),
  as_of timestamptz not null,
  -- What it tells: balance, lines with names, what differs from before.
  content jsonb not null,
  -- sha256 of the content as canonical JSON, hex.
  sha256 text not null,
  unique (agreement, year, obligation, version),
  unique (agreement, year, obligation, corrects, revision)
);

-- Its documents, made when the first reader of a language gets it.
create table hour_statement_files (
  statement bigint not null references hour_statements,
  language text not null check (language in ('sv', 'en')),
  name text not null,
  media_type text not null,
  content bytea not null,
  -- sha256 of the content, hex.
  sha256 text not null,
  primary key (statement, name)
);

create trigger hour_statements_append_only before update or delete or truncate on hour_statements
  for each statement execute function refuse_ledger_change();
create trigger hour_statement_files_append_only before update or delete or truncate on hour_statement_files
  for each statement execute function refuse_ledger_change();
