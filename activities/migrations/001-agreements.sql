-- Agreements, what they owe, what happened, and what was mailed.

create table agreements (
  number text primary key check (number ~ '^[a-z0-9-]{1,40}$'),
  state text not null default 'signed' check (state in ('signed', 'live', 'ended')),
  -- The contract as it is now: signed terms plus changes that need no signature. Holds names and addresses.
  contract jsonb not null,
  -- sha256 of the contract as it was signed, so that signing again is recognised.
  signed_hash text not null,
  year_number integer,
  recorded_at timestamptz not null default now()
);

create table contract_changes (
  id bigint generated always as identity primary key,
  agreement text not null references agreements,
  changes jsonb not null,
  from_date date not null,
  applied_at timestamptz,
  recorded_at timestamptz not null default now()
);

-- What has to be told to Temporal; written in the transaction of its cause, read by the dispatcher.
create table outbox (
  id bigint generated always as identity primary key,
  agreement text not null references agreements,
  kind text not null check (kind in ('start', 'contract-changed')),
  payload jsonb not null default '{}',
  due_at timestamptz not null default now(),
  attempts integer not null default 0,
  last_error text,
  done_at timestamptz,
  recorded_at timestamptz not null default now()
);
create index outbox_open on outbox (due_at) where done_at is null;
create index outbox_of_agreement on outbox (agreement, id) where done_at is null;

-- Rule files, immutable, by hash. The one published last is in force.
create table rulesets (
  hash text primary key,
  files jsonb not null
);
create table publications (
  id bigint generated always as identity primary key,
  hash text not null references rulesets,
  note text not null,
  published_at timestamptz not null default now()
);

-- What the rules decided, with everything needed to decide it again.
create table decisions (
  id bigint generated always as identity primary key,
  agreement text not null references agreements,
  year integer not null,
  key text not null,
  kind text not null,
  as_of timestamptz not null,
  ruleset_hash text not null,
  facts jsonb not null,
  matched jsonb not null,
  result jsonb not null,
  unique (agreement, year, key)
);

create table plans (
  agreement text not null references agreements,
  year integer not null,
  revision integer not null,
  plan jsonb not null,
  terms jsonb not null,
  as_of timestamptz not null,
  primary key (agreement, year, revision)
);

-- Projection of the running years: what is owed, by whom, by when, and how it went.
create table obligations (
  agreement text not null references agreements,
  year integer not null,
  id text not null,
  strand text not null,
  owner text not null,
  opens_at timestamptz not null,
  due_on date not null,
  due_at timestamptz not null,
  after text,
  revision integer not null,
  late boolean not null,
  state text not null default 'open' check (state in ('open', 'done', 'missed', 'cancelled')),
  closed_at timestamptz,
  closed_by text,
  note text,
  primary key (agreement, year, id)
);
create index obligations_due on obligations (due_at) where state = 'open';

-- The hour bank, append-only, in hundredths of an hour.
create table hour_entries (
  id text primary key,
  agreement text not null references agreements,
  year integer not null,
  kind text not null check (kind in ('contracted', 'rolledIn', 'used', 'rolledOut', 'expired')),
  hours integer not null check (hours >= 0),
  service text,
  note text,
  ref text,
  by text,
  by_assumed boolean not null default false,
  as_of timestamptz not null
);
create unique index hour_entries_ref on hour_entries (agreement, ref) where ref is not null;
create unique index hour_entries_once on hour_entries (agreement, year, kind) where kind <> 'used';
create index hour_entries_year on hour_entries (agreement, year);

-- One row for each mail that was ever to be sent, whatever became of it.
create table mails (
  key text primary key,
  agreement text not null references agreements,
  year integer not null,
  obligation text not null,
  step text not null,
  revision integer not null,
  contact text not null,
  template text not null,
  recipient text not null,
  subject text,
  message_id text not null,
  state text not null check (state in ('queued', 'sending', 'sent', 'refused', 'unknown', 'abandoned')),
  attempts integer not null default 0,
  error text,
  request jsonb not null,
  as_of timestamptz not null,
  changed_at timestamptz not null default now()
);
create index mails_year on mails (agreement, year);
create index mails_unsettled on mails (agreement) where state in ('unknown', 'refused', 'sending', 'queued');

-- What happened, in order, for the timeline: signals, phases, rejections, changes.
create table events (
  id text primary key,
  agreement text not null references agreements,
  year integer not null,
  at timestamptz not null,
  kind text not null,
  ref text not null,
  detail jsonb not null
);
create index events_year on events (agreement, year, at);

-- What somebody has to look at.
create table attention (
  agreement text not null references agreements,
  code text not null,
  subject text not null,
  detail text not null,
  raised_at timestamptz not null,
  cleared_at timestamptz,
  primary key (agreement, code, subject)
);

create table refused_addresses (
  email text primary key,
  reason text not null,
  refused_at timestamptz not null default now()
);
