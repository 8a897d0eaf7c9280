-- Ordinary prices per hour that a manager approved at renewal, for the agreement year they begin with.
create table approved_prices (
  agreement text not null references agreements,
  year integer not null,
  -- Before discount, in hundredths of the contract's currency.
  price_minor integer not null check (price_minor >= 0),
  by text not null,
  as_of timestamptz not null,
  primary key (agreement, year)
);
