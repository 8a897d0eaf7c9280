-- The invoice basis: rows as they were exported. What has changed since is credited by rows of a later basis.

-- How many bases were numbered in a year: the numbers have no gaps and never come again.
create table invoice_counters (
  year integer primary key,
  last integer not null check (last > 0)
);

-- A month that was made up for an agreement, with something to invoice or without: what is new later is on the next one's basis.
create table invoice_months (
  agreement text not null references agreements,
  month text not null check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  made_at timestamptz not null,
  primary key (agreement, month)
);

create table invoice_bases (
  -- As U-2027-00042.
  number text primary key,
  agreement text not null,
  month text not null,
  -- The basis whose rows it credits; none for one that is to be invoiced.
  credits text references invoice_bases,
  issued_at timestamptz not null,
  currency text not null,
  -- Who is invoiced, as the contract said then: name, organisation number, number in the ERP, reference, cost centre.
  bill_to jsonb not null,
  foreign key (agreement, month) references invoice_months
);
create index invoice_bases_month on invoice_bases (month);
create index invoice_bases_agreement on invoice_bases (agreement);

create table invoice_rows (
  basis text not null references invoice_bases,
  row integer not null check (row > 0),
  -- What it is about; the same for the same thing in every basis.
  key text not null,
  kind text not null check (kind in ('instalment', 'amendment', 'purchase', 'overage', 'beyondPaid', 'refund', 'credit')),
  -- The row that it credits or pays back.
  of_basis text,
  of_row integer,
  year integer not null,
  -- The entry of the hour bank that it comes from.
  entry integer,
  from_day date not null,
  to_day date not null,
  seconds bigint not null,
  -- Minor units (öre), without VAT.
  price_minor bigint not null,
  amount_minor bigint not null check (amount_minor <> 0),
  article text not null,
  vat_code text not null,
  -- What the invoice says, in the customer's language.
  text text not null,
  primary key (basis, row),
  foreign key (of_basis, of_row) references invoice_rows,
  check ((of_basis is null) = (of_row is null)),
  check (kind not in ('credit', 'refund') or of_basis is not null)
);
-- A row is credited once.
create unique index invoice_rows_credited on invoice_rows (of_basis, of_row) where kind = 'credit';

-- The invoice that the ERP made of a basis, as the clerk reported it.
create table invoice_numbers (
  basis text primary key references invoice_bases,
  invoice text not null,
  invoiced_on date,
  by text not null,
  reported_at timestamptz not null
);

create trigger invoice_months_append_only before update or delete or truncate on invoice_months
  for each statement execute function refuse_ledger_change();
create trigger invoice_bases_append_only before update or delete or truncate on invoice_bases
  for each statement execute function refuse_ledger_change();
create trigger invoice_rows_append_only before update or delete or truncate on invoice_rows
  for each statement execute function refuse_ledger_change();
create trigger invoice_numbers_append_only before update or delete or truncate on invoice_numbers
  for each statement execute function refuse_ledger_change();

-- The mail about a month to our clerk: that it is made up is written down before it is sent.
create table invoice_mails (
  month text primary key,
  recipient text not null,
  -- Agreements that could not be made up, and why.
  failed jsonb not null,
  decided_at timestamptz not null default now(),
  -- Also where there was nothing to tell.
  sent_at timestamptz
);
