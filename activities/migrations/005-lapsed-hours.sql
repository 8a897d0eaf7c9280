-- Hours rolled in that were not used by the day the terms let them lapse, within the year.
alter table hour_entries drop constraint hour_entries_kind_check;
alter table hour_entries add constraint hour_entries_kind_check
  check (kind in ('contracted', 'rolledIn', 'used', 'lapsed', 'rolledOut', 'expired'));
