-- Signed contracts as signing services deliver them, what became of them, and the papers that prove it.

-- The inbox: every delivery as it came, before it was answered. The same bytes again are counted, not kept twice.
create table deliveries (
  id bigint generated always as identity primary key,
  service text not null check (service in ('docusign', 'scrive', 'oneflow', 'signed')),
  received_at timestamptz not null default now(),
  last_received_at timestamptz not null default now(),
  times integer not null default 1,
  -- The headers that say whether it is genuine and how to read it; never others.
  headers jsonb not null,
  body bytea not null,
  -- sha256 of the body, hex.
  digest text not null,
  -- `received`: to be processed; `waiting`: for a person; `done`: nothing is left to do; `refused`: not genuine;
  -- `rejected`: by a person.
  state text not null check (state in ('received', 'waiting', 'done', 'refused', 'rejected')),
  -- How a done one ended: an agreement `started`, an `amendment` was proposed, the document was known (`duplicate`), or
  -- nothing was to be done (`recorded`: declined, voided, expired, under way).
  result text check (result in ('started', 'amendment', 'duplicate', 'recorded')),
  -- Why it is where it is: codes with what they are about, put into words where they are shown.
  reasons jsonb not null default '[]',
  -- The service's own id of the document, and what happened to it; known once it is read.
  document text,
  outcome text check (outcome in ('completed', 'declined', 'voided', 'expired', 'other')),
  agreement text references agreements,
  -- What the service's API answered, where a delivery alone is not believed.
  fetched bytea,
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  last_error text,
  processed_at timestamptz,
  -- When whoever handles it was mailed that it waits, and the reasons told: for others they are told again.
  told_at timestamptz,
  told_reasons jsonb,
  -- Who rejected it, or asked for another try.
  by text,
  unique (service, digest)
);
create index deliveries_due on deliveries (service, due_at) where state = 'received';
create index deliveries_state on deliveries (state, id);
create index deliveries_document on deliveries (service, document);

-- Documents that were signed: each belongs to one agreement, as what began it or what amends it.
create table signings (
  service text not null,
  document text not null,
  agreement text not null references agreements,
  kind text not null check (kind in ('original', 'amendment', 'copy')),
  delivery bigint not null references deliveries,
  title text,
  completed_at timestamptz,
  -- Name, address and time of each who signed.
  signers jsonb not null default '[]',
  -- The ruleset in force when it was processed.
  ruleset_hash text references rulesets,
  recorded_at timestamptz not null default now(),
  primary key (service, document)
);
create index signings_of_agreement on signings (agreement);

-- The signed papers: wanted until they are here.
create table signed_files (
  service text not null,
  document text not null,
  kind text not null check (kind in ('contract', 'certificate')),
  state text not null default 'wanted' check (state in ('wanted', 'kept', 'unavailable')),
  name text,
  media_type text,
  content bytea,
  -- sha256 of the content, hex.
  digest text,
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  last_error text,
  kept_at timestamptz,
  primary key (service, document, kind),
  foreign key (service, document) references signings
);
create index signed_files_wanted on signed_files (due_at) where state = 'wanted';

-- A contract signed later for an agreement that is there: in force only when a manager approves it.
create table amendments (
  id bigint generated always as identity primary key,
  agreement text not null references agreements,
  service text not null,
  document text not null,
  -- The contract as it shall be.
  contract jsonb not null,
  from_date date not null,
  state text not null default 'proposed' check (state in ('proposed', 'approved', 'rejected')),
  reason text,
  decided_at timestamptz,
  by text,
  change bigint references contract_changes,
  -- What it changes in the contract that stood when it came, each with the value before and after.
  changes jsonb not null default '[]',
  -- What was promised before it, where approving it replaced that.
  replaced_terms jsonb,
  replaced_ruleset text references rulesets,
  -- When the manager was mailed that it waits for an answer.
  told_at timestamptz,
  recorded_at timestamptz not null default now(),
  unique (service, document),
  foreign key (service, document) references signings
);
create index amendments_of_agreement on amendments (agreement);

alter table agreements
  -- The ruleset in force when it was signed.
  add column signed_ruleset text references rulesets,
  -- What was done before we took it over in the middle of a year.
  add column takeover jsonb;

-- Mails about deliveries belong to no agreement.
alter table mails
  alter column agreement drop not null,
  alter column year drop not null;

-- Mails about deliveries that wait, settled before they are sent: an attempt that was cut short finds the same mail again.
create table signing_mails (
  id bigint generated always as identity primary key,
  name text not null,
  recipient text not null,
  deliveries bigint[] not null,
  decided_at timestamptz not null default now(),
  sent_at timestamptz
);
create index signing_mails_unsent on signing_mails (id) where sent_at is null;

-- A price that was signed: no other one is proposed for its year.
alter table approved_prices add column amendment bigint references amendments;

-- Hours that an amendment adds to a running year are entries of their own.
drop index hour_entries_once;
create unique index hour_entries_once on hour_entries (agreement, year, kind) where kind not in ('used', 'contracted');

-- Removing a delivery asks whether a signing came of it; figures ask how many amendments wait for an answer.
create index signings_of_delivery on signings (delivery);
create index amendments_proposed on amendments (id) where state = 'proposed';
