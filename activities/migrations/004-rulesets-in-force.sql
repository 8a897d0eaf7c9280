-- Who put a ruleset in force; empty for those published before anybody was asked.
alter table publications add column author text not null default '';

-- The terms an agreement was signed with: the floor of every later change. Those signed earlier have the terms of
-- their first plan instead.
alter table agreements add column signed_terms jsonb;

alter table plans add column planned_at timestamptz not null default now();

-- A running year is told that the rules have changed.
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in ('start', 'contract-changed', 'terms-changed'));
