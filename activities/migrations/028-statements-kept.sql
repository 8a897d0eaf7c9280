-- A statement holds names, so it has its own time to be kept: seven years after the calendar year in which it was sent, as accounts are. Then
-- it is forgotten; whatever else would change it is refused as before.
create function is_statement_due(as_of timestamptz) returns boolean language sql stable as $$
  select date_trunc('year', as_of at time zone 'Europe/Stockholm') + interval '8 years' <= now() at time zone 'Europe/Stockholm'
$$;

create function refuse_statement_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('serviceavtal.forgets', true) = 'statements' then
    return null;
  end if;
  raise exception '% of % is refused: the hour ledger is append-only', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

create function refuse_early_forgetting() returns trigger language plpgsql as $$
declare
  due boolean;
begin
  if tg_table_name = 'hour_statements' then
    due := is_statement_due(old.as_of);
  else
    select is_statement_due(as_of) into due from hour_statements where id = old.statement;
  end if;
  if not due then
    raise exception 'DELETE of % is refused: a statement is kept for seven years', tg_table_name using errcode = 'insufficient_privilege';
  end if;
  return old;
end $$;

drop trigger hour_statements_append_only on hour_statements;
drop trigger hour_statement_files_append_only on hour_statement_files;
create trigger hour_statements_append_only before update or delete or truncate on hour_statements
  for each statement execute function refuse_statement_change();
create trigger hour_statement_files_append_only before update or delete or truncate on hour_statement_files
  for each statement execute function refuse_statement_change();
create trigger hour_statements_kept before delete on hour_statements
  for each row execute function refuse_early_forgetting();
create trigger hour_statement_files_kept before delete on hour_statement_files
  for each row execute function refuse_early_forgetting();
