-- What a person worked on a day is asked for over all agreements, with what was recorded about it.
create index hour_entries_day on hour_entries (work_date);
create index hour_entries_target on hour_entries (target);

-- Deliveries that started an agreement of which something is to be mended, until somebody is told.
create index deliveries_with_doubts on deliveries (id)
  where state = 'done' and result = 'started' and reasons <> '[]' and told_at is null;
