-- Personal pages: links in mails, what was done by them, and the codes that are mailed for what a link alone may not do.

-- A link's token carries the same, signed; the row says whom it went to and whether it holds still.
create table page_links (
  id bigint generated always as identity primary key,
  agreement text not null references agreements,
  -- The one it was mailed to: a customer's contact by id, or `support`, `manager`, `consultant`, and the address.
  contact text not null,
  recipient text not null,
  -- They got it for one of these roles; empty where none was asked for.
  roles text[] not null default '{}',
  purpose text not null,
  -- What it is about: `incident/12`, `statement/3`.
  subject text not null,
  language text not null check (language in ('sv', 'en')),
  -- Key of the mail that it stands in: written again, the mail has the same link.
  mail text not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text,
  unique (mail, purpose, subject)
);
create index page_links_agreement on page_links (agreement, id);

-- Who did what: opened, a code mailed, mistyped or entered, what the page is for, revoked.
create table page_events (
  id bigint generated always as identity primary key,
  -- None for alert links of before 0.3.0, which had no row.
  link bigint references page_links,
  event text not null,
  at timestamptz not null,
  details jsonb not null default '{}',
  -- The form it was sent by: sent again, it does nothing and is answered the same.
  form text unique
);
create index page_events_link on page_events (link, event, at);
create trigger page_events_append_only before update or delete or truncate on page_events
  for each statement execute function refuse_ledger_change();

-- Codes by mail, as keyed hashes.
create table page_codes (
  id bigint generated always as identity primary key,
  link bigint not null references page_links,
  hash text,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  used_at timestamptz
);
create index page_codes_link on page_codes (link, id);

-- What people say on a page, to the agreement's workflow.
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check
  (kind in ('start', 'contract-changed', 'terms-changed', 'monitoring', 'watch', 'digests', 'mail-returned', 'hours-changed', 'page'));
