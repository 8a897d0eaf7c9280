-- When this database was restored from a back-up: all that was committed before `taken_at` is in it. `is_whole` says whether the
-- record outside of the database tells all that went out between the two; `record` is its folder.
create table restorations (
  id bigint generated always as identity primary key,
  taken_at timestamptz not null,
  restored_at timestamptz not null default now(),
  record text,
  is_whole boolean not null,
  by text not null
);

-- Mails that were handed to a mail server after the back-up was taken, by the record: `sent` was taken by it, of `sending` nobody knows,
-- and of `settled` a person has said that it is to go out.
create table mails_before_restoration (
  key text primary key,
  state text not null check (state in ('sending', 'sent', 'settled')),
  subject text not null
);

-- Messages that the restored database lacked, and that a person had sent again.
create table messages_sent_again (
  id text primary key,
  agreement text not null,
  sent_at timestamptz not null default now()
);
