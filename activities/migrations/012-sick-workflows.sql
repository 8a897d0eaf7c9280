-- Workflows that are not well, as the look at Temporal found them, and the cures under way.

-- When Temporal was looked at. One row, once a process has begun to look.
create table health_looks (
  one boolean primary key default true check (one),
  -- When a process began to look: its first look is not late before it could be made.
  begun_at timestamptz not null,
  looked_at timestamptz,
  -- When everything that should run was last compared with what does.
  compared_at timestamptz,
  -- Why the last look failed, and since when looks fail.
  failed text,
  failed_since timestamptz
);

create table sick_workflows (
  workflow_id text not null,
  -- `failing`: its tasks fail or time out; `ended`: it has ended and should not have; `missing`: it never ran, or is
  -- forgotten; `growing`: its history grows faster than it should, or is close to the server's limit.
  kind text not null check (kind in ('failing', 'ended', 'missing', 'growing')),
  -- Nothing for the watch of a place.
  agreement text references agreements,
  -- Why: a code, put into words where it is shown, and what the server or the workflow said.
  code text not null,
  detail text not null,
  run_id text,
  since timestamptz not null,
  seen_at timestamptz not null,
  healed_at timestamptz,
  -- How often it was brought back by itself, and when that was done last.
  tries integer not null default 0,
  tried_at timestamptz,
  -- What the last mail said of it, and when that was decided.
  told text check (told in ('sick', 'healed')),
  told_at timestamptz,
  primary key (workflow_id, kind)
);
create index sick_workflows_open on sick_workflows (agreement) where healed_at is null;

-- Mails to whoever operates this: decided together with what they note on the workflows, sent afterwards, once.
create table sick_mails (
  id bigint generated always as identity primary key,
  name text not null,
  recipient text not null,
  -- What it tells, as it was then.
  content jsonb not null,
  decided_at timestamptz not null default now(),
  sent_at timestamptz
);

-- A cure under way: written down before anything is done, so that a cure that was cut short can be finished.
create table cures (
  id text primary key,
  workflow_id text not null,
  -- The run that is left, and what replaces it: the task of it that is done again, or nothing where it starts anew.
  run_id text not null,
  task_event integer,
  -- Counts the runs that are begun: each has a name of its own.
  round integer not null,
  new_run_id text,
  -- The messages to send to it, in order, how many of them are sent, and those that are left out; see `Cure` in
  -- activities/cures.ts.
  messages jsonb not null,
  sent integer not null,
  dropped jsonb not null,
  begun_at timestamptz not null default now(),
  ended_at timestamptz
);
create unique index cures_open on cures (workflow_id) where ended_at is null;
