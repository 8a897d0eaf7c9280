-- What was reported, in hundredths of an hour, where the terms round it down for `hours`; what a repeat is known by.
alter table hour_entries add column reported integer check (reported >= hours);
update hour_entries set reported = hours where kind = 'used';
