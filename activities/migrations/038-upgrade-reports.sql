-- Reports of upgrades as they were made, in the languages of both sides. `of_year` is the year that the upgrade belongs to; the notice that
-- asked for it names it, so that a mail that is tried again carries the same file.

create table upgrade_reports (
  agreement text not null references agreements,
  of_year integer not null,
  version integer not null check (version > 0),
  language text not null,
  year integer not null,
  obligation text not null,
  step text not null,
  revision integer not null,
  made_at timestamptz not null,
  name text not null,
  content bytea not null,
  sha256 text not null,
  primary key (agreement, of_year, version, language),
  unique (agreement, year, obligation, step, revision, language)
);

-- A report holds names, and is kept as long as a statement: see 028.
create or replace function refuse_early_forgetting() returns trigger language plpgsql as $$
declare
  due boolean;
begin
  if tg_table_name = 'hour_statements' then
    due := is_statement_due(old.as_of);
  elsif tg_table_name = 'upgrade_reports' then
    due := is_statement_due(old.made_at);
  else
    select is_statement_due(as_of) into due from hour_statements where id = old.statement;
  end if;
  if not due then
    raise exception 'DELETE of % is refused: a statement is kept for seven years', tg_table_name using errcode = 'insufficient_privilege';
  end if;
  return old;
end $$;

create trigger upgrade_reports_append_only before update or delete or truncate on upgrade_reports
  for each statement execute function refuse_statement_change();
create trigger upgrade_reports_kept before delete on upgrade_reports
  for each row execute function refuse_early_forgetting();
