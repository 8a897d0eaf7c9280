-- The customer's tests case by case: their texts, who tests, pictures, and which results an approval stands for.

-- Texts of the cases that a plan names, as people are shown them; a running year needs the ids alone.
alter table plans add column test_cases jsonb;

alter table upgrade_parts add column not_applicable boolean not null default false;
-- It failed, and the customer is asked to test it again.
alter table upgrade_parts add column retest boolean not null default false;
-- Of a decision: the hash of the results that it stands for.
alter table upgrade_parts add column shown text;

-- Whom the customer's system owner has invited to test. They are no contacts of the contract.
create table testers (
  agreement text not null references agreements,
  -- The year that the upgrade belongs to.
  of_year integer not null,
  -- Counted within the agreement, never used again: `tester-1`.
  id text not null check (id ~ '^tester-[0-9]+$'),
  name text not null,
  email text not null,
  language text not null check (language in ('sv', 'en')),
  -- Ids of the processes that they test; empty: all.
  processes text[] not null default '{}',
  -- The contact who invited them.
  invited_by text not null,
  invited_at timestamptz not null,
  removed_at timestamptz,
  primary key (agreement, id)
);
create index testers_upgrade on testers (agreement, of_year);

-- Pictures that testers sent with a case; the message to the workflow carries the hash.
create table page_pictures (
  agreement text not null references agreements,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  media_type text not null,
  bytes bytea not null,
  -- The link it came by.
  link bigint references page_links,
  at timestamptz not null,
  primary key (agreement, sha256)
);
create trigger page_pictures_append_only before update or delete or truncate on page_pictures
  for each statement execute function refuse_ledger_change();
