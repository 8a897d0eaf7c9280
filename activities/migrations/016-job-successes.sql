-- When a job last went well: its check is well also while it waits for the first report. Of jobs that reported before, what
-- is known is the last success, or when their check was last well.
alter table heartbeats add column succeeded_at timestamptz;
update heartbeats set succeeded_at = case when last_kind = 'success' then last_at else (
    select (state ->> 'lastGoodAt')::timestamptz from monitor_states
     where monitor_states.agreement = heartbeats.agreement and monitor_states.id = monitor) end
 where reports > 0;
