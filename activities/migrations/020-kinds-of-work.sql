-- A kind of work may count for more than its time, where the customer has signed that.
alter table hour_entries drop constraint hour_entries_check, add check (billable >= 0);
