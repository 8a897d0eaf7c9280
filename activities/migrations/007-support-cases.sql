-- Support cases as the help desk's system knows them, imported from its files.
create table support_cases (
  agreement text not null references agreements,
  -- The help desk's own number.
  reference text not null,
  title text not null,
  category text not null check (category in ('incident', 'question', 'request', 'other')),
  state text not null check (state in ('open', 'waiting', 'closed')),
  opened_on date not null,
  closed_on date check (closed_on >= opened_on),
  -- Time spent in hundredths of an hour; told, not booked.
  hours integer check (hours >= 0),
  -- What was done.
  resolution text,
  imported_at timestamptz not null default now(),
  primary key (agreement, reference),
  check ((state = 'closed') = (closed_on is not null))
);
create index support_cases_reference on support_cases (reference);
