-- Readers of digests. Each has a workflow that wakes when one of them may be due.
create table digest_clocks (
  -- `consultant-<id>`, `manager-<fingerprint of the address>`, or `agreement-<number>` for a consultant without an id.
  reader text primary key,
  -- Digests until this instant are seen to: what was due before is not sent any more.
  told_until timestamptz not null,
  recorded_at timestamptz not null default now()
);

alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check
  (kind in ('start', 'contract-changed', 'terms-changed', 'monitoring', 'watch', 'digests', 'mail-returned'));

-- A manager's agreements are found by the addresses that are in use.
drop index agreements_manager;
create index agreements_manager on agreements ((contract #>> '{contacts,manager,email}'));

-- The readers of the agreements that run.
with read as (
  select number, case when to_whom = 'manager'
                      then 'manager-' || left(encode(sha256(convert_to(
                             lower(contract #>> '{contacts,manager,email}'), 'UTF8')), 'hex'), 16)
                      else coalesce('consultant-' || (contract #>> '{contacts,consultant,id}'), 'agreement-' || number)
                 end as reader
    from agreements cross join (values ('consultant'), ('manager')) as parties (to_whom)
         join lateral (select terms from plans where agreement = number and year = year_number
                        order by revision desc limit 1) as newest on true
   where state = 'live' and terms #>> array['notices', 'digests', to_whom] <> 'never'
), clocks as (
  insert into digest_clocks (reader, told_until) select distinct reader, now() from read
)
insert into outbox (agreement, kind, payload)
select min(number), 'digests', jsonb_build_object('reader', reader) from read group by reader;
