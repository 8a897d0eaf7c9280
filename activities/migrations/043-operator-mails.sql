-- expand: the version before passes over all of it, and goes on with a table of mails about workflows of its own.

-- Hash of what a plan was asked for with, beside the instant: it tells a question that is asked again from another one.
alter table plans add column asked text;

-- Mails to whoever operates this: decided together with what they note, sent afterwards, once.
create table operator_mails (
  id bigint generated always as identity primary key,
  -- What it is about: `workflows` that are not well, an `audit`, the `record` outside of the database.
  kind text not null check (kind in ('workflows', 'audit', 'record')),
  name text not null,
  recipient text not null,
  -- What it tells, as it was then.
  content jsonb not null,
  -- Name of a mail that a version before decided on; the others' is made of their number.
  old_key text unique,
  decided_at timestamptz not null default now(),
  sent_at timestamptz
);
create index operator_mails_unsent on operator_mails (kind, id) where sent_at is null;

insert into operator_mails (kind, name, recipient, content, old_key, decided_at, sent_at)
select 'workflows', name, recipient, content, 'workflows/' || id || '/operator', decided_at, sent_at from sick_mails order by id;

-- Where the record outside of the database could not be written, by the machine and the folder.
create table record_troubles (
  place text primary key,
  why text not null,
  since timestamptz not null,
  healed_at timestamptz,
  -- Entries that the process which found it could not write.
  lost integer not null,
  -- What the last mail said of it, and when that was decided.
  told text check (told in ('failing', 'healed')),
  told_at timestamptz
);
