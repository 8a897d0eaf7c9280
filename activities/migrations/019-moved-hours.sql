-- Hours that a command changes: the agreement's run is told, and reads its balance anew.
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check
  (kind in ('start', 'contract-changed', 'terms-changed', 'monitoring', 'watch', 'digests', 'mail-returned', 'hours-changed'));

-- Hours that were booked on one agreement and are another's: the entry that took them back, and the one that books them.
create table hour_moves (
  taken_back text primary key references hour_entries,
  booked text not null unique references hour_entries,
  -- The entry that is moved.
  moved text not null references hour_entries,
  recorded_at timestamptz not null
);
create trigger hour_moves_append_only before update or delete or truncate on hour_moves
  for each statement execute function refuse_ledger_change();
