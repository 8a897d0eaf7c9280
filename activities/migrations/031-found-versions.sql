-- Versions that checks found of a contract's systems, components and integrations: a row for each time that one came, so that one that
-- came back after another is told too.
create table found_versions (
  agreement text not null references agreements,
  -- Id of the system, component or integration, and of the check that found its version.
  subject text not null,
  monitor text not null,
  version text not null,
  first_seen_at timestamptz not null,
  -- As of when it was last stored: while the check's state still has the version, its watch says when it last ran.
  last_seen_at timestamptz not null,
  primary key (agreement, subject, monitor, first_seen_at)
);
