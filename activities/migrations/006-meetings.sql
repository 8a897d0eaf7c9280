-- Management meetings as people book and hold them, what was decided there, and what feeds the next agenda.

-- A meeting the customer did not want is no meeting that we missed.
alter table obligations drop constraint obligations_state_check;
alter table obligations add constraint obligations_state_check
  check (state in ('open', 'done', 'missed', 'cancelled', 'declined'));

-- One row for each meeting somebody did something about.
create table meetings (
  agreement text not null references agreements,
  year integer not null,
  id text not null,
  -- Set while it is booked, and after it was held.
  booked_at timestamptz,
  minutes integer,
  place text,
  -- How often it was moved, once booked.
  moves integer not null default 0,
  -- The customer has the invitation.
  invited_at timestamptz,
  held_on date,
  held_minutes integer,
  -- Ids of contacts and parties.
  participants jsonb not null default '[]',
  decisions jsonb not null default '[]',
  note text,
  primary key (agreement, year, id)
);

-- Who does what by when, as agreed at a meeting. Ids are unique within the agreement: `1`, `2`, ...
create table actions (
  agreement text not null references agreements,
  id text not null,
  year integer not null,
  meeting text not null,
  what text not null,
  -- A party, or a contact's id.
  owner text not null,
  due_on date not null,
  state text not null check (state in ('open', 'done', 'withdrawn')),
  changed_at timestamptz not null,
  primary key (agreement, id)
);

-- Proposed improvements; one comes back on the agenda until it is decided.
create table improvements (
  agreement text not null references agreements,
  id text not null,
  title text not null,
  -- Estimate in hundredths of an hour.
  hours integer,
  note text,
  state text not null check (state in ('proposed', 'accepted', 'rejected', 'done', 'withdrawn')),
  added_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (agreement, id)
);

-- What the consultant noted for the next meeting.
create table notes (
  agreement text not null references agreements,
  id text not null,
  kind text not null,
  text text not null,
  by text not null,
  at timestamptz not null,
  withdrawn boolean not null default false,
  primary key (agreement, id)
);

-- A correction is an entry of its own, of the difference, and names what it corrects.
alter table hour_entries add column corrects text references hour_entries;
alter table hour_entries drop constraint hour_entries_hours_check;
alter table hour_entries add constraint hour_entries_hours_check check (hours >= 0 or corrects is not null);
alter table hour_entries drop constraint hour_entries_check;
alter table hour_entries add constraint hour_entries_reported_check check (reported >= hours or corrects is not null);
