-- Monitoring: what is watched, how it is, what went wrong, who was told, and what the customers' jobs report.

-- One row for each check as contract and terms have it now.
create table monitors (
  agreement text not null references agreements,
  id text not null,
  customer text not null,
  -- `central` or a site's id, and which of its watches has it.
  place text not null,
  shard integer not null,
  -- `notSetUp`: agreed on, nothing to check yet; `notPossible`: cannot be run at the customer's, the reason is said.
  state text not null check (state in ('watched', 'notSetUp', 'notPossible')),
  -- A WatchedCheck: the check, its settings, the agreement's closed days.
  watched jsonb not null,
  configured_at timestamptz not null default now(),
  -- Somebody waits for a result that is newer than this.
  recheck_at timestamptz,
  primary key (agreement, id)
);
create index monitors_place on monitors (place, shard);

-- The last hard or soft change of each check; a healthy check is written once.
create table monitor_states (
  agreement text not null,
  id text not null,
  status text not null check (status in ('pending', 'ok', 'warning', 'down', 'unknown')),
  -- A CheckState.
  state jsonb not null,
  changed_at timestamptz not null default now(),
  primary key (agreement, id),
  foreign key (agreement, id) references monitors on delete cascade
);

-- Whoever watches a place says once a minute that it does, and when each check was last good.
create table watches (
  place text not null,
  shard integer not null,
  worker text not null,
  beat_at timestamptz not null,
  checks integer not null,
  -- Checks made in the last minute, and of them how many were not good.
  made integer not null default 0,
  bad integer not null default 0,
  -- `agreement/id` → [last result, last good one] as seconds since 1970.
  seen jsonb not null default '{}',
  primary key (place, shard)
);

create table incidents (
  id bigint generated always as identity primary key,
  agreement text not null references agreements,
  monitor text not null,
  -- `customer`: what is checked is not well; `ours`: the check could not be made.
  class text not null check (class in ('customer', 'ours')),
  severity text not null check (severity in ('down', 'warning', 'unknown', 'silent')),
  -- The first bad result, and when it had been bad often enough.
  since timestamptz not null,
  opened_at timestamptz not null,
  last_good_at timestamptz,
  -- Wording in both languages, and the beginning of the last answer.
  message jsonb not null,
  answer text,
  -- When it was last seen to be so.
  confirmed_at timestamptz not null,
  closed_at timestamptz,
  -- The mails about it: decided, not necessarily accepted by the mail server yet.
  told_at timestamptz,
  told_severity text,
  reminded_at timestamptz,
  escalated_at timestamptz,
  recovery_told_at timestamptz,
  -- Why it is not told now, if it is not: `parent:ID`, `pause`, `maintenance`, `upgrade`, `grace`, `site:ID`.
  suppressed text,
  taken_at timestamptz,
  taken_by text,
  mended_at timestamptz,
  mended_by text
);
create unique index incidents_open on incidents (agreement, monitor, class) where closed_at is null;
create index incidents_agreement on incidents (agreement, opened_at);
-- What may still have to be told.
create index incidents_attended on incidents (agreement)
  where closed_at is null or (told_at is not null and recovery_told_at is null);

-- Everything that happened to an incident, also what nobody was mailed about.
create table incident_log (
  id bigint generated always as identity primary key,
  incident bigint not null references incidents,
  at timestamptz not null,
  what text not null,
  detail jsonb not null default '{}'
);
create index incident_log_incident on incident_log (incident, id);

-- Mails to a support desk: decided together with what they note on their incidents, sent afterwards, once.
create table desk_mails (
  id bigint generated always as identity primary key,
  -- Address of the desk; a digest or a storm may concern several agreements.
  desk text not null,
  kind text not null,
  -- The agreement under which the mail is kept.
  agreement text not null references agreements,
  incidents bigint[] not null,
  -- What else it says, as kind and time ask for.
  detail jsonb not null default '{}',
  -- One decision of its kind: a digest's day, a month's list.
  once text unique,
  due_at timestamptz not null,
  decided_at timestamptz not null,
  sent_at timestamptz,
  recipient text not null
);
create index desk_mails_unsent on desk_mails (desk) where sent_at is null;

-- Watching that rests: from people's messages and links. Maintenance windows stand in the check, upgrades in the plan.
create table monitor_pauses (
  agreement text not null references agreements,
  -- A check, or `all`.
  monitor text not null,
  -- `signal`: the agreement's `monitoringPaused`; `desk`: support, from a mail or the monitoring's own page.
  source text not null check (source in ('signal', 'desk')),
  from_at timestamptz not null,
  until_at timestamptz not null,
  reason text,
  by text,
  primary key (agreement, monitor, source)
);

-- What the customers' jobs report. Tokens are kept as hashes only.
create table heartbeats (
  agreement text not null,
  monitor text not null,
  token_hash text not null unique,
  -- The next report is late after this instant, whatever restarts meanwhile.
  deadline_at timestamptz,
  last_at timestamptz,
  last_kind text check (last_kind in ('start', 'success', 'fail')),
  started_at timestamptz,
  exit_code integer,
  -- The beginning of what the last report carried.
  body text,
  reports bigint not null default 0,
  created_at timestamptz not null default now(),
  primary key (agreement, monitor)
);

-- Sites with a worker of their own.
create table sites (
  id text primary key,
  seen_at timestamptz,
  silent_since timestamptz,
  worker text
);

alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check
  check (kind in ('start', 'contract-changed', 'terms-changed', 'monitoring', 'watch'));

-- Agreements that run already are watched from now on.
insert into outbox (agreement, kind) select number, 'monitoring' from agreements where state <> 'ended';
