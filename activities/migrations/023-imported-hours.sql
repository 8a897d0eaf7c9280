-- Files of a time system from which hours were booked: by which profile and whom, and who approved what needed a manager.
-- Names and the reason can be blanked.
create table hour_imports (
  id bigint generated always as identity primary key,
  profile text not null,
  file text not null,
  sha256 text not null,
  imported_by text not null,
  approved_by text,
  reason text,
  recorded_at timestamptz not null
);

-- What a row of a time system said when it was imported, and the entry that it booked or took time from; the newest of
-- a row counts. A row is known by a hash of what names it, so that no name stands where nothing can be blanked; of
-- several with one name by the order in which they came.
create table hour_import_rows (
  import bigint not null references hour_imports,
  profile text not null,
  name text not null,
  nth integer not null,
  line integer not null,
  entry text not null references hour_entries,
  -- A hash of what cannot be corrected: agreement, person and kind of work.
  booked_as text not null,
  work_date date not null,
  -- Below zero where the row took time from an entry that another row, or a person, had booked.
  seconds integer not null,
  takes boolean not null,
  primary key (profile, name, nth, import)
);
create index hour_import_rows_day on hour_import_rows (profile, work_date);
create index hour_import_rows_entry on hour_import_rows (entry);
create trigger hour_import_rows_append_only before update or delete or truncate on hour_import_rows
  for each statement execute function refuse_ledger_change();
