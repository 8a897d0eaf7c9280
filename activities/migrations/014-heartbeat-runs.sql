-- Runs of a job that named themselves and have not ended: name and start, in milliseconds since 1970.
alter table heartbeats add column runs jsonb;
