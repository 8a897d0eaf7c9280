-- The annual upgrade part by part, and how each upgrade stands. An upgrade is named by the year it runs in: `upgrade` is the year's own,
-- `upgrade-1` the one that year 1 left unfinished.

alter table obligations drop constraint obligations_state_check;
alter table obligations add constraint obligations_state_check
  check (state in ('open', 'done', 'missed', 'cancelled', 'declined', 'carried'));

create table upgrade_parts (
  agreement text not null references agreements,
  year integer not null,
  upgrade text not null,
  phase text not null,
  part text not null,
  kind text not null,
  ok boolean not null,
  version_from text,
  version text,
  on_day date,
  contact text,
  note text,
  -- Who accepted that it failed or was never reported, and why.
  waived_by text,
  waived_reason text,
  reported_by text,
  at timestamptz not null,
  -- The year that the upgrade belongs to.
  of_year integer not null generated always as (case when upgrade = 'upgrade' then year else split_part(upgrade, '-', 2)::integer end) stored,
  primary key (agreement, year, upgrade, phase, part)
);

create table upgrades (
  agreement text not null references agreements,
  year integer not null,
  upgrade text not null,
  attempt integer not null default 1,
  state text check (state in ('postponed', 'rolledBack', 'declined', 'noRelease')),
  from_day date,
  reason text,
  by text,
  at timestamptz not null,
  of_year integer not null generated always as (case when upgrade = 'upgrade' then year else split_part(upgrade, '-', 2)::integer end) stored,
  primary key (agreement, year, upgrade)
);
