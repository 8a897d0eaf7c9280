-- What goes beyond the hour bank is ordered before it is charged: an order of the customer, what a manager decides after silence, or
-- hours taken from the next period. Each is an entry too, with its number; what it covers is derived.
alter table hour_entries drop constraint hour_entries_action_check, drop constraint hour_entries_check1,
  add constraint hour_entries_action_check
    check (action in ('use', 'grant', 'correction', 'undo', 'question', 'answer', 'order')),
  add check ((action in ('use', 'grant', 'order')) = (target is null)),
  add check (action <> 'order' or work_date is not null);

create table hour_orders (
  id text primary key references hour_entries,
  kind text not null check (kind in ('order', 'charge', 'waive', 'ahead')),
  -- The last day of work that it covers.
  until date not null
);
create trigger hour_orders_append_only before update or delete or truncate on hour_orders
  for each statement execute function refuse_ledger_change();

alter table hour_postings drop constraint hour_postings_account_check,
  add constraint hour_postings_account_check
    check (account in ('bank', 'used', 'expired', 'refunded', 'overage', 'waived', 'suspense') or account like 'grant:%');
