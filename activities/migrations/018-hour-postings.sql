-- The hour ledger's double entry: what the burn-down of all facts moves between accounts, posted as differences.
-- What an hour that was bought cost, in minor units (öre) without VAT.
alter table hour_grants add price_minor integer check (price_minor >= 0),
  add check ((price_minor is not null) = (kind = 'purchased'));

-- Hours that somebody gives are an entry too, with the id of their grant: it has a number, can be corrected and taken back.
alter table hour_entries drop constraint hour_entries_action_check, drop constraint hour_entries_check1,
  drop constraint hour_entries_check4,
  add check (action in ('use', 'grant', 'correction', 'undo')),
  add check ((action in ('use', 'grant')) = (target is null)),
  add check (action not in ('use', 'grant') or work_date is not null);

-- The manager who said yes to an entry that worsens what the customer was told.
alter table hour_entry_texts add approved_by text;

create table hour_transactions (
  -- Its agreement, what it is about, and how many there were about that: the same is posted once.
  id text primary key,
  agreement text not null references agreements,
  -- What it is about: hours given, a use on its day, the end of a grant.
  subject text not null,
  -- When it happened, and when that was recorded.
  business_date date not null,
  recorded_at timestamptz not null,
  -- The agreement year that it belongs to, and the open one in which it is posted.
  period integer not null,
  posted_in integer not null,
  -- What happened: 'planned', 'reported', 'lapse', 'close'.
  reason text not null,
  -- The transaction about the same that it changes.
  corrects text references hour_transactions
);
create index hour_transactions_agreement on hour_transactions (agreement);

create table hour_postings (
  transaction text not null references hour_transactions,
  account text not null check (account in ('bank', 'used', 'expired', 'overage', 'suspense') or account like 'grant:%'),
  seconds bigint not null,
  -- Minor units (öre), without VAT.
  minor bigint not null,
  primary key (transaction, account),
  check (seconds <> 0 or minor <> 0)
);

-- What is taken from one account is given to others, in seconds and in minor units.
create function refuse_unbalanced_postings() returns trigger language plpgsql as $$
declare
  off record;
begin
  select sum(seconds) as seconds, sum(minor) as minor into off from hour_postings where transaction = new.transaction;
  if off.seconds <> 0 or off.minor <> 0 then
    raise exception 'the postings of % are refused: expected sums of zero, found % seconds and % minor units',
      new.transaction, off.seconds, off.minor using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger hour_postings_add_up after insert on hour_postings
  deferrable initially deferred for each row execute function refuse_unbalanced_postings();

create trigger hour_transactions_append_only before update or delete or truncate on hour_transactions
  for each statement execute function refuse_ledger_change();
create trigger hour_postings_append_only before update or delete or truncate on hour_postings
  for each statement execute function refuse_ledger_change();
