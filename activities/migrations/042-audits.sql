-- The daily audit: what should be, compared with what is.

-- When it was made. One row, once a process has begun one.
create table audits (
  one boolean primary key default true check (one),
  begun_at timestamptz not null,
  -- When the last complete one ended.
  ended_at timestamptz,
  -- Why the last one could not be completed.
  failed text
);

-- What the last complete one found.
create table audit_findings (
  -- A kind of `templates/words/audit-words.ts`, and what it is about.
  kind text not null,
  subject text not null,
  -- Nothing where it is about no agreement, or one that the ledger does not know.
  agreement text references agreements,
  -- In both languages.
  detail jsonb not null,
  found_at timestamptz not null,
  seen_at timestamptz not null,
  -- When it was decided to mail somebody about it.
  told_at timestamptz,
  primary key (kind, subject)
);
