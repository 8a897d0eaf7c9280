-- The hour bank's ledger: facts only, append-only, in whole seconds. What rolled over, expired or went beyond the bank
-- is derived from them.
alter table hour_entries rename to hour_entries_before;
alter index hour_entries_ref rename to hour_entries_before_ref;
alter index hour_entries_once rename to hour_entries_before_once;
alter index hour_entries_year rename to hour_entries_before_year;
alter index hour_entries_pkey rename to hour_entries_before_pkey;

-- Hours given. Contracted hours, and those rolled in at a takeover, belong to their agreement year: its days are theirs.
create table hour_grants (
  id text primary key,
  agreement text not null references agreements,
  year integer,
  kind text not null check (kind in ('contracted', 'rolled', 'purchased', 'goodwill')),
  -- Below zero: an amendment takes contracted hours away.
  seconds integer not null check (seconds >= 0 or kind = 'contracted'),
  effective_from date,
  expires_on date check (expires_on > effective_from),
  recorded_at timestamptz not null,
  reason text,
  check (case when kind in ('contracted', 'rolled') then year is not null and effective_from is null and expires_on is null
              else effective_from is not null and expires_on is not null end)
);
create index hour_grants_agreement on hour_grants (agreement);

-- What was worked, and what was said of it later: a correction says what an entry is to be, an undo takes an entry or
-- a correction back.
create table hour_entries (
  id text primary key,
  agreement text not null references agreements,
  number integer not null,
  action text not null check (action in ('use', 'correction', 'undo')),
  target text references hour_entries,
  work_date date,
  service text,
  reported integer check (reported >= 0),
  billable integer check (billable between 0 and reported),
  recorded_at timestamptz not null,
  unique (agreement, number),
  check ((action = 'use') = (target is null)),
  check ((action = 'undo') = (reported is null)),
  check ((reported is null) = (billable is null)),
  check (action <> 'use' or work_date is not null)
);

-- What a reporter, a meeting or a cure calls an entry. Once the entry is undone, the same name may be given again.
create table hour_entry_refs (
  entry text primary key references hour_entries,
  ref text not null
);

-- What was written about an entry and who wrote it: can be blanked, the ledger cannot.
create table hour_entry_texts (
  entry text primary key references hour_entries,
  by text,
  by_assumed boolean not null default false,
  note text
);

insert into hour_grants (id, agreement, year, kind, seconds, recorded_at, reason)
select id, agreement, year, case kind when 'rolledIn' then 'rolled' else kind end, hours * 36, as_of, note
  from hour_entries_before e
 where kind = 'contracted'
    or kind = 'rolledIn' and not exists
       (select 1 from hour_entries_before b where b.agreement = e.agreement and b.year = e.year - 1 and b.kind = 'rolledOut');

-- What was reported counts in the year in which it was booked, also what came after its last day.
with years as (
  select distinct on (p.agreement, p.year) p.agreement, p.year, (p.plan ->> 'from')::date as first,
         least((p.plan ->> 'to')::date,
               (select (d.as_of at time zone 'Europe/Stockholm')::date from decisions d
                 where d.agreement = p.agreement and d.year = p.year and d.key = 'rollover' and (d.facts ->> 'ended')::boolean)) as next
    from plans p order by p.agreement, p.year, p.revision desc
), numbered as (
  select e.*, row_number() over (partition by e.agreement order by e.as_of, e.corrects nulls first, e.id) as number,
         sum(hours) over (partition by coalesce(e.corrects, e.id) order by e.as_of, e.corrects nulls first, e.id) as billable,
         sum(coalesce(reported, hours)) over (partition by coalesce(e.corrects, e.id) order by e.as_of, e.corrects nulls first, e.id) as so_far
    from hour_entries_before e where e.kind = 'used'
)
insert into hour_entries (id, agreement, number, action, target, work_date, service, reported, billable, recorded_at)
select n.id, n.agreement, n.number, case when n.corrects is null then 'use' else 'correction' end, n.corrects,
       case when n.corrects is not null then null
            when n.ref = 'takeover' and n.service = 'takeover' then y.first
            else greatest(y.first, least(y.next - 1, (n.as_of at time zone 'Europe/Stockholm')::date)) end,
       case when n.corrects is null then n.service end, n.so_far * 36, n.billable * 36, n.as_of
  from numbered n join years y on y.agreement = n.agreement and y.year = n.year
 order by n.corrects nulls first;

insert into hour_entry_texts (entry, by, by_assumed, note)
select id, by, by_assumed, note from hour_entries_before
 where kind = 'used' and id in (select id from hour_entries) and (by is not null or note is not null);

insert into hour_entry_refs (entry, ref)
select id, ref from hour_entries_before where kind = 'used' and ref is not null;

drop table hour_entries_before;

-- Nobody changes what stands in the ledger, the owner of its tables neither.
create function refuse_ledger_change() returns trigger language plpgsql as $$
begin
  raise exception '% of % is refused: the hour ledger is append-only', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger hour_grants_append_only before update or delete or truncate on hour_grants
  for each statement execute function refuse_ledger_change();
create trigger hour_entry_refs_append_only before update or delete or truncate on hour_entry_refs
  for each statement execute function refuse_ledger_change();
create trigger hour_entries_append_only before update or delete or truncate on hour_entries
  for each statement execute function refuse_ledger_change();
