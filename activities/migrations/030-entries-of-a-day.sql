-- What a person worked on a day is asked for over all agreements, with what was recorded about it.
create index hour_entries_day on hour_entries (work_date);
create index hour_entries_target on hour_entries (target);
