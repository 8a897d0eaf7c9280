-- An upgrade of the production begins and ends, is tried and decided about at a time. One that people have worked in since can be
-- restored by the customer's management: what was done since `lost_since` is lost.

alter table upgrade_parts add column moment timestamptz;

alter table upgrades drop constraint upgrades_state_check;
alter table upgrades add constraint upgrades_state_check
  check (state in ('postponed', 'rolledBack', 'restored', 'declined', 'noRelease'));
alter table upgrades add column lost_since timestamptz;
